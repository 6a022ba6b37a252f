import { Eye, EyeOff } from 'lucide-react';
import {
  useId,
  useState,
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
} from 'react';
import { IconButton } from './button.js';
import { classNames } from './class-names.js';
import styles from './field.module.css';

export interface FieldProps {
  readonly label: string;
  readonly hint?: string;
  /** What is wrong with what was entered. */
  readonly wrong?: string | null;
}

/** A label, what it labels, and a note beneath. */
export function Field(props: FieldProps & { readonly id: string; readonly children: ReactNode }) {
  return (
    <div className={styles.field}>
      <label htmlFor={props.id} className={styles.label}>
        {props.label}
      </label>
      {props.children}
      {typeof props.wrong === 'string' ? (
        <p id={`${props.id}-note`} role="alert" className={styles.wrong}>
          {props.wrong}
        </p>
      ) : (
        props.hint !== undefined && (
          <p id={`${props.id}-note`} className={styles.hint}>
            {props.hint}
          </p>
        )
      )}
    </div>
  );
}

/** A labelled line of text. */
export function TextField({
  label,
  hint,
  wrong = null,
  ...rest
}: FieldProps & Omit<InputHTMLAttributes<HTMLInputElement>, 'id'>) {
  const id = useId();
  return (
    <Field label={label} wrong={wrong} id={id} {...(hint === undefined ? {} : { hint })}>
      <input
        spellCheck={false}
        autoComplete="off"
        {...rest}
        id={id}
        aria-invalid={wrong !== null}
        aria-describedby={`${id}-note`}
        className={styles.input}
      />
    </Field>
  );
}

/** A labelled choice out of many. */
export function SelectField({
  label,
  hint,
  ...rest
}: Omit<FieldProps, 'wrong'> & Omit<SelectHTMLAttributes<HTMLSelectElement>, 'id'>) {
  const id = useId();
  return (
    <Field label={label} id={id} {...(hint === undefined ? {} : { hint })}>
      <select {...rest} id={id} aria-describedby={`${id}-note`} className={styles.input} />
    </Field>
  );
}

interface PasswordFieldProps extends FieldProps, Omit<InputHTMLAttributes<HTMLInputElement>, 'id' | 'type'> {
  /** What the button beside it does. */
  readonly words: { readonly show: string; readonly hide: string };
}

/** A labelled password, which can be looked at. */
export function PasswordField({ label, hint, wrong = null, words, ...rest }: PasswordFieldProps) {
  const id = useId();
  const [shown, setShown] = useState(false);
  return (
    <Field label={label} wrong={wrong} id={id} {...(hint === undefined ? {} : { hint })}>
      <div className={styles.password}>
        <input
          spellCheck={false}
          autoCapitalize="off"
          {...rest}
          type={shown ? 'text' : 'password'}
          id={id}
          aria-invalid={wrong !== null}
          aria-describedby={`${id}-note`}
          className={styles.input}
        />
        <IconButton
          label={shown ? words.hide : words.show}
          onClick={() => {
            setShown(!shown);
          }}
        >
          {shown ? <EyeOff size="1.125em" aria-hidden /> : <Eye size="1.125em" aria-hidden />}
        </IconButton>
      </div>
    </Field>
  );
}

/** A labelled text of several lines. */
export function TextAreaField({
  label,
  hint,
  wrong = null,
  ...rest
}: FieldProps & Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'id'>) {
  const id = useId();
  return (
    <Field label={label} wrong={wrong} id={id} {...(hint === undefined ? {} : { hint })}>
      <textarea
        spellCheck={false}
        autoComplete="off"
        rows={3}
        {...rest}
        id={id}
        aria-invalid={wrong !== null}
        aria-describedby={`${id}-note`}
        className={classNames(styles.input, styles.area)}
      />
    </Field>
  );
}
