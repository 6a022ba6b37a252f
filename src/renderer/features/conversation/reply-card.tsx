import { Eye, EyeOff, RotateCcw, Snail } from 'lucide-react';
import { useRef } from 'react';
import { useStore } from 'zustand';
import { peakCount } from '../../../shared/audio-format.js';
import type { TurnView } from '../../../shared/contract/turn.js';
import { errorText, useMessages } from '../../i18n/language.js';
import { canReplay, useViewModel } from '../../view-model.js';
import { barsOf } from '../../stores/live-clip.js';
import { Button } from '../../ui/button.js';
import { classNames } from '../../ui/class-names.js';
import { clockTime } from '../../ui/durations.js';
import { Spinner } from '../../ui/spinner.js';
import { Waveform } from '../../ui/waveform.js';
import { RoundPlayButton } from './clip-button.js';
import styles from './reply-card.module.css';
import { useClip, useClipState } from './use-clip.js';
import { useSpokenWord } from './use-spoken-word.js';

interface ReplyCardProps {
  readonly turn: TurnView;
  /** The newest reply is the one that the keys act on. */
  readonly newest: boolean;
}

/** A reply: to be heard first, its words hidden until they are asked for. */
export function ReplyCard({ turn, newest }: ReplyCardProps) {
  const messages = useMessages();
  const { state, blanks } = turn.response;
  const nothingYet = state === 'pending' || (state === 'streaming' && blanks.length === 0);
  const hasWords = blanks.length > 0;
  const { text } = turn.response;

  return (
    <article
      data-testid="reply-card"
      aria-label={messages.conversation.reply}
      className={classNames(styles.card, !hasWords && styles.short)}
    >
      {nothingYet && (
        <p className={styles.pending}>
          <Spinner />
          {turn.response.waitingFor === 'loading' ? messages.conversation.loadingModel : messages.conversation.thinking}
        </p>
      )}
      {!hasWords && text !== null && text !== '' && <p className={styles.text}>{text}</p>}
      {hasWords && (
        <>
          <ReplySound turn={turn} />
          <ReplyWords turn={turn} />
        </>
      )}
      <ReplyTroubles turn={turn} newest={newest} />
      {hasWords && <Ladder turn={turn} newest={newest} />}
    </article>
  );
}

function ReplySound({ turn }: { readonly turn: TurnView }) {
  const viewModel = useViewModel();
  const playback = useClip(turn.id, 'response');
  const live = useStore(viewModel.playback.store, (state) => (state.live?.turnId === turn.id ? state.live : null));
  const { clip } = turn.response;
  const durationMs = clip?.durationMs ?? live?.durationMs ?? 0;
  const active = playback.state !== 'idle' && playback.state !== 'fetching';
  const peaks = clip?.peaks ?? barsOf(live?.loudness ?? [], peakCount);
  const progress = active && durationMs > 0 ? playback.positionMs / durationMs : clip === null ? 0 : 1;

  return (
    <div className={styles.top}>
      <RoundPlayButton
        state={playback.state}
        disabled={playback.state === 'idle' && !canReplay(turn)}
        onClick={() => {
          viewModel.togglePart(turn.id, 'response', 1);
        }}
      />
      <Waveform peaks={peaks} progress={progress} />
      {durationMs > 0 && (
        <span className={styles.time}>
          {active ? `${clockTime(playback.positionMs)} / ${clockTime(durationMs)}` : clockTime(durationMs)}
        </span>
      )}
    </div>
  );
}

function ReplyWords({ turn }: { readonly turn: TurnView }) {
  const { conversation } = useMessages();
  const { blanks, text, words, state } = turn.response;
  const paragraph = useRef<HTMLParagraphElement>(null);
  useSpokenWord(paragraph, text, words, useClipState(turn.id, 'response'));
  if (text !== null) {
    return (
      <p ref={paragraph} className={styles.text} lang="en" dir="auto">
        {text}
      </p>
    );
  }
  return (
    <div
      data-testid="blanks"
      role="img"
      aria-label={conversation.hidden(blanks.length)}
      className={classNames(styles.blanks, state === 'streaming' && styles.growing)}
    >
      {blanks.map((letters, index) => (
        <span key={index} style={{ width: `${String(0.75 + Math.min(letters, 40) * 0.5)}rem` }} />
      ))}
    </div>
  );
}

function ReplyTroubles({ turn, newest }: ReplyCardProps) {
  const messages = useMessages();
  const viewModel = useViewModel();
  const { state, error, voiceError, blanks } = turn.response;
  const again = (words: string) => (
    <Button
      onClick={() => {
        void viewModel.retry(turn.id);
      }}
    >
      <RotateCcw size="1em" aria-hidden />
      {words}
    </Button>
  );
  return (
    <>
      {state === 'failed' && (
        <div className={styles.note} role="alert">
          <span className={styles.error}>
            {blanks.length > 0 && messages.sentences(messages.conversation.partial, '')}
            {errorText(messages, error ?? { code: 'app/internal' })}
          </span>
          {again(messages.conversation.retry)}
        </div>
      )}
      {state === 'interrupted' && (
        <div className={styles.note}>
          {messages.conversation.interrupted}
          {newest && again(messages.conversation.answerAgain)}
        </div>
      )}
      {voiceError !== null && (
        <p className={styles.note}>
          {messages.sentences(messages.conversation.noVoice, errorText(messages, voiceError))}
        </p>
      )}
    </>
  );
}

function Ladder({ turn, newest }: ReplyCardProps) {
  const { conversation } = useMessages();
  const viewModel = useViewModel();
  const { helpRung, text, scripted } = turn.response;
  const playable = canReplay(turn);
  const key = (name: string) => (newest ? <kbd>{name}</kbd> : null);
  return (
    <div className={styles.ladder}>
      <button
        type="button"
        className={styles.rung}
        title={`${conversation.replay} (R)`}
        disabled={!playable}
        onClick={() => {
          viewModel.replay(turn);
        }}
      >
        <RotateCcw size="1em" aria-hidden />
        {conversation.again} {key('R')}
      </button>
      <button
        type="button"
        className={classNames(styles.rung, helpRung !== 'audio' && styles.used)}
        title={`${conversation.slow} (S)`}
        disabled={!playable}
        onClick={() => {
          viewModel.replaySlowly(turn);
        }}
      >
        <Snail size="1em" aria-hidden />
        {conversation.slow} {key('S')}
      </button>
      <button
        type="button"
        className={classNames(styles.rung, helpRung === 'english' && styles.used)}
        title={`${text === null ? conversation.showText : conversation.hideText} (T)`}
        onClick={() => {
          viewModel.toggleText(turn);
        }}
      >
        {text === null ? <Eye size="1em" aria-hidden /> : <EyeOff size="1em" aria-hidden />}
        {text === null ? conversation.showText : conversation.hideText} {key('T')}
      </button>
      {scripted && (
        <span className={styles.scripted} title={conversation.scriptedHint}>
          {conversation.scripted}
        </span>
      )}
    </div>
  );
}
