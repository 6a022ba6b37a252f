import { Check } from 'lucide-react';
import { accountLimits } from '../../../shared/contract/account.js';
import { errorText, useMessages } from '../../i18n/language.js';
import { Button } from '../../ui/button.js';
import { TextAreaField } from '../../ui/field.js';
import { Spinner } from '../../ui/spinner.js';
import styles from './account.module.css';
import type { StoreChoice } from './use-store-choice.js';

interface StoreStepProps {
  readonly choice: StoreChoice;
  /** The host of the store that was used last. */
  readonly storeHost: string | null;
}

/** Where the account is kept: pasted once, then known. */
export function StoreStep({ choice, storeHost }: StoreStepProps) {
  const messages = useMessages();
  const { account: words } = messages;
  const { tested } = choice;
  const testing = tested.state === 'testing';
  if (choice.pasting && tested.state !== 'reached') {
    return (
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!testing) void choice.test();
        }}
      >
        <TextAreaField
          label={words.connectionString}
          hint={words.connectionHint}
          wrong={tested.state === 'failed' ? errorText(messages, tested.error) : null}
          placeholder="botchat://…"
          data-autofocus
          maxLength={accountLimits.connectionString}
          value={choice.text}
          onChange={(event) => {
            choice.type(event.target.value);
          }}
        />
        <div className={styles.submitRow}>
          <Button type="submit" look="primary" disabled={choice.text.trim() === ''} aria-disabled={testing}>
            {testing && <Spinner />}
            {testing ? words.testing : words.test}
          </Button>
          {storeHost !== null && <Button onClick={choice.useLast}>{words.keepStore(storeHost)}</Button>}
        </div>
      </form>
    );
  }
  const host = tested.state === 'reached' ? tested.store.host : (storeHost ?? '');
  return (
    <section aria-label={words.store}>
      <div className={styles.store}>
        <p role="status" className={styles.storeState}>
          {testing && <Spinner />}
          {tested.state === 'reached' && <Check size="1.125em" className={styles.check} aria-hidden />}
          <span>{tested.state === 'reached' ? words.reached(host) : words.use(host)}</span>
          {testing && <span className={styles.quiet}>{words.testing}</span>}
        </p>
        {tested.state === 'failed' && <Button onClick={() => void choice.test()}>{words.test}</Button>}
        <Button onClick={choice.pasteAnother}>{words.change}</Button>
      </div>
      {tested.state === 'failed' && (
        <p role="alert" className={styles.error}>
          {errorText(messages, tested.error)}
        </p>
      )}
    </section>
  );
}
