import { LoaderCircle, Mic } from 'lucide-react';
import { useRef, type KeyboardEvent } from 'react';
import { useStore } from 'zustand';
import type { Settings } from '../../../shared/contract/settings.js';
import { useMessages } from '../../i18n/language.js';
import { useSession } from '../../session.js';
import { classNames } from '../../ui/class-names.js';
import { clockTime } from '../../ui/durations.js';
import { useFrames } from '../../ui/use-frames.js';
import styles from './talk-button.module.css';

/** How much each bar of the meter moves with the level. */
const barShapes = [0.35, 0.6, 0.85, 1, 0.75, 0.9, 0.55, 0.3] as const;

/** The one big button. Held by pointer or Enter, or pressed once to start and once to send. */
export function TalkButton({ mode }: { readonly mode: Settings['talkMode'] }) {
  const { composer } = useMessages();
  const session = useSession();
  const phase = useStore(session.talk.store, (state) => state.phase);
  const startedMs = useStore(session.talk.store, (state) => state.startedMs);
  /** Whether a hold by pointer or key is what a click would come from. */
  const held = useRef(false);
  const busy = phase !== 'idle';

  function begin(): void {
    held.current = true;
    session.startTalking();
  }
  function end(): void {
    if (!held.current) return;
    held.current = false;
    session.stopTalking();
  }
  function toggle(): void {
    if (busy) session.stopTalking();
    else session.startTalking();
  }
  function onEnter(event: KeyboardEvent, act: () => void): void {
    if (event.key !== 'Enter' || mode === 'toggle') return;
    event.preventDefault();
    if (!event.repeat) act();
  }

  return (
    <button
      type="button"
      data-testid="talk-button"
      className={classNames(
        styles.talk,
        phase === 'preparing' && styles.preparing,
        phase === 'recording' && styles.recording,
      )}
      aria-pressed={phase === 'recording'}
      aria-keyshortcuts="Space"
      onPointerDown={(event) => {
        if (mode === 'toggle' || event.button !== 0) return;
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
        if (mode === 'toggle' || event.detail === 0) toggle();
      }}
    >
      {phase === 'recording' ? (
        <Recording mode={mode} startedMs={startedMs ?? 0} />
      ) : (
        <>
          {phase === 'idle' ? <Mic size="1.25em" aria-hidden /> : <LoaderCircle size="1.25em" aria-hidden />}
          {phase === 'preparing' && composer.preparing}
          {phase === 'sending' && composer.sending}
          {phase === 'idle' && (
            <>
              {mode === 'hold' ? composer.hold : composer.toggle}
              <kbd>{composer.space}</kbd>
            </>
          )}
        </>
      )}
    </button>
  );
}

function Recording({ mode, startedMs }: { readonly mode: Settings['talkMode']; readonly startedMs: number }) {
  const { composer } = useMessages();
  const { microphone } = useSession();
  const level = useFrames(true, () => Math.round(microphone.level() * 20) / 20);
  const seconds = useFrames(true, () => Math.floor((performance.now() - startedMs) / 1000));
  return (
    <>
      <span className={styles.level} aria-hidden>
        {barShapes.map((shape, index) => (
          <span key={index} style={{ height: `${String(18 + 82 * shape * level)}%` }} />
        ))}
      </span>
      <span>
        {composer.listening}{' '}
        <span className={styles.timer} aria-hidden>
          {clockTime(seconds * 1000)}
        </span>
      </span>
      <span className={styles.hint} data-hint>
        {mode === 'hold' ? composer.releaseToSend : composer.pressToSend} · Esc {composer.escCancels}
      </span>
    </>
  );
}
