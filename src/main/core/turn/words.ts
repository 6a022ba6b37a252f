import type { SpokenLanguage } from '../../../shared/contract/turn.js';

/** Which language the learner used, by the letters in it. */
export function languageOf(text: string): SpokenLanguage {
  const han = /\p{Script=Han}/u.test(text);
  const latinWord = /\p{Script=Latin}{2,}/u.test(text);
  return han ? (latinWord ? 'mixed' : 'zh') : 'en';
}

/** The length of each word in letters: what a hidden text shows of itself. A Chinese character is a word of two. */
export function blanksOf(text: string): readonly number[] {
  return [...text.matchAll(/\p{Script=Han}|[\p{Letter}\p{Number}\p{Mark}'’-]+/gu)].map(([word]) =>
    /\p{Script=Han}/u.test(word) ? 2 : word.length,
  );
}

/** A stretch of a reply and the sound that says it. */
export interface SpokenPiece {
  readonly text: string;
  readonly durationMs: number;
}

/**
 * How many characters of a reply were heard when `heardMs` of its sound had been played. A piece that was cut counts
 * by the share of it that was heard, to the end of the word.
 */
export function heardCharacters(pieces: readonly SpokenPiece[], heardMs: number): number {
  let characters = 0;
  let remainingMs = heardMs;
  for (const { text, durationMs } of pieces) {
    if (remainingMs >= durationMs) {
      characters += text.length;
      remainingMs -= durationMs;
      continue;
    }
    const cut = Math.floor((text.length * remainingMs) / durationMs);
    if (cut <= 0) return characters;
    const wordEnd = text.slice(cut).search(/\s|$/u);
    return characters + cut + Math.max(0, wordEnd);
  }
  return characters;
}
