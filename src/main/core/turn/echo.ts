import type { ClipWord } from '../../../shared/contract/turn.js';

/** So many words in common are no coincidence. */
const fewestWords = 2;
/** So much of what was heard, in its order, is what was said: echo cancellation leaves holes. */
const commonShare = 0.8;
/** So long after the app fell silent its voice may still be heard: on the way to the loudspeaker, and in the room. */
const reverberationMs = 700;
/** So many words after that are no echo. */
const fewestLaterWords = 2;
/** What is as loud as the learner is the learner: cancelled, and from across the table, the app is quieter. */
const quieterShare = 0.8;

/** A take that began while the app itself was speaking. */
export interface Overheard {
  readonly text: string;
  /** In the recording's time. */
  readonly words: readonly Pick<ClipWord, 'startMs'>[];
  /** From when on the app was silent, in the recording's time; null: it spoke to the end, or that is not known. */
  readonly appSilentFromMs: number | null;
  /** RMS (0..1) of its loudest 100 ms. */
  readonly loudness: number;
  /** The same of the learner's own takes; null where none is known. */
  readonly usualLoudness: number | null;
}

/**
 * Whether what was heard is the app's own voice: what echo cancellation lets through must not become a turn. It is
 * decided by words, time and energy: an echo says what was said and nothing else, ends with it, and is quieter than the
 * learner. A single word may be an echo or a learner's "wait"; it is taken for the learner's.
 */
export function isEcho(overheard: Overheard, said: string): boolean {
  return !goesOn(overheard) && !isAsLoud(overheard) && saysTheSame(overheard.text, said);
}

function goesOn({ words, appSilentFromMs }: Overheard): boolean {
  if (appSilentFromMs === null) return false;
  return words.filter(({ startMs }) => startMs > appSilentFromMs + reverberationMs).length >= fewestLaterWords;
}

const isAsLoud = ({ loudness, usualLoudness }: Overheard): boolean =>
  usualLoudness !== null && loudness >= quieterShare * usualLoudness;

/** Whether what was heard is what was said, but for holes; an answer adds a word of its own before or behind it. */
export function saysTheSame(heard: string, said: string): boolean {
  const words = wordsOf(heard);
  if (words.length < fewestWords) return false;
  const known = new Set(wordsOf(said));
  if (!known.has(words[0] ?? '') || !known.has(words.at(-1) ?? '')) return false;
  return longestCommon(words, wordsOf(said)) / words.length >= commonShare;
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/\p{Script=Han}|[\p{Letter}\p{Number}'’]+/gu) ?? [];
}

/** How many words two texts have in common, in the same order (their longest common subsequence). */
function longestCommon(one: readonly string[], other: readonly string[]): number {
  let lengths = new Array<number>(other.length + 1).fill(0);
  for (const word of one) {
    const next = [0];
    other.forEach((candidate, index) => {
      next.push(candidate === word ? (lengths[index] ?? 0) + 1 : Math.max(lengths[index + 1] ?? 0, next[index] ?? 0));
    });
    lengths = next;
  }
  return lengths.at(-1) ?? 0;
}
