import { accountLimits } from '../../../shared/contract/account.js';
import { useMessages } from '../../i18n/language.js';
import { useViewModel } from '../../view-model.js';
import { TextField } from '../../ui/field.js';
import styles from './account.module.css';
import { missing, newPasswordProblems } from './account-form.js';
import { Form, NewPassword, Submit } from './form-parts.js';
import { NameField } from './name-field.js';
import { useAccountAction } from './use-account-action.js';
import { useForm } from './use-form.js';
import type { WayProps } from './way-props.js';

/** A new password by the recovery code, for somebody who forgot theirs. */
export function RecoverForm({ connectionString, name, fixedName, onName }: WayProps) {
  const { account: words } = useMessages();
  const viewModel = useViewModel();
  const action = useAccountAction('recover');
  const form = useForm({ recoveryCode: '', password: '', repeat: '' }, (entered) => ({
    ...missing({ name, recoveryCode: entered.recoveryCode }),
    ...newPasswordProblems(entered.password, entered.repeat),
  }));
  const { fields, set, wrong, isReady } = form;

  function recover(): void {
    const { recoveryCode, password } = fields;
    void viewModel.account.recover({
      connectionString,
      name: name.trim(),
      recoveryCode: recoveryCode.trim(),
      password,
    });
  }

  return (
    <Form isReady={isReady} onSend={recover}>
      <p className={styles.hint}>{words.recoverLead}</p>
      {!fixedName && <NameField value={name} wrong={wrong('name')} onName={onName} />}
      <TextField
        label={words.recoveryCode}
        hint={words.recoveryHint}
        wrong={wrong('recoveryCode')}
        maxLength={accountLimits.code}
        autoCapitalize="characters"
        value={fields.recoveryCode}
        onChange={(event) => {
          set('recoveryCode')(event.target.value);
        }}
      />
      <NewPassword label={words.newPassword} form={form} />
      <Submit action={action} words={words.recover} busyWords={words.recovering} note={words.slowNote} />
    </Form>
  );
}
