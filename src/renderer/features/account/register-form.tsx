import { accountLimits } from '../../../shared/contract/account.js';
import { useMessages } from '../../i18n/language.js';
import { useViewModel } from '../../view-model.js';
import { TextField } from '../../ui/field.js';
import { missing, newPasswordProblems } from './account-form.js';
import { Form, NewPassword, Submit } from './form-parts.js';
import { NameField } from './name-field.js';
import { useAccountAction } from './use-account-action.js';
import { useForm } from './use-form.js';
import type { WayProps } from './way-props.js';

interface RegisterFormProps extends WayProps {
  readonly inviteOnly: boolean;
}

/** Makes an account. Its recovery code is shown by a dialog of its own. */
export function RegisterForm({ connectionString, name, onName, inviteOnly }: RegisterFormProps) {
  const { account: words } = useMessages();
  const viewModel = useViewModel();
  const action = useAccountAction('register');
  // The store may have changed its mind since it was asked.
  const invited = inviteOnly || action.error?.code === 'account/bad-invitation';
  const form = useForm({ password: '', repeat: '', invitation: '' }, (entered) => ({
    ...missing({ name }),
    ...(invited ? missing({ invitation: entered.invitation }) : {}),
    ...newPasswordProblems(entered.password, entered.repeat),
  }));
  const { fields, set, wrong, isReady } = form;

  function register(): void {
    const { password, invitation } = fields;
    void viewModel.account.register({
      connectionString,
      name: name.trim(),
      password,
      invitation: invited ? invitation.trim() : null,
    });
  }

  return (
    <Form isReady={isReady} onSend={register}>
      <NameField value={name} wrong={wrong('name')} onName={onName} explained />
      <NewPassword label={words.password} form={form} />
      {invited && (
        <TextField
          label={words.invitation}
          hint={words.invitationHint}
          wrong={wrong('invitation')}
          maxLength={accountLimits.code}
          value={fields.invitation}
          onChange={(event) => {
            set('invitation')(event.target.value);
          }}
        />
      )}
      <Submit action={action} words={words.register} busyWords={words.registering} note={words.slowNote} />
    </Form>
  );
}
