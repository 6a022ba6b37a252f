import { createStore } from 'zustand/vanilla';
import type { Events } from '../../shared/contract/contract.js';
import type { ErrorCode, ErrorView } from '../../shared/errors.js';
import type { Capture, Microphone } from '../audio/microphone.js';
import type { Client } from '../client.js';
import type { Notices, NoticeWord } from './notices-store.js';
import { createTakeRecording, type TakeRecording } from './take-recording.js';

/** 'preparing': the microphone is being opened. 'sending': the last sound of a take is on its way to the core. */
export type TalkPhase = 'idle' | 'preparing' | 'recording' | 'sending';

/** What a hands-free take hears, as the core tells it. */
export interface Listening {
  readonly state: 'waiting' | 'speaking' | 'pausing';
  /** The pause that sends the take: until when, on the clock of `performance.now()`, and how long it is in all. */
  readonly pause: { readonly endsMs: number; readonly allowanceMs: number } | null;
}

export interface TalkState {
  readonly phase: TalkPhase;
  /** On the clock of `performance.now()`; set while recording, and in hands-free takes once somebody speaks. */
  readonly startedMs: number | null;
  /** Whether the next take begins by itself when one has ended. */
  readonly handsFree: boolean;
  /** Set while a hands-free take is recorded. */
  readonly listening: Listening | null;
  /** Whether the system has silenced the microphone that is recorded from. */
  readonly muted: boolean;
}

const idle: TalkState = { phase: 'idle', startedMs: null, handsFree: false, listening: null, muted: false };

/** What the learner talks with. */
export interface SpeechOutput {
  /** Silences whatever is being said: the learner has the word. */
  interrupt(): void;
  /** Whether something is being said. */
  speaks(): boolean;
}

interface ActiveTake {
  readonly topicId: string;
  readonly recording: TakeRecording;
  readonly capture: Capture;
  /** Since when, in the recording's own time, nobody has spoken. */
  quietFromMs: number;
  /** Something was being said when the learner began to speak: what is heard may be that. */
  overSpeech: boolean;
  /** From then on, in the recording's own time, the app was silent: the learner's word ends what it says. */
  appSilentFromMs: number | null;
}

/** Listening ends when nobody has spoken for so long. */
const longestQuietMs = 2 * 60_000;

/** A pause is shown when it is longer than this: somebody who takes a breath would only be hurried by a countdown. */
const breathMs = 250;

/** Reasons to drop a take that somebody who listens hands-free has no part in: a cough, a door. */
const noTake: ReadonlySet<ErrorCode> = new Set(['take/too-short', 'take/silent', 'take/not-found']);

/**
 * Recording takes, one at a time.
 *
 * Hands-free, one press opens the microphone and it stays open. The core hears where speech begins and ends: a pause
 * counts down and sends what was said, unless the learner goes on or says that they are not done; then the next take
 * listens at once, so that speaking interrupts the reply. A second press ends that and sends what was said so far,
 * `cancel` throws it away; an error or two minutes in which nobody spoke end it too. The device is let go then.
 */
export function createTalkStore(
  client: Client,
  notices: Notices,
  microphone: Microphone,
  partner: SpeechOutput,
  now: () => number,
) {
  const store = createStore<TalkState>(() => idle);
  let running: ActiveTake | null = null;
  /** Counts what was begun and taken back: what was begun before may still wait, but is no longer wanted. */
  let toldStandIn: string | null = null;
  let wishes = 0;
  let breath: ReturnType<typeof setTimeout> | undefined;

  function leave(handsFree: boolean): void {
    running = null;
    store.setState(idle);
    if (handsFree) microphone.release();
  }

  /**
   * Ends the take, and with it hands-free listening. A hands-free take in which nobody spoke is thrown away. `kept`: it
   * is not sent, but waits.
   */
  async function end(word: NoticeWord | null, cause: ErrorView | null = null, kept = false): Promise<void> {
    const { phase, handsFree, listening } = store.getState();
    if (running === null || phase !== 'recording') return;
    const ending = running;
    const { recording } = ending;
    store.setState({ phase: 'sending', startedMs: null, listening: null, muted: false });
    await ending.capture.stop();
    let failure = cause;
    if (listening?.state === 'waiting') await recording.discard();
    else {
      const result = kept ? await recording.keep() : await recording.finish(ending.overSpeech, ending.appSilentFromMs);
      if (!result.ok && !(handsFree && noTake.has(result.error.code))) failure ??= result.error;
    }
    leave(handsFree);
    if (failure !== null) notices.error(failure);
    else if (word !== null) notices.word(word);
  }

  /** Sends the hands-free take and listens on. Not a sound is lost between the two. */
  async function handOver(word: NoticeWord | null): Promise<void> {
    const ending = running;
    if (ending === null) return;
    await ending.capture.stop();
    // Ended or cancelled meanwhile.
    if (running !== ending || store.getState().phase !== 'recording') return;
    running = null;
    const listens = listen(ending.topicId, true);
    if (word !== null) notices.word(word);
    const result = await ending.recording.finish(ending.overSpeech, ending.appSilentFromMs);
    await listens;
    if (!result.ok && !noTake.has(result.error.code)) await end(null, result.error);
  }

  function begin(topicId: string, handsFree: boolean): void {
    clearTimeout(breath);
    const recording = createTakeRecording(client, topicId, handsFree, {
      failed: (error) => {
        void end(null, error);
      },
      full: () => {
        void (handsFree ? handOver('longest') : end('longest'));
      },
    });
    const listening: Listening | null = handsFree ? { state: 'waiting', pause: null } : null;
    store.setState({ phase: 'recording', startedMs: handsFree ? null : now(), handsFree, listening, muted: false });
    const capture = microphone.capture({
      chunk: (pcm) => {
        recording.push(pcm);
        watchQuiet();
      },
      muted: (muted) => {
        store.setState({ muted });
      },
      lost: (code) => {
        void end(null, { code });
      },
    });
    running = { topicId, recording, capture, quietFromMs: 0, overSpeech: false, appSilentFromMs: null };
  }

  function watchQuiet(): void {
    const { listening } = store.getState();
    if (running === null || listening === null) return;
    const quiet = listening.state === 'waiting' || (listening.state === 'pausing' && listening.pause === null);
    const durationMs = running.recording.durationMs();
    if (!quiet || partner.speaks()) running.quietFromMs = durationMs;
    else if (durationMs - running.quietFromMs >= longestQuietMs) void end('nobodySpoke');
  }

  async function listen(topicId: string, handsFree: boolean): Promise<void> {
    wishes += 1;
    const mine = wishes;
    store.setState({ ...idle, phase: 'preparing', handsFree });
    const opened = await microphone.open(handsFree);
    const wanted = mine === wishes && store.getState().phase === 'preparing';
    if (opened.ok) tellStandIn(opened.value.standIn);
    if (!opened.ok) {
      if (wanted) store.setState(idle);
      notices.error(opened.error);
    } else if (wanted) begin(topicId, handsFree);
    else if (store.getState().phase !== 'idle') return;
    else if (handsFree) microphone.release();
    // Let go while the system still asked for permission: nothing was said yet, so say that now it can be.
    else notices.word('micReady');
  }

  /** Says once which microphone listens in the place of the chosen one. */
  function tellStandIn(standIn: string | null): void {
    if (standIn !== null && standIn !== toldStandIn) notices.tell({ kind: 'other-microphone', label: standIn });
    toldStandIn = standIn;
  }

  /** Takes back what is still being prepared. */
  function stopPreparing(): void {
    const { phase, handsFree } = store.getState();
    if (phase !== 'preparing') return;
    wishes += 1;
    leave(handsFree);
  }

  /** Whether this is the take that is being recorded, rather than one that has just ended. */
  function isRunning(takeId: string): boolean {
    return running?.recording.takeId() === takeId && store.getState().listening !== null;
  }

  function hear({ state, pause }: Events['take.listening']): void {
    clearTimeout(breath);
    const before = store.getState();
    if (state === 'pausing' && pause !== null) {
      const endsMs = now() + pause.remainingMs;
      breath = setTimeout(() => {
        if (store.getState().listening === null) return;
        store.setState({ listening: { state, pause: { endsMs, allowanceMs: pause.allowanceMs } } });
      }, breathMs);
      return;
    }
    store.setState({
      startedMs: before.startedMs ?? (state === 'speaking' ? now() : null),
      listening: { state, pause: null },
    });
    if (state === 'speaking' && before.listening?.state !== 'speaking') {
      if (running !== null && partner.speaks()) {
        running.overSpeech = true;
        running.appSilentFromMs = running.recording.durationMs();
      }
      partner.interrupt();
    }
  }

  client.on('take.listening', (told) => {
    if (isRunning(told.takeId)) hear(told);
  });
  client.on('take.endpoint', ({ takeId }) => {
    if (isRunning(takeId)) void handOver(null);
  });

  return {
    store,
    async press(topicId: string, handsFree: boolean): Promise<void> {
      if (store.getState().phase !== 'idle') return;
      partner.interrupt();
      await listen(topicId, handsFree);
    },
    /** The learner has finished: the take is sent, and hands-free listening ends. */
    async release(): Promise<void> {
      stopPreparing();
      await end(null);
    },
    /** The learner leaves in the middle: what was said waits to be sent, and hands-free listening ends. */
    async keep(): Promise<void> {
      stopPreparing();
      await end(null, null, true);
    },
    /** The learner takes it back: the take is thrown away, and hands-free listening ends. */
    async cancel(): Promise<void> {
      stopPreparing();
      const { phase, handsFree } = store.getState();
      if (running === null || phase !== 'recording') return;
      const { recording, capture } = running;
      running = null;
      store.setState(idle);
      await Promise.all([capture.stop(), recording.discard()]);
      if (handsFree && store.getState().phase === 'idle') microphone.release();
    },
    /** 还没说完: the pause that is running does not send the take. */
    async holdOn(): Promise<void> {
      const { listening } = store.getState();
      const takeId = running?.recording.takeId() ?? null;
      if (takeId === null || !listening?.pause) return;
      store.setState({ listening: { ...listening, pause: null } });
      const result = await client.request('take.holdOn', { takeId });
      if (!result.ok && !noTake.has(result.error.code)) notices.error(result.error);
    },
  };
}

export type Talk = ReturnType<typeof createTalkStore>;
