import type { ClipWord } from '../../../shared/contract/turn.js';

/** A word of a sound with its place in the text that is shown. */
export interface PlacedWord extends ClipWord {
  readonly start: number;
  readonly end: number;
}

/** Where the words stand in the text, in order; one that is not in it is left out. */
export function placedWords(text: string, words: readonly ClipWord[]): readonly PlacedWord[] {
  let from = 0;
  return words.flatMap((word) => {
    const wanted = word.text.trim();
    const start = wanted === '' ? -1 : text.indexOf(wanted, from);
    if (start < 0) return [];
    from = start + wanted.length;
    return [{ ...word, start, end: from }];
  });
}

/** So long a word stays lit after its end where no other follows. */
const afterglowMs = 250;

/** The word that is said at a moment; null in a pause. */
export function wordAt<T extends ClipWord>(words: readonly T[], positionMs: number): T | null {
  const word = words.findLast(({ startMs }) => startMs <= positionMs);
  return word !== undefined && positionMs < word.endMs + afterglowMs ? word : null;
}

/** Below it the recogniser might as well have taken the word for another. */
const unsureProbability = 0.5;

/** A text in stretches: those that the recogniser was unsure of, and what is between them. */
export function heardStretches(
  text: string,
  words: readonly ClipWord[],
): readonly { readonly text: string; readonly unsure: boolean }[] {
  const unsure = placedWords(text, words).filter(
    ({ probability }) => probability !== null && probability < unsureProbability,
  );
  let from = 0;
  const stretches = unsure.flatMap(({ start, end }) => {
    const before = text.slice(from, start);
    from = end;
    return [
      { text: before, unsure: false },
      { text: text.slice(start, end), unsure: true },
    ];
  });
  return [...stretches, { text: text.slice(from), unsure: false }].filter((stretch) => stretch.text !== '');
}
