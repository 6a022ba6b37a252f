import { LoaderCircle, Mic } from 'lucide-react';
import { useRef, type KeyboardEvent, useEffect } from 'react';
import { useStore } from 'zustand';
import type { Settings } from '../../../shared/contract/settings.js';
import { useMessages } from '../../i18n/language.js';
import type { Messages } from '../../i18n/messages.js';
import { focusHome } from '../../ui/dialog.js';
import { useViewModel } from '../../view-model.js';
import type { Listening } from '../../stores/talk-store.js';
import { classNames } from '../../ui/class-names.js';
import { clockTime } from '../../ui/durations.js';
import { useFrames } from '../../ui/use-frames.js';
import { PauseRing } from './pause-ring.js';
import styles from './talk-button.module.css';

/** How much each bar of the meter moves with the level. */
const barShapes = [0.35, 0.6, 0.85, 1, 0.75, 0.9, 0.55, 0.3] as const;

/** The one big button. Held by pointer or Enter, or pressed once to begin and once to end. */
export function TalkButton({ mode }: { readonly mode: Settings['talkMode'] }) {
  const { composer } = useMessages();
  const viewModel = useViewModel();
  const { phase, startedMs, listening } = useStore(viewModel.talk.store);
  /** Whether a hold by pointer or key is what a click would come from. */
  const held = useRef(false);
  const busy = phase !== 'idle';
  const holds = mode === 'hold';

  function begin(): void {
    held.current = true;
    viewModel.startTalking();
  }
  function end(): void {
    if (!held.current) return;
    held.current = false;
    viewModel.stopTalking();
  }
  function toggle(): void {
    if (busy) viewModel.stopTalking();
    else viewModel.startTalking();
  }
  function onEnter(event: KeyboardEvent, act: () => void): void {
    if (event.key !== 'Enter' || !holds) return;
    event.preventDefault();
    if (!event.repeat) act();
  }

  // After a scene was chosen, its dialog and the button that opened it are gone.
  useEffect(focusHome, []);

  return (
    <span className={styles.frame}>
      {listening?.pause && <PauseRing key={listening.pause.endsMs} {...listening.pause} />}
      <button
        type="button"
        data-testid="talk-button"
        className={classNames(
          styles.talk,
          (phase === 'preparing' || listening?.state === 'waiting') && styles.preparing,
          phase === 'recording' && listening?.state !== 'waiting' && styles.recording,
        )}
        aria-pressed={phase === 'recording'}
        aria-keyshortcuts="Space"
        data-talk
        data-home
        onPointerDown={(event) => {
          if (!holds || event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          begin();
        }}
        onPointerUp={end}
        onPointerCancel={end}
        onLostPointerCapture={end}
        onKeyDown={(event) => {
          onEnter(event, begin);
        }}
        onKeyUp={(event) => {
          onEnter(event, end);
        }}
        onBlur={end}
        onContextMenu={(event) => {
          event.preventDefault();
        }}
        onClick={(event) => {
          // A click without a pointer comes from assistive technology, which cannot hold.
          if (!holds || event.detail === 0) toggle();
        }}
      >
        {phase === 'recording' ? (
          <>
            <Level />
            <span>
              {words(composer, listening)} {startedMs !== null && <Timer startedMs={startedMs} />}
            </span>
            <span className={styles.hint} data-hint>
              {hint(composer, listening, holds)}
            </span>
          </>
        ) : (
          <>
            {phase === 'idle' ? <Mic size="1.25em" aria-hidden /> : <LoaderCircle size="1.25em" aria-hidden />}
            {phase === 'preparing' && composer.preparing}
            {phase === 'sending' && composer.sending}
            {phase === 'idle' && (
              <>
                {composer.modes[mode].button}
                <kbd>{composer.space}</kbd>
              </>
            )}
          </>
        )}
      </button>
    </span>
  );
}

/** What the button says while a take is recorded. */
function words(composer: Messages['composer'], listening: Listening | null): string {
  if (listening?.state === 'waiting') return composer.speakNow;
  return listening?.state === 'pausing' && listening.pause === null ? composer.goOn : composer.listening;
}

function hint(composer: Messages['composer'], listening: Listening | null, holds: boolean): string {
  const cancel = `Esc ${composer.escCancels}`;
  if (listening !== null) return listening.state === 'waiting' ? composer.pressToLeave : cancel;
  return `${holds ? composer.releaseToSend : composer.pressToSend} · ${cancel}`;
}

function Level() {
  const { microphone } = useViewModel();
  const level = useFrames(true, () => Math.round(microphone.level() * 20) / 20);
  return (
    <span className={styles.level} aria-hidden>
      {barShapes.map((shape, index) => (
        <span key={index} style={{ height: `${String(18 + 82 * shape * level)}%` }} />
      ))}
    </span>
  );
}

function Timer({ startedMs }: { readonly startedMs: number }) {
  const seconds = useFrames(true, () => Math.floor((performance.now() - startedMs) / 1000));
  return (
    <span className={styles.timer} aria-hidden>
      {clockTime(seconds * 1000)}
    </span>
  );
}
