import { useEffect, useRef, useState } from 'react';
import { errorText, useMessages } from '../../i18n/language.js';
import { useViewModel } from '../../view-model.js';
import { Button } from '../../ui/button.js';
import { Tabs } from '../../ui/tabs.js';
import styles from './account.module.css';
import { RecoverForm } from './recover-form.js';
import { RegisterForm } from './register-form.js';
import { SignInForm } from './sign-in-form.js';
import { StoreStep } from './store-step.js';
import { useAccountAction } from './use-account-action.js';
import { useStoreChoice } from './use-store-choice.js';

type Way = 'sign-in' | 'register' | 'recover';

interface SignedOutProps {
  readonly storeHost: string | null;
  /** The account whose session has ended; null where nobody is signed in. */
  readonly endedName: string | null;
}

/** The ways into an account: first where it is kept, then who one is. */
export function SignedOut({ storeHost, endedName }: SignedOutProps) {
  const messages = useMessages();
  const { account: words } = messages;
  const viewModel = useViewModel();
  const choice = useStoreChoice(storeHost);
  const [way, setWay] = useState<Way>('sign-in');
  const [name, setName] = useState(endedName ?? '');
  const signOut = useAccountAction('sign-out');
  const forms = useRef<HTMLDivElement>(null);
  const { chosen, connectionString } = choice;

  // Once a pasted store answers, the next thing to do is to say who one is.
  useEffect(() => {
    if (chosen && connectionString !== null) forms.current?.querySelector('input')?.focus();
  }, [chosen, connectionString]);

  const given = { connectionString, name, fixedName: endedName !== null, onName: setName };
  const tabs: readonly { readonly value: Way; readonly label: string }[] = [
    { value: 'sign-in', label: words.signIn },
    ...(endedName === null ? [{ value: 'register', label: words.register } as const] : []),
    { value: 'recover', label: words.recover },
  ];
  return (
    <>
      <p className={styles.hint}>{endedName === null ? words.lead : words.againLead}</p>
      <StoreStep choice={choice} storeHost={storeHost} />
      {chosen && (
        <div ref={forms} className={styles.ways}>
          <Tabs
            label={words.ways}
            tabs={tabs}
            value={way}
            onChange={(next) => {
              viewModel.account.forgetFailure();
              setWay(next);
            }}
          >
            {way === 'sign-in' && <SignInForm {...given} />}
            {way === 'register' && (
              <RegisterForm
                {...given}
                inviteOnly={choice.tested.state === 'reached' && choice.tested.store.inviteOnly}
              />
            )}
            {way === 'recover' && <RecoverForm {...given} />}
          </Tabs>
        </div>
      )}
      {endedName !== null && (
        <div className={styles.part}>
          {signOut.error !== null && (
            <p role="alert" className={styles.error}>
              {errorText(messages, signOut.error)}
            </p>
          )}
          <Button
            aria-disabled={signOut.blocked}
            onClick={() => {
              void viewModel.account.signOut({ stay: true });
            }}
          >
            {signOut.busy ? words.signingOut : words.other}
          </Button>
        </div>
      )}
    </>
  );
}
