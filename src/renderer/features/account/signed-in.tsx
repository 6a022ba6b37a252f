import { LogOut } from 'lucide-react';
import type { AccountView } from '../../../shared/contract/account.js';
import { errorText, useMessages } from '../../i18n/language.js';
import { useViewModel } from '../../view-model.js';
import { Button } from '../../ui/button.js';
import { classNames } from '../../ui/class-names.js';
import { Spinner } from '../../ui/spinner.js';
import styles from './account.module.css';
import { ChangePassword } from './change-password.js';
import { DeleteAccount } from './delete-account.js';
import { DeviceList } from './device-list.js';
import { useAccountAction } from './use-account-action.js';

interface SignedInProps {
  readonly account: NonNullable<AccountView['account']>;
  readonly view: AccountView;
  /** Changes that have not been sent. */
  readonly pending: number;
}

/** The account that is signed in, and what can be done with it. */
export function SignedIn({ account, view, pending }: SignedInProps) {
  const messages = useMessages();
  const { account: words } = messages;
  const viewModel = useViewModel();
  const signOut = useAccountAction('sign-out');
  return (
    <>
      <p className={styles.who}>{account.name}</p>
      {view.storeHost !== null && <p className={styles.hint}>{words.where(view.storeHost)}</p>}
      {view.sessionKept !== null && (
        <p className={classNames(styles.kept, view.sessionKept === 'session' && styles.forNow)}>
          {view.sessionKept === 'keyring' ? words.keptInKeyring : words.keptForSession}
        </p>
      )}
      <DeviceList />
      <ChangePassword />
      <section className={styles.part}>
        <h3 className={styles.title}>{words.signOut}</h3>
        <p className={styles.hint}>{words.signOutHint}</p>
        {pending > 0 && <p className={styles.hint}>{words.signOutPending(pending)}</p>}
        {signOut.error !== null && (
          <p role="alert" className={styles.error}>
            {errorText(messages, signOut.error)}
          </p>
        )}
        <Button
          className={styles.action}
          aria-disabled={signOut.blocked}
          onClick={() => {
            void viewModel.account.signOut();
          }}
        >
          {signOut.busy ? <Spinner /> : <LogOut size="1em" aria-hidden />}
          {signOut.busy ? words.signingOut : words.signOut}
        </Button>
      </section>
      <DeleteAccount name={account.name} />
    </>
  );
}
