import { useState, type CSSProperties } from 'react';
import { useMessages } from '../../i18n/language.js';
import styles from './pause-ring.module.css';

interface PauseRingProps {
  /** On the clock of `performance.now()`. */
  readonly endsMs: number;
  readonly allowanceMs: number;
}

/** Runs out around the talk button while a pause is about to send what was said. Mounted anew for each pause. */
export function PauseRing({ endsMs, allowanceMs }: PauseRingProps) {
  const { composer } = useMessages();
  const [leftMs] = useState(() => Math.max(0, endsMs - performance.now()));
  const style = { '--left-ms': `${String(leftMs)}ms`, '--gone': String(1 - leftMs / allowanceMs) };
  return (
    // A timer is read when it is asked for; that the pause has begun is said by the state line.
    <span role="timer" aria-label={composer.pauseTimer} data-testid="pause-ring" className={styles.ring}>
      <span className="visually-hidden">{composer.sendsIn(Math.max(1, Math.round(leftMs / 1000)))}</span>
      <svg aria-hidden width="100%" height="100%" style={style as CSSProperties}>
        <rect pathLength={1} />
      </svg>
    </span>
  );
}
