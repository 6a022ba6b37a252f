import { useId, type InputHTMLAttributes, type ReactNode, type SelectHTMLAttributes } from 'react';
import styles from './field.module.css';

interface FieldProps {
  readonly label: string;
  readonly hint?: string;
  /** What is wrong with what was entered. */
  readonly wrong?: string | null;
}

function Field(props: FieldProps & { readonly id: string; readonly children: ReactNode }) {
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
