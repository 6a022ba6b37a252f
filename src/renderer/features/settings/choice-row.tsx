import { Segmented, type SegmentedOption } from '../../ui/segmented.js';
import styles from './settings.module.css';

interface ChoiceRowProps<T> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly SegmentedOption<T>[];
  readonly onChange: (value: T) => void;
}

/** A setting with a few values: its name, and all of them beside it. */
export function ChoiceRow<T extends string | number>(props: ChoiceRowProps<T>) {
  return (
    <div className={styles.row}>
      <span className={styles.rowLabel}>{props.label}</span>
      <Segmented {...props} />
    </div>
  );
}
