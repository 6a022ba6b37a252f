import type { ClipWord } from '../../../shared/contract/turn.js';
import type { TranscribedSegment, TranscribedToken } from '../../../shared/worker-contract.js';
import { isGhostPhrase, isOtherScript } from './ghost-phrases.js';
import { simplified } from './simplified.js';

/** What was heard in one stretch of sound. */
export interface Transcript {
  /** Empty where nothing was said. */
  readonly text: string;
  /** Its words, with their times in that sound. */
  readonly words: readonly ClipWord[];
  /** Natural logarithm, the average of all tokens; at most 0. -Infinity where nothing was heard. */
  readonly averageLogProbability: number;
  /** It goes round in circles, or the model does not believe it itself: worth another, more careful look. */
  readonly doubtful: boolean;
}

export const emptyTranscript: Transcript = { text: '', words: [], averageLogProbability: -Infinity, doubtful: false };

/**
 * Whisper's own bounds (OpenAI's `transcribe.py`): silence is what is above the first and below the second; below the
 * second alone a decoding has failed.
 */
const noSpeechProbability = 0.6;
const failedLogProbability = -1;

/**
 * From so many rounds on, words that come again in a row are the decoder's loop and not the learner, who says "very,
 * very, very", a telephone number of zeros, or 谢谢谢谢. Where the model is sure of it, only what nobody has the breath
 * for: a decoder that loops believes itself more with each round.
 */
const loopRounds = {
  sure: { character: 30, word: 20, phrase: 12 },
  unsure: { character: 12, word: 8, phrase: 6 },
} as const;
type LoopRounds = Readonly<Record<'character' | 'word' | 'phrase', number>>;
/** From so many on, and unsure, it is kept, but worth another look. */
const suspectRounds: LoopRounds = { character: 6, word: 4, phrase: 3 };
/** In words. */
const longestLoop = 8;

const unsureLogProbability = -0.5;

/**
 * Makes words of what the engine found in a piece that begins at `offsetMs` of the sound.
 * @param speechMs How much of the piece the detector took for speech; null where it was not asked.
 */
export function readTranscription(
  segments: readonly TranscribedSegment[],
  offsetMs: number,
  speechMs: number | null = null,
): Transcript {
  const spoken = segments.filter((segment) => isSpeech(segment, speechMs));
  const tokens = spoken.flatMap((segment) => segment.tokens);
  const words = withoutNotes(toWords(tokens, offsetMs));
  const averageLogProbability = average(spoken);
  const isUnsure = averageLogProbability < unsureLogProbability;
  const kept = withoutLoops(words, loopRounds[isUnsure ? 'unsure' : 'sure']);
  const text = joinWords(kept);
  if (!/[\p{Letter}\p{Number}]/u.test(text)) return emptyTranscript;
  const isLoop = kept.length < words.length;
  // Nothing but a loop that the model does not believe in is a noise, not a learner who says "no, no, no".
  if (isLoop && kept.length <= longestLoop && isUnsure) {
    return { ...emptyTranscript, doubtful: true };
  }
  const isSuspect = isUnsure && withoutLoops(words, suspectRounds).length < words.length;
  return {
    text,
    words: kept,
    averageLogProbability,
    doubtful: isLoop || isSuspect || averageLogProbability < failedLogProbability || isOtherScript(text),
  };
}

/** Puts together what was heard in consecutive pieces. */
export function joinTranscripts(pieces: readonly Transcript[]): Transcript {
  const heard = pieces.filter(({ text }) => text !== '');
  const lengths = heard.map(({ words }) => Math.max(1, words.length));
  const total = lengths.reduce((sum, length) => sum + length, 0);
  return {
    text: joinTexts(heard.map(({ text }) => text)),
    words: heard.flatMap(({ words }) => words),
    averageLogProbability:
      heard.length === 0
        ? -Infinity
        : heard.reduce(
            (sum, { averageLogProbability }, index) => sum + averageLogProbability * (lengths[index] ?? 0),
            0,
          ) / total,
    doubtful: heard.some(({ doubtful }) => doubtful),
  };
}

/**
 * Sentences one after the other: with a space between them, but not between two Chinese ones. What was said in pieces
 * has a pause between them: Chinese without a mark there, which Whisper often leaves out, gets a comma.
 */
export function joinTexts(texts: readonly string[]): string {
  return texts.reduce((whole, text) => {
    if (whole === '') return text;
    if (!/^\p{Script=Han}/u.test(text)) return `${whole} ${text}`;
    if (/\p{Script=Han}$/u.test(whole)) return `${whole}，${text}`;
    return /[。，？！、；：…”’」]$/u.test(whole) ? whole + text : `${whole} ${text}`;
  }, '');
}

function isSpeech(segment: TranscribedSegment, speechMs: number | null): boolean {
  const { text, averageLogProbability } = segment;
  if (segment.noSpeechProbability > noSpeechProbability && averageLogProbability < failedLogProbability) return false;
  return !isGhostPhrase(text, { isUnsure: averageLogProbability < unsureLogProbability, speechMs });
}

/** Tokens as words: a token that begins with a space begins a word, and each Chinese character is one of its own. */
function toWords(tokens: readonly TranscribedToken[], offsetMs: number): ClipWord[] {
  const words: ClipWord[] = [];
  for (const token of tokens) {
    const last = words.at(-1);
    const begins =
      last === undefined ||
      /^\s/.test(token.text) ||
      (/^\p{Script=Han}/u.test(token.text) && /[\p{Letter}\p{Number}]/u.test(token.text));
    const startMs = offsetMs + (token.startMs ?? 0);
    const endMs = offsetMs + (token.endMs ?? 0);
    if (begins) words.push({ text: token.text, startMs, endMs, probability: token.probability });
    else {
      words[words.length - 1] = {
        text: last.text + token.text,
        startMs: last.startMs,
        endMs: Math.max(last.endMs, endMs),
        // Punctuation is a matter of taste, and says nothing about what was heard.
        probability: /[\p{Letter}\p{Number}]/u.test(token.text)
          ? Math.min(last.probability ?? 1, token.probability)
          : last.probability,
      };
    }
  }
  return words.map((word) => ({ ...word, text: simplified(word.text) }));
}

/** Marks between which Whisper writes what is no words, by the one that opens. */
const noteMarks: Readonly<Record<string, string>> = {
  '[': ']',
  '(': ')',
  '（': '）',
  '【': '】',
  '*': '*',
  '♪': '♪',
  '{': '}',
  '<': '>',
};

/** Leaves out what Whisper writes for sounds that are no words: `[BLANK_AUDIO]`, `(music)`, `*sighs*`, `♪`. */
function withoutNotes(words: readonly ClipWord[]): readonly ClipWord[] {
  const kept: ClipWord[] = [];
  let closing: string | null = null;
  for (const word of words) {
    const text = word.text.trim();
    // A mark by itself is one between words: 2 * 3.
    const isMark = text === '*' || text === '<';
    const opens: string | undefined = closing === null && !isMark ? noteMarks[text.charAt(0)] : undefined;
    closing ??= opens ?? null;
    const isNote = closing !== null;
    if (closing !== null && text.lastIndexOf(closing) >= (opens === undefined ? 0 : 1)) closing = null;
    if (!isNote && !/^[\s♪♫]*$/u.test(word.text)) kept.push(word);
  }
  return kept;
}

/** Says once what is said again and again in a row. */
function withoutLoops(words: readonly ClipWord[], rounds: LoopRounds): readonly ClipWord[] {
  const bare = words.map(({ text }) => text.toLowerCase().replaceAll(/[^\p{Letter}\p{Number}]/gu, ''));
  const kept: ClipWord[] = [];
  let index = 0;
  while (index < words.length) {
    const length = loopAt(bare, index, rounds);
    if (length === 0) {
      kept.push(...words.slice(index, index + 1));
      index += 1;
      continue;
    }
    kept.push(...words.slice(index, index + length));
    const unit = bare.slice(index, index + length);
    while (unit.every((word, at) => bare[index + at] === word)) index += length;
  }
  return kept;
}

/** How many words the loop that begins here has in one round; 0 where there is none. */
function loopAt(bare: readonly string[], start: number, rounds: LoopRounds): number {
  for (let length = 1; length <= longestLoop; length += 1) {
    const isCharacter = /^\p{Script=Han}$/u.test(bare[start] ?? '');
    const repeats = rounds[length > 1 ? 'phrase' : isCharacter ? 'character' : 'word'];
    const end = start + length * repeats;
    if (end > bare.length) continue;
    let same = true;
    for (let at = start + length; at < end && same; at += 1) same = bare[at] === bare[at - length];
    if (same) return length;
  }
  return 0;
}

function joinWords(words: readonly ClipWord[]): string {
  return simplified(words.map(({ text }) => text).join(''))
    .replaceAll(/\s+/g, ' ')
    .trim();
}

function average(segments: readonly TranscribedSegment[]): number {
  const tokens = segments.reduce((sum, segment) => sum + Math.max(1, segment.tokens.length), 0);
  if (tokens === 0) return -Infinity;
  return (
    segments.reduce((sum, segment) => sum + segment.averageLogProbability * Math.max(1, segment.tokens.length), 0) /
    tokens
  );
}
