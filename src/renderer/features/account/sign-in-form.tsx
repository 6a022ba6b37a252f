import { useMessages } from '../../i18n/language.js';
import { useViewModel } from '../../view-model.js';
import { missing } from './account-form.js';
import { Form, Password, Submit } from './form-parts.js';
import { NameField } from './name-field.js';
import { useAccountAction } from './use-account-action.js';
import { useForm } from './use-form.js';
import type { WayProps } from './way-props.js';

/** Signs in to an account that there is. */
export function SignInForm({ connectionString, name, fixedName, onName }: WayProps) {
  const { account: words } = useMessages();
  const viewModel = useViewModel();
  const action = useAccountAction('sign-in');
  const { fields, set, wrong, isReady } = useForm({ password: '' }, (entered) => missing({ ...entered, name }));
  return (
    <Form
      isReady={isReady}
      onSend={() => {
        void viewModel.account.signIn({ connectionString, name: name.trim(), password: fields.password });
      }}
    >
      {!fixedName && <NameField value={name} wrong={wrong('name')} onName={onName} />}
      <Password
        label={words.password}
        wrong={wrong('password')}
        autoComplete="current-password"
        isFirst={fixedName}
        value={fields.password}
        onValue={set('password')}
      />
      <Submit action={action} words={words.signIn} busyWords={words.signingIn} note={words.slowNote} />
    </Form>
  );
}
