import { classNames } from './class-names.js';
import styles from './waveform.module.css';

interface WaveformProps {
  /** Loudness, 0..100. */
  readonly peaks: readonly number[];
  /** How much of it has been heard, 0..1. */
  readonly progress: number;
}

/** Quieter clips than this stay small: silence is not blown up. */
const quietest = 25;

/** A clip as bars, the loudest of them at full height. A picture only: what it tells is said in words beside it. */
export function Waveform({ peaks, progress }: WaveformProps) {
  const heard = progress * peaks.length;
  const loudest = Math.max(quietest, ...peaks);
  return (
    <div className={styles.waveform} aria-hidden>
      {peaks.map((peak, index) => (
        <span
          key={index}
          className={classNames(styles.bar, index < heard && styles.on)}
          style={{ height: `${String(12 + (peak / loudest) * 88)}%` }}
        />
      ))}
    </div>
  );
}
