import { createStore } from 'zustand/vanilla';
import type { ErrorView } from '../../shared/errors.js';
import type { Capture, Microphone } from '../audio/microphone.js';
import type { Client } from '../client.js';
import type { Notices, NoticeWord } from './notices-store.js';
import { createTakeRecording, type TakeRecording } from './take-recording.js';

/** 'preparing': the microphone is being opened. 'sending': the last sound of a take is on its way to the core. */
export type TalkPhase = 'idle' | 'preparing' | 'recording' | 'sending';

export interface TalkState {
  readonly phase: TalkPhase;
  /** On the clock of `performance.now()`; set while recording. */
  readonly startedMs: number | null;
}

const idle: TalkState = { phase: 'idle', startedMs: null };

interface Running {
  readonly recording: TakeRecording;
  readonly capture: Capture;
}

/**
 * Recording takes, one at a time. `interrupt` silences whatever is being said: the learner has the word.
 */
export function createTalkStore(
  client: Client,
  notices: Notices,
  microphone: Microphone,
  interrupt: () => void,
  now: () => number,
) {
  const store = createStore<TalkState>(() => idle);
  let running: Running | null = null;
  /** Counts presses: what an older press still waits for is no longer wanted. */
  let presses = 0;

  async function end(word: NoticeWord | null, cause: ErrorView | null = null): Promise<void> {
    if (running === null || store.getState().phase !== 'recording') return;
    const { recording, capture } = running;
    store.setState({ phase: 'sending', startedMs: null });
    await capture.stop();
    const result = await recording.finish();
    running = null;
    store.setState(idle);
    if (cause !== null) notices.error(cause);
    else if (!result.ok) notices.error(result.error);
    if (word !== null && result.ok) notices.word(word);
  }

  function begin(topicId: string): void {
    const recording = createTakeRecording(client, topicId, {
      failed: (error) => {
        void end(null, error);
      },
      full: () => {
        void end('longest');
      },
    });
    const capture = microphone.capture({
      chunk: recording.push,
      lost: (code) => {
        void end(null, { code });
      },
    });
    running = { recording, capture };
    store.setState({ phase: 'recording', startedMs: now() });
  }

  return {
    store,
    async press(topicId: string): Promise<void> {
      if (store.getState().phase !== 'idle') return;
      presses += 1;
      const mine = presses;
      store.setState({ phase: 'preparing', startedMs: null });
      interrupt();
      const opened = await microphone.open();
      const wanted = mine === presses && store.getState().phase === 'preparing';
      if (!opened.ok) {
        if (wanted) store.setState(idle);
        notices.error(opened.error);
      } else if (wanted) begin(topicId);
      // Let go while the system still asked for permission: nothing was said yet, so say that now it can be.
      else if (store.getState().phase === 'idle') notices.word('micReady');
    },
    /** The learner has finished: the take is sent. */
    async release(): Promise<void> {
      if (store.getState().phase === 'preparing') {
        presses += 1;
        store.setState(idle);
      }
      await end(null);
    },
    /** The learner takes it back: the take is thrown away. */
    async cancel(): Promise<void> {
      if (store.getState().phase === 'preparing') {
        presses += 1;
        store.setState(idle);
      }
      if (running === null || store.getState().phase !== 'recording') return;
      const { recording, capture } = running;
      running = null;
      store.setState(idle);
      await Promise.all([capture.stop(), recording.discard()]);
    },
  };
}

export type Talk = ReturnType<typeof createTalkStore>;
