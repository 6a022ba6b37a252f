import { Pause, Play, Square } from 'lucide-react';
import { useMessages } from '../../i18n/language.js';
import { classNames } from '../../ui/class-names.js';
import { clockTime } from '../../ui/durations.js';
import { Spinner } from '../../ui/spinner.js';
import styles from './clip-button.module.css';
import type { ClipPlayback, ClipState } from './use-clip.js';

function ClipIcon({ state, size }: { readonly state: ClipState; readonly size: string }) {
  if (state === 'fetching') return <Spinner />;
  if (state === 'speaking') return <Square size={size} fill="currentColor" aria-hidden />;
  const Icon = state === 'playing' ? Pause : Play;
  return <Icon size={size} fill="currentColor" aria-hidden />;
}

function useVerb(state: ClipState, idle: string): string {
  const { conversation } = useMessages();
  if (state === 'playing') return conversation.pause;
  if (state === 'paused') return conversation.resume;
  return state === 'speaking' ? conversation.stop : idle;
}

interface ClipButtonProps {
  readonly playback: ClipPlayback;
  /** Its name while nothing plays. */
  readonly label: string;
  readonly durationMs: number | null;
  readonly onClick: () => void;
}

/** Plays a clip: a small button with words. */
export function ClipButton({ playback, label, durationMs, onClick }: ClipButtonProps) {
  const { state, positionMs } = playback;
  const verb = useVerb(state, label);
  return (
    <button
      type="button"
      className={classNames(styles.button, state !== 'idle' && styles.active)}
      title={verb}
      aria-pressed={state === 'playing' || state === 'speaking'}
      onClick={onClick}
    >
      <ClipIcon state={state} size="0.875em" />
      <span>{label}</span>
      {durationMs !== null && (
        <span className={styles.time}>
          {state === 'idle' || state === 'fetching'
            ? clockTime(durationMs)
            : `${clockTime(positionMs)} / ${clockTime(durationMs)}`}
        </span>
      )}
    </button>
  );
}

interface RoundPlayButtonProps {
  readonly state: ClipState;
  readonly disabled: boolean;
  readonly onClick: () => void;
}

/** Plays a reply: the card's one big button. */
export function RoundPlayButton({ state, disabled, onClick }: RoundPlayButtonProps) {
  const { conversation } = useMessages();
  const verb = useVerb(state, conversation.play);
  return (
    <button type="button" className={styles.round} aria-label={verb} title={verb} disabled={disabled} onClick={onClick}>
      <ClipIcon state={state} size="1.125rem" />
    </button>
  );
}
