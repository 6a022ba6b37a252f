import { useState } from 'react';
import { accountLimits } from '../../../shared/contract/account.js';
import { useMessages } from '../../i18n/language.js';
import { useViewModel } from '../../view-model.js';
import { Button } from '../../ui/button.js';
import { TextField } from '../../ui/field.js';
import styles from './account.module.css';
import { isSameName, missing } from './account-form.js';
import { Form, Password, Submit } from './form-parts.js';
import { useAccountAction } from './use-account-action.js';
import { useForm } from './use-form.js';

/** Deletes the account, asking twice: for its name, then for the password. */
export function DeleteAccount({ name }: { readonly name: string }) {
  const messages = useMessages();
  const { account: words } = messages;
  const viewModel = useViewModel();
  const action = useAccountAction('delete');
  const [step, setStep] = useState<'closed' | 'name' | 'password'>('closed');
  const [typed, setTyped] = useState('');
  const { fields, set, wrong, isReady, clear } = useForm({ password: '' }, missing);

  function cancel(): void {
    setTyped('');
    clear();
    viewModel.account.forgetFailure();
    setStep('closed');
  }

  return (
    <section className={styles.part}>
      <h3 className={styles.title}>{words.remove}</h3>
      <p className={styles.hint}>{words.removeHint}</p>
      {step === 'closed' && (
        <Button
          className={styles.action}
          aria-expanded={false}
          onClick={() => {
            setStep('name');
          }}
        >
          {words.removeStart}
        </Button>
      )}
      {step === 'name' && (
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            if (isSameName(typed, name)) setStep('password');
          }}
        >
          <TextField
            label={words.removeName(name)}
            autoFocus
            maxLength={accountLimits.name}
            value={typed}
            onChange={(event) => {
              setTyped(event.target.value);
            }}
          />
          <div className={styles.submitRow}>
            <Button onClick={cancel}>{messages.cancel}</Button>
            <Button type="submit" disabled={!isSameName(typed, name)}>
              {words.removeNext}
            </Button>
          </div>
        </form>
      )}
      {step === 'password' && (
        <Form isReady={isReady} onSend={() => void viewModel.account.delete(fields.password)}>
          <Password
            label={words.removePassword}
            wrong={wrong('password')}
            autoComplete="current-password"
            autoFocus
            value={fields.password}
            onValue={set('password')}
          />
          <Submit
            action={action}
            words={words.removeConfirm}
            busyWords={words.removing}
            look="danger"
            onCancel={cancel}
            note={words.slowNote}
            errorWords={(error) => (error.code === 'account/wrong-login' ? words.oldWrong : null)}
          />
        </Form>
      )}
    </section>
  );
}
