import { randomUUID } from 'node:crypto';
import { recordingSampleRateHz, vadWindowSamples } from '../../../shared/audio-format.js';
import { AppError } from '../../../shared/errors.js';
import type { Urgency } from './engine-queue.js';
import { eitherLanguage, type LikelyLanguage, type SpokenCode } from './languages.js';
import { createRunningLevel, levelled } from './level.js';
import { createPieceCutter, type Stretch } from './pieces.js';
import { joinTranscripts, joinTexts, type Transcript } from './transcript.js';

/** What a listening asks of the recogniser. All reject with the signal's reason when it aborts. */
export interface Ears {
  /** Which windows of a stream hold speech: of its next ones, each time. Calls are answered in order. */
  detectSpeech(stream: string, samples: Int16Array): Promise<readonly boolean[]>;
  /** The languages it may be: one, or both where that is not certain. */
  detectLanguages(samples: Int16Array, signal: AbortSignal): Promise<readonly LikelyLanguage[]>;
  /** Recognises a piece in whichever of the languages fits best. `offsetMs`: where it begins in the whole sound. */
  hear(piece: Int16Array, options: HearOptions): Promise<Transcript>;
}

export interface HearOptions {
  readonly offsetMs: number;
  /** How much of the piece the detector took for speech. */
  readonly speechMs: number;
  /** Asked when it is this piece's turn, since more may be known by then. */
  languages(): readonly LikelyLanguage[];
  readonly urgency: Urgency;
  /** Look again, more carefully, where the first result is doubtful. */
  readonly careful: boolean;
  readonly signal: AbortSignal;
}

export interface ListeningOptions {
  readonly ears: Ears;
  /** Null: to be found out. */
  readonly language: SpokenCode | null;
  /** What has been understood so far; may still change. */
  onPartial(text: string): void;
  /** The next windows of sound: whether each holds speech. */
  onWindows(speech: readonly boolean[]): void;
}

/** One recording, recognised while it is being made: pieces that are over, and the open one at each pause. */
export interface Listening {
  /** Takes the next stretch of the recording. What goes wrong meanwhile is tried again by `finish`. */
  push(samples: Int16Array): void;
  /** How much speech there was, once all that was pushed has been looked at. Rejects with a `recogniser/…` code. */
  speechMs(): Promise<number>;
  /** All that was said. Rejects with `recogniser/nothing-heard` where nothing was, or another `recogniser/…` code. */
  finish(signal: AbortSignal): Promise<RecordingTranscript>;
  /** Stops whatever is being recognised. */
  cancel(): void;
}

export interface RecordingTranscript extends Transcript {
  /** From the first to the last speech, with a margin; in samples of the recording. */
  readonly speech: Stretch;
}

/** Shorter sounds are clicks and coughs. */
export const shortestSpeechMs = 230;

/**
 * From so much on, the language of a piece can be told: 1 s of speech where that is all of it, 1.2 s in the middle of a
 * sentence. On less the detector was sure and wrong (docs/decisions/0007); shorter pieces are heard in both.
 */
const languageSamples = { whole: 1.4 * recordingSampleRateHz, begun: 1.6 * recordingSampleRateHz };
/** Where that left a doubt, it is asked for again when the piece has grown so many times. */
const languageGrowth = 1.5;
/** While somebody speaks without a pause, what they say is shown at most this often… */
const partialIntervalSamples = 1.5 * recordingSampleRateHz;
/** …and only where that takes the machine no longer. */
const partialLimitMs = 700;
/** The detector is given no more at once: it would keep a call that is in a hurry waiting. */
const longestStretchSamples = 20 * recordingSampleRateHz - ((20 * recordingSampleRateHz) % vadWindowSamples);

/** An attempt at the open piece, as far as it had been said. */
interface Guess {
  /** Behind the last speech it holds. */
  readonly speechEnd: number;
  readonly controller: AbortController;
  readonly startTime: number;
  readonly heard: Promise<Transcript | null>;
  done: boolean;
}

/** The piece that is being said. */
interface OpenPiece {
  /** Stops asking for its language. */
  readonly controller: AbortController;
  languages: readonly LikelyLanguage[] | null;
  detecting: boolean;
  /** How long it was when its language was last asked for. */
  detectedSamples: number;
  guess: Guess | null;
}

/** Listens to a recording; see `Listening`. */
export function createListening({ ears, language, onPartial, onWindows }: ListeningOptions): Listening {
  const cutter = createPieceCutter();
  const cancelled = new AbortController();
  const stream = randomUUID();
  const level = createRunningLevel(recordingSampleRateHz);
  let recording = new Int16Array(30 * recordingSampleRateHz);
  let length = 0;
  /** How much the detector has been given. */
  let detected = 0;
  let looked: Promise<void> = Promise.resolve();
  let failure: unknown = null;
  let speechStart: number | null = null;
  /** Of each window so far, whether it holds speech. */
  const speechWindows: boolean[] = [];

  /** What was heard of each closed piece; null where it has to be tried again. */
  const closed: { readonly piece: OpenPiece; readonly stretch: Stretch; readonly heard: Promise<Transcript | null> }[] =
    [];
  const closedTexts: string[] = [];
  let open = newPiece();
  let lastGuessEnd = 0;
  let lastGuessMs = 0;

  function newPiece(): OpenPiece {
    return {
      controller: new AbortController(),
      languages: language === null ? null : [{ code: language, probability: 1 }],
      detecting: false,
      detectedSamples: 0,
      guess: null,
    };
  }

  const cut = ({ start, end }: Stretch): Int16Array =>
    levelled(recording.slice(start, Math.min(end, length)), recordingSampleRateHz);

  const speechMsIn = ({ start, end }: Stretch): number => {
    const windows = speechWindows.slice(Math.floor(start / vadWindowSamples), Math.ceil(end / vadWindowSamples));
    return (windows.filter(Boolean).length * vadWindowSamples * 1000) / recordingSampleRateHz;
  };

  const hear = (piece: OpenPiece, stretch: Stretch, options: Pick<HearOptions, 'urgency' | 'careful' | 'signal'>) =>
    ears.hear(cut(stretch), {
      offsetMs: (stretch.start * 1000) / recordingSampleRateHz,
      speechMs: speechMsIn(stretch),
      languages: () => piece.languages ?? eitherLanguage,
      ...options,
    });

  /** Recognises a stretch ahead of time; null where that came to nothing, and `finish` has to do it. */
  async function attempt(piece: OpenPiece, stretch: Stretch, careful: boolean, signal: AbortSignal) {
    try {
      return await hear(piece, stretch, { urgency: 'guess', careful, signal });
    } catch {
      // Displaced, out of date, or an engine that failed: `finish` asks again, and tells what it is told.
      return null;
    }
  }

  /** The last guess at a piece that is over, if it was at all of it and is to be believed; stopped where it was not. */
  async function guessed({ guess: last }: OpenPiece, speechEnd: number): Promise<Transcript | null> {
    if (last === null) return null;
    if (last.speechEnd !== speechEnd) {
      last.controller.abort();
      return null;
    }
    const heard = await last.heard;
    return heard !== null && !heard.doubtful && heard.text !== '' ? heard : null;
  }

  /** Asks for the open piece's language, if that is not certain yet and there is enough to go by. */
  function detectLanguage({ start, end }: Stretch, first: number): boolean {
    const piece = open;
    const samples = end - start;
    const isCertain = piece.languages?.length === 1;
    const least = piece.detectedSamples === 0 ? first : languageGrowth * piece.detectedSamples;
    if (isCertain || piece.detecting || samples < least) return false;
    piece.detecting = true;
    piece.detectedSamples = samples;
    ears
      .detectLanguages(cut({ start, end }), AbortSignal.any([piece.controller.signal, cancelled.signal]))
      .then(
        (languages) => (piece.languages = languages),
        // Both languages are tried then.
        () => undefined,
      )
      .finally(() => (piece.detecting = false));
    return true;
  }

  function guess(stretch: Stretch): void {
    const piece = open;
    piece.guess?.controller.abort();
    const controller = new AbortController();
    const mine: Guess = {
      speechEnd: cutter.speechEnd,
      controller,
      startTime: performance.now(),
      done: false,
      heard: attempt(piece, stretch, false, AbortSignal.any([controller.signal, cancelled.signal])).then((heard) => {
        mine.done = true;
        // One that was broken off has told nothing: neither what was said, nor how long that takes.
        if (controller.signal.aborted) return heard;
        lastGuessMs = performance.now() - mine.startTime;
        lastGuessEnd = stretch.end;
        if (heard !== null && heard.text !== '' && piece === open) onPartial(joinTexts([...closedTexts, heard.text]));
        return heard;
      }),
    };
    piece.guess = mine;
  }

  function close(stretch: Stretch): void {
    const piece = open;
    open = newPiece();
    const index = closed.length;
    const heard = guessed(piece, cutter.speechEnd).then(
      (good) => good ?? attempt(piece, stretch, true, cancelled.signal),
    );
    closed.push({ piece, stretch, heard });
    closedTexts.push('');
    void heard.then((result) => {
      piece.controller.abort();
      closedTexts[index] = result?.text ?? '';
      if (!cancelled.signal.aborted) onPartial(joinTexts(closedTexts.filter((text) => text !== '')));
    });
  }

  /** Goes on after the detector has looked at one more window. */
  function step(speech: boolean): void {
    speechWindows.push(speech);
    for (const event of cutter.next(speech)) {
      if (event.kind === 'pause') {
        // A second language takes the guess longer than this does.
        detectLanguage(event.stretch, languageSamples.whole);
        guess(event.stretch);
      } else if (event.kind === 'closed') close(event.stretch);
      else if (event.kind === 'resumed' && open.guess && !open.guess.done) open.guess.controller.abort();
    }
    const stretch = cutter.open();
    if (stretch === null) return;
    speechStart ??= stretch.start;
    const isIdle = open.guess === null || open.guess.done;
    if (
      !detectLanguage(stretch, languageSamples.begun) &&
      speech &&
      isIdle &&
      // In two languages it would take twice as long, and keep others waiting that matter more.
      open.languages !== null &&
      lastGuessMs <= partialLimitMs &&
      stretch.end - Math.max(stretch.start, lastGuessEnd) >= partialIntervalSamples
    ) {
      guess(stretch);
    }
  }

  /** Gives the detector what it has not seen: whole windows, or at the end all. */
  function look(isEnd: boolean): void {
    while (length - detected >= vadWindowSamples || (isEnd && detected < length)) {
      const whole = length - detected - ((length - detected) % vadWindowSamples);
      const size = Math.min(whole === 0 ? vadWindowSamples : whole, longestStretchSamples);
      // At the end the last window is filled up with silence: the recording's buffer holds zeros there.
      const answer = ears.detectSpeech(stream, level.next(recording.slice(detected, detected + size)));
      detected += size;
      looked = Promise.all([answer, looked]).then(
        ([windows]) => {
          onWindows(windows);
          for (const speech of windows) step(speech);
        },
        (error: unknown) => {
          failure ??= error;
        },
      );
    }
  }

  async function allLooked(): Promise<void> {
    look(true);
    await looked;
    if (failure !== null) throw failure as Error;
  }

  function cancel(): void {
    cancelled.abort();
    open.controller.abort();
  }

  return {
    push(samples) {
      if (length + samples.length + vadWindowSamples > recording.length) {
        const longer = new Int16Array(2 * (length + samples.length + vadWindowSamples));
        longer.set(recording.subarray(0, length));
        recording = longer;
      }
      recording.set(samples, length);
      length += samples.length;
      look(false);
    },

    async speechMs() {
      await allLooked();
      return cutter.speechMs;
    },

    async finish(signal) {
      await allLooked();
      signal.throwIfAborted();
      // Nobody waits for pieces of a take that was thrown away.
      signal.addEventListener('abort', cancel, { once: true });
      const final = { urgency: 'final', careful: true, signal } as const;
      const heard: Transcript[] = [];
      for (const { piece, stretch, heard: before } of closed) {
        heard.push((await before) ?? (await hear(piece, stretch, final)));
      }
      const last = cutter.open();
      if (last !== null) {
        const good = await guessed(open, cutter.speechEnd);
        // A guess may wait for the language, which saves it more; the learner does not.
        open.controller.abort();
        heard.push(good ?? (await hear(open, last, final)));
      }
      const whole = joinTranscripts(heard);
      if (whole.text === '' || cutter.speechMs < shortestSpeechMs) throw new AppError('recogniser/nothing-heard');
      return {
        ...whole,
        speech: { start: speechStart ?? 0, end: Math.min(length, last?.end ?? closed.at(-1)?.stretch.end ?? length) },
      };
    },

    cancel,
  };
}
