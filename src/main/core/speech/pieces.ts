import { recordingSampleRateHz, vadWindowSamples } from '../../../shared/audio-format.js';

/** Windows of the speech detector in so many milliseconds. */
const windows = (ms: number) => Math.round((ms * recordingSampleRateHz) / 1000 / vadWindowSamples);

/** Sound before the first and after the last window of speech that still belongs to it: consonants are quiet. */
const marginWindows = windows(400);
/**
 * So much silence may be the end of what is said: worth a guess. It is some 170 ms to the ear, since the detector calls
 * it speech for 90 to 210 ms more (the tests' recordings: 137 ms in the median, and no pause under 96 ms in 34 s).
 */
const pauseWindows = 1;
/** A pause this long lies between words, not in one: a piece may be cut in it. */
const gapWindows = windows(200);
/**
 * So much silence is the end of a piece of that length. A short one keeps what follows, since Whisper hears words
 * better in their sentence; but after a long silence comes another sentence, perhaps in another language.
 */
const closings = [
  { silence: windows(600), piece: windows(5_000) },
  { silence: windows(1_000), piece: windows(1_000) },
] as const;
/** Whisper's window is 30 s. A piece this long is cut at the last pause in its second half… */
const longPieceWindows = windows(24_000);
/** …and one this long wherever it is. */
const longestPieceWindows = windows(28_000);

/** A stretch of sound that holds speech, in samples. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

export type PieceEvent =
  /** Somebody began to speak. */
  | { readonly kind: 'speech' }
  /** A pause that may be the end: the open piece would be this. */
  | { readonly kind: 'pause'; readonly stretch: Stretch }
  /** It was not the end. */
  | { readonly kind: 'resumed' }
  /** A piece that nothing will be added to. */
  | { readonly kind: 'closed'; readonly stretch: Stretch };

/**
 * Cuts a stream of sound into pieces that are recognised one by one, by the silence between them, while it is still
 * being said. Piece by piece the stream is covered once; what lies between pieces is silence.
 */
export interface PieceCutter {
  /** The next window of the stream: whether it holds speech. */
  next(speech: boolean): readonly PieceEvent[];
  /** What has been said since the last closed piece, up to now; null where nothing was. */
  open(): Stretch | null;
  /** Behind the last speech, in samples. */
  readonly speechEnd: number;
  /** How much of the stream was speech. */
  readonly speechMs: number;
  /** How long nobody has spoken; 0 while somebody does. */
  readonly silenceMs: number;
}

export function createPieceCutter(): PieceCutter {
  /** Windows so far. */
  let now = 0;
  let speechWindows = 0;
  /** The first window of the open piece, its margin included; null while there is none. */
  let start: number | null = null;
  /** Behind the last window of speech. */
  let speechEnd = 0;
  /** Behind the last closed piece. */
  let closedEnd = 0;
  /** Where the open piece could be cut: the middle of its last pause. */
  let lastPause: number | null = null;
  let pausing = false;

  const samples = (window: number) => window * vadWindowSamples;
  const stretchTo = (end: number): Stretch => ({ start: samples(start ?? closedEnd), end: samples(end) });
  const milliseconds = (count: number) => (samples(count) * 1000) / recordingSampleRateHz;

  function close(end: number, rest: number | null): PieceEvent {
    const event: PieceEvent = { kind: 'closed', stretch: stretchTo(end) };
    closedEnd = end;
    start = rest;
    lastPause = null;
    return event;
  }

  /** Cuts a piece that has grown too long for one window of Whisper's. */
  function cutLong(): readonly PieceEvent[] {
    if (start === null) return [];
    const length = now - start;
    if (length >= longPieceWindows && lastPause !== null && lastPause - start >= longPieceWindows / 2) {
      return [close(lastPause, lastPause)];
    }
    return length >= longestPieceWindows ? [close(now, now)] : [];
  }

  return {
    next(speech) {
      now += 1;
      const events: PieceEvent[] = [];
      if (speech) {
        speechWindows += 1;
        const silence = now - 1 - speechEnd;
        if (start === null) {
          start = Math.max(closedEnd, now - 1 - marginWindows);
          events.push({ kind: 'speech' });
        } else if (pausing) {
          events.push({ kind: 'resumed' });
          if (silence >= gapWindows) lastPause = speechEnd + Math.floor(silence / 2);
        }
        pausing = false;
        speechEnd = now;
      } else if (start !== null) {
        const silence = now - speechEnd;
        if (silence === pauseWindows && speechEnd > start) {
          pausing = true;
          events.push({ kind: 'pause', stretch: stretchTo(now) });
        }
        const length = speechEnd - start;
        if (closings.some((closing) => silence >= closing.silence && length >= closing.piece)) {
          pausing = false;
          events.push(close(Math.min(now, speechEnd + marginWindows), null));
        }
      }
      events.push(...cutLong());
      return events;
    },
    open: () => (start === null || speechEnd <= start ? null : stretchTo(Math.min(now, speechEnd + marginWindows))),
    get speechEnd() {
      return samples(speechEnd);
    },
    get speechMs() {
      return milliseconds(speechWindows);
    },
    get silenceMs() {
      return milliseconds(now - speechEnd);
    },
  };
}
