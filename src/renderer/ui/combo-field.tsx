import { useId, useState, type InputHTMLAttributes, type KeyboardEvent } from 'react';
import { classNames } from './class-names.js';
import styles from './combo-field.module.css';
import { Field, type FieldProps } from './field.js';
import fieldStyles from './field.module.css';
import { matchingOptions } from './matching-options.js';

interface ComboFieldProps
  extends Omit<FieldProps, 'wrong'>, Omit<InputHTMLAttributes<HTMLInputElement>, 'id' | 'value' | 'onChange' | 'list'> {
  /** Names the list for those who hear it. */
  readonly listLabel: string;
  readonly value: string;
  /** What may be chosen; anything else may be typed. */
  readonly options: readonly string[];
  readonly onValue: (value: string) => void;
}

/**
 * A labelled line of text with suggestions, after the combobox pattern of the ARIA Authoring Practices: they open with
 * a click, by typing, or with the arrow keys. Where nothing was typed since, all of them are shown.
 */
export function ComboField({ label, listLabel, hint, value, options, onValue, onFocus, ...rest }: ComboFieldProps) {
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const [typed, setTyped] = useState('');
  const shown = isOpen ? matchingOptions(options, typed) : [];

  function open(filter: string): void {
    setOpen(true);
    setTyped(filter);
    setActive(-1);
  }

  function choose(option: string): void {
    onValue(option);
    setOpen(false);
  }

  function move(step: number): void {
    if (!isOpen) open('');
    const count = isOpen ? shown.length : options.length;
    // From "none" the first is one step down, and the last one step up.
    if (count > 0) setActive(isOpen && active >= 0 ? (active + step + count) % count : step > 0 ? 0 : count - 1);
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return;
    const chosen = shown[active];
    if (event.key === 'ArrowDown') move(1);
    else if (event.key === 'ArrowUp') move(-1);
    else if (event.key === 'Enter' && chosen !== undefined) choose(chosen);
    else if (event.key === 'Escape' && shown.length > 0) setOpen(false);
    else return;
    // The caret stays, the form is not sent, and the dialog around it stays open.
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <Field label={label} id={id} {...(hint === undefined ? {} : { hint })}>
      <div className={styles.combo}>
        <input
          spellCheck={false}
          autoComplete="off"
          {...rest}
          id={id}
          role="combobox"
          aria-expanded={shown.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={shown[active] === undefined ? undefined : `${id}-${String(active)}`}
          aria-describedby={`${id}-note`}
          className={fieldStyles.input}
          value={value}
          onFocus={onFocus}
          onClick={() => {
            if (!isOpen) open('');
          }}
          onBlur={() => {
            setOpen(false);
          }}
          onKeyDown={onKeyDown}
          onChange={(event) => {
            onValue(event.target.value);
            open(event.target.value);
          }}
        />
        <ul id={`${id}-list`} role="listbox" aria-label={listLabel} hidden={shown.length === 0} className={styles.list}>
          {shown.map((option, index) => (
            <li
              key={option}
              id={`${id}-${String(index)}`}
              ref={(element) => {
                if (index === active) element?.scrollIntoView({ block: 'nearest' });
              }}
              role="option"
              aria-selected={index === active}
              className={classNames(styles.option, index === active && styles.active)}
              // The field keeps the focus.
              onMouseDown={(event) => {
                event.preventDefault();
                choose(option);
              }}
            >
              {option}
            </li>
          ))}
        </ul>
      </div>
    </Field>
  );
}
