import { useStore } from 'zustand';
import { useMessages } from '../../i18n/language.js';
import { useViewModel } from '../../view-model.js';
import { liveState, type LiveState } from '../../stores/live-state.js';
import { classNames } from '../../ui/class-names.js';
import styles from './composer.module.css';

const dots: Readonly<Record<LiveState, string | undefined>> = {
  idle: undefined,
  preparing: styles.busy,
  waiting: styles.live,
  listening: styles.live,
  pausing: styles.live,
  held: styles.live,
  muted: styles.wrong,
  recognising: styles.busy,
  thinking: styles.busy,
  synthesising: styles.busy,
  playing: styles.busy,
  failed: styles.wrong,
};

/** What is going on, in words, for eyes and screen readers alike. Never a word of a reply. */
export function StateLine() {
  const messages = useMessages();
  const viewModel = useViewModel();
  const talk = useStore(viewModel.talk.store);
  const takes = useStore(viewModel.conversation.store, (state) => state.takes);
  const lastTurn = useStore(viewModel.conversation.store, (state) => state.turns.at(-1));
  const sounding = useStore(viewModel.playback.store, ({ sound }) =>
    sound === null ? false : sound.kind === 'speech' || !sound.paused,
  );
  const speechExpected = useStore(
    viewModel.playback.store,
    ({ expected }) => lastTurn !== undefined && expected.has(lastTurn.id),
  );
  const state = liveState({ talk, takes, lastTurn, sounding, speechExpected });
  return (
    <p
      data-testid="state"
      data-state={state}
      role="status"
      aria-live="polite"
      aria-label={messages.stateLabel}
      className={classNames(styles.state, (state === 'failed' || state === 'muted') && styles.failed)}
    >
      <span className={classNames(styles.dot, dots[state])} aria-hidden />
      {messages.state[state]}
    </p>
  );
}
