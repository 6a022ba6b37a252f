import { useRef, type KeyboardEvent } from 'react';
import styles from './segmented.module.css';

export interface SegmentedOption<T> {
  readonly value: T;
  readonly label: string;
  /** Said in place of the label where that is too short to be understood alone. */
  readonly hint?: string;
}

interface SegmentedProps<T> {
  readonly label: string;
  readonly options: readonly SegmentedOption<T>[];
  readonly value: T;
  readonly onChange: (value: T) => void;
}

/**
 * One choice out of a few, side by side. Buttons in the role of radio buttons, because Space on a real radio button
 * would be the browser's, and Space is the key to talk.
 */
export function Segmented<T extends string | number>({ label, options, value, onChange }: SegmentedProps<T>) {
  const group = useRef<HTMLDivElement>(null);

  function move(event: KeyboardEvent<HTMLDivElement>): void {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = options.findIndex((option) => option.value === value);
    const next = (at + step + options.length) % options.length;
    const option = options[next];
    if (option === undefined) return;
    onChange(option.value);
    group.current?.querySelectorAll('button')[next]?.focus();
  }

  return (
    <div ref={group} role="radiogroup" aria-label={label} className={styles.segmented} onKeyDown={move}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          role="radio"
          aria-checked={option.value === value}
          aria-label={option.hint}
          title={option.hint}
          tabIndex={option.value === value ? 0 : -1}
          className={styles.option}
          onClick={() => {
            onChange(option.value);
          }}
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}
