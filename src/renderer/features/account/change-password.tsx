import { useState } from 'react';
import { useMessages } from '../../i18n/language.js';
import { useViewModel } from '../../view-model.js';
import { Button } from '../../ui/button.js';
import styles from './account.module.css';
import { missing, newPasswordProblems } from './account-form.js';
import { Form, NewPassword, Password, Submit } from './form-parts.js';
import { useAccountAction } from './use-account-action.js';
import { useForm } from './use-form.js';

/** Another password. The form is closed until it is wanted. */
export function ChangePassword() {
  const messages = useMessages();
  const { account: words } = messages;
  const viewModel = useViewModel();
  const action = useAccountAction('change-password');
  const [open, setOpen] = useState(false);
  const [ended, setEnded] = useState<number | null>(null);
  const form = useForm({ old: '', password: '', repeat: '' }, (entered) => ({
    ...missing({ old: entered.old }),
    ...newPasswordProblems(entered.password, entered.repeat),
  }));
  const { fields, set, wrong, isReady, clear } = form;

  function cancel(): void {
    clear();
    viewModel.account.forgetFailure();
    setOpen(false);
  }

  async function change(): Promise<void> {
    const others = await viewModel.account.changePassword({ oldPassword: fields.old, newPassword: fields.password });
    if (others === null) return;
    clear();
    setOpen(false);
    setEnded(others);
  }

  return (
    <section className={styles.part}>
      <h3 className={styles.title}>{words.changePassword}</h3>
      <p className={styles.hint}>{words.changeHint}</p>
      <p role="status" className={styles.good}>
        {ended !== null && !open && words.changed(ended)}
      </p>
      {open ? (
        <Form isReady={isReady} onSend={() => void change()}>
          <Password
            label={words.oldPassword}
            wrong={wrong('old')}
            autoComplete="current-password"
            autoFocus
            value={fields.old}
            onValue={set('old')}
          />
          <NewPassword label={words.newPassword} form={form} />
          <Submit
            action={action}
            words={words.changePassword}
            busyWords={words.changing}
            onCancel={cancel}
            note={words.slowNote}
            errorWords={(error) => (error.code === 'account/wrong-login' ? words.oldWrong : null)}
          />
        </Form>
      ) : (
        <Button
          className={styles.action}
          aria-expanded={false}
          onClick={() => {
            setOpen(true);
          }}
        >
          {words.changePassword}
        </Button>
      )}
    </section>
  );
}
