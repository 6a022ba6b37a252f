import type { ReactNode } from 'react';
import { accountLimits } from '../../../shared/contract/account.js';
import type { ErrorView } from '../../../shared/errors.js';
import { errorText, useMessages } from '../../i18n/language.js';
import { Button } from '../../ui/button.js';
import { PasswordField } from '../../ui/field.js';
import { Spinner } from '../../ui/spinner.js';
import styles from './account.module.css';
import type { AccountActionState } from './use-account-action.js';

interface FormProps {
  /** Whether it can be sent; from the first no on it is told what is wrong. */
  readonly isReady: () => boolean;
  readonly onSend: () => void;
  readonly children: ReactNode;
}

/** A form that leads to the first field in which something is wrong. */
export function Form({ isReady, onSend, children }: FormProps) {
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const form = event.currentTarget;
        if (isReady()) onSend();
        // By the next frame the fields are marked.
        else requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
      }}
    >
      {children}
    </form>
  );
}

interface SubmitProps {
  readonly action: AccountActionState;
  readonly words: string;
  readonly busyWords: string;
  readonly look?: 'primary' | 'danger' | 'plain';
  readonly onCancel?: () => void;
  /** Why it takes a moment. */
  readonly note?: string;
  /** Other words for some failures. */
  readonly errorWords?: (error: ErrorView) => string | null;
}

/**
 * The button that sends a form, with what came of it. While it works it keeps the focus and so is not disabled; the
 * store takes no second request.
 */
export function Submit({ action, words, busyWords, look = 'primary', onCancel, note, errorWords }: SubmitProps) {
  const messages = useMessages();
  const { busy, blocked, error } = action;
  return (
    <div className={styles.submit}>
      {error !== null && (
        <p role="alert" className={styles.error}>
          {errorWords?.(error) ?? errorText(messages, error)}
        </p>
      )}
      <div className={styles.submitRow}>
        <Button type="submit" look={look} aria-disabled={blocked}>
          {busy && <Spinner />}
          {busy ? busyWords : words}
        </Button>
        {onCancel !== undefined && !busy && <Button onClick={onCancel}>{messages.cancel}</Button>}
        <span role="status" className={styles.quiet}>
          {busy ? note : null}
        </span>
      </div>
    </div>
  );
}

/** The fields of a new password in a form's `useForm`, whatever else is in it. */
interface NewPasswordForm {
  readonly fields: Readonly<Record<'password' | 'repeat', string>>;
  readonly set: (field: 'password' | 'repeat') => (value: string) => void;
  readonly wrong: (field: 'password' | 'repeat') => string | null;
}

/** A new password, typed twice. */
export function NewPassword({ label, form }: { readonly label: string; readonly form: NewPasswordForm }) {
  const { account: words } = useMessages();
  const field = (name: 'password' | 'repeat') => ({
    wrong: form.wrong(name),
    autoComplete: 'new-password' as const,
    value: form.fields[name],
    onValue: form.set(name),
  });
  return (
    <div className={styles.pair}>
      <Password label={label} hint={words.passwordHint} {...field('password')} />
      <Password label={words.repeat} {...field('repeat')} />
    </div>
  );
}

interface PasswordProps {
  readonly label: string;
  readonly hint?: string;
  readonly wrong: string | null;
  readonly autoFocus?: boolean;
  /** Where a dialog begins. */
  readonly isFirst?: boolean;
  readonly autoComplete: 'current-password' | 'new-password';
  readonly value: string;
  readonly onValue: (value: string) => void;
}

/** A password with the words of this interface. */
export function Password({ onValue, isFirst = false, ...rest }: PasswordProps) {
  const { account: words } = useMessages();
  return (
    <PasswordField
      {...rest}
      words={{ show: words.showPassword, hide: words.hidePassword }}
      maxLength={accountLimits.password}
      {...(isFirst ? { 'data-autofocus': true } : {})}
      onChange={(event) => {
        onValue(event.target.value);
      }}
    />
  );
}
