import { monthNumber } from './dates.js';
import { fencesOf } from './fences.js';
import { mayBeDirection } from './stage-directions.js';
import { goesOn } from './sentence-ends.js';

/** The first piece is cut after so many words even without a pause, so that the voice can start early. */
const firstPieceWords = 8;

/** A sentence that is longer is cut, so that the voice stays ahead of what is heard of it. */
const longestPieceWords = 25;

/** Where there is no comma, a clause begins with one of these. */
const joiningWords = new Set(
  (
    'and but or so because since although though while when where which who that if unless than then as ' +
    'with without for from to in on at by of about into over under after before'
  ).split(' '),
);

/** Writing without a space is cut here at the latest, in characters. */
const longestPiece = 1000;

/**
 * Cuts a reply into pieces to be spoken, while it is being written: the first clause, as soon as there is one, then
 * whole sentences, or what makes a long one bearable. Joined, the pieces are the text; where they are cut depends on the
 * text alone, not on how it comes.
 */
export interface SentenceSplitter {
  /** Takes more text; answers the pieces that are complete now. */
  push(delta: string): readonly string[];
  /** The end of the text; answers what is left. */
  flush(): readonly string[];
}

export function createSentenceSplitter(): SentenceSplitter {
  let rest = '';
  let isFirst = true;

  const takePiece = (): string | null => {
    const limit = openCodeStart(rest);
    const sentence = sentenceEnd(rest);
    const clause = isFirst ? firstClauseEnd(rest) : longClauseEnd(rest);
    const end = Math.min(
      sentence.end ?? Infinity,
      // What may still turn out to be a sentence's end comes first.
      clause !== null && clause <= (sentence.undecidedAt ?? Infinity) ? clause : Infinity,
      rest.length >= longestPiece && limit === null ? wholeCharacters(rest) : Infinity,
    );
    if (end === Infinity || (limit !== null && end > limit)) return null;
    const piece = rest.slice(0, end);
    rest = rest.slice(end);
    if (piece.trim() !== '') isFirst = false;
    return piece;
  };

  return {
    push(delta) {
      const pieces: string[] = [];
      for (const unit of delta.split('')) {
        const last = rest.at(-1) ?? '';
        rest += unit;
        if (!mayDecide(last, unit) && rest.length % longestPiece !== 0) continue;
        for (let piece = takePiece(); piece !== null; piece = takePiece()) pieces.push(piece);
      }
      return pieces;
    },
    flush() {
      const last = rest;
      rest = '';
      return last === '' ? [] : [last];
    },
  };
}

const isSpace = (unit: string): boolean => /\s/.test(unit);

/** Whether a character behind another can decide where the text is cut: words and sentences become whole with it. */
function mayDecide(last: string, unit: string): boolean {
  if (last === '') return false;
  if (isSpace(last) !== isSpace(unit)) return true;
  return (
    /[。！？”’」』）"']/.test(last) || (/\p{Lowercase}/u.test(unit) && /\p{Uppercase}/u.test(last)) || last === '`'
  );
}

/** The length of the longest beginning of a text that a piece may have; no character is torn apart. */
function wholeCharacters(text: string): number {
  return /[\ud800-\udbff]/.test(text[longestPiece - 1] ?? '') ? longestPiece - 1 : longestPiece;
}

/** Where code begins that has not come to its end yet, or what may be code; null where there is none. */
function openCodeStart(text: string): number | null {
  const last = fencesOf(text).at(-1);
  return last && !last.isClosed && (last.isCode || !last.isDecided) ? last.start : null;
}

/**
 * The index after the first sentence and the space that follows it. A sentence at the very end of what has come is
 * not complete yet: "3." may become "3.5", "Dr." goes on, and so does '"Stop!" he said'. `undecidedAt`: here one ends
 * or not, which the next word will tell.
 */
function sentenceEnd(text: string): { readonly end: number | null; readonly undecidedAt?: number } {
  const ends =
    /(?<![.…])(?:\.{2,}|…+)["'”’)\]]*\s+(?=\P{Lowercase})|(?<![.!?])[.!?]+["'”’)\]]+\s+(?=\P{Lowercase})|(?<![.!?])[.!?]+\s+|(?<=\p{Lowercase}{2})[.!?]+(?=\p{Uppercase}\p{Lowercase})|[。！？]["'”’）」』]*\s*|\n+/gu;
  for (const match of text.matchAll(ends)) {
    const end = match.index + match[0].length;
    if (/^(?:\.{2,}|…)\s+$/.test(match[0]) && !/^\P{Lowercase}/u.test(text.slice(end))) continue;
    if (/^\.[^.]*$/.test(match[0]) && !match[0].includes('\n')) {
      const verdict = goesOn(text.slice(Math.max(0, match.index - 40), match.index), text.slice(end, end + 40));
      if (verdict === null) return { end: null, undecidedAt: end };
      if (verdict) continue;
    }
    if (isWhole(text.slice(0, end))) return { end };
  }
  return { end: null };
}

/** How far back a mark may have been opened that is not closed yet, in characters. */
const longestSpan = 300;

/** Whether what belongs together, code between fences, a link, a formula, is not torn apart at the end of the text. */
function isWhole(text: string): boolean {
  if (fencesOf(text).some(({ isCode, isClosed, isDecided }) => !isClosed && (isCode || !isDecided))) return false;
  const end = text.slice(Math.max(0, text.length - longestSpan));
  const line = end.slice(end.trimEnd().lastIndexOf('\n') + 1);
  if (/\[[^\][\n]*$|\]\([^)(\s]*$/.test(line)) return false;
  if (/\$[^\s$][^$\n]*$/.test(line) && /[\\^_]/.test(line.slice(line.lastIndexOf('$')))) return false;
  const direction = /(?:^|[\s"'“])(?:\*(?!\*)|_|[(（])(?=\S)([^*_()（）\n]*)$/.exec(line)?.[1];
  return direction === undefined || !mayBeDirection(direction);
}

interface Word {
  readonly text: string;
  /** The index after it and the space that follows it. */
  readonly end: number;
}

/** The first words that are complete: those with a space behind them. */
function wordsOf(text: string, most: number): readonly Word[] {
  const words: Word[] = [];
  for (const match of text.matchAll(/(\S+)(\s*)/gu)) {
    if (words.length === most || match[2] === '') break;
    words.push({ text: match[1] ?? '', end: match.index + match[0].length });
  }
  return words;
}

/** Up to a comma after three words, or else up to about the eighth. */
function firstClauseEnd(text: string): number | null {
  const words = wordsOf(text, firstPieceWords);
  const comma = words.findIndex((word, index) => index >= 2 && isPause(word) && mayEnd(text, word));
  if (comma >= 0) return words[comma]?.end ?? null;
  return words.length < firstPieceWords ? null : bestEnd(text, words, 5);
}

/** In more words than a piece may have: after the last comma, or before the last word that begins a clause. */
function longClauseEnd(text: string): number | null {
  const words = wordsOf(text, longestPieceWords);
  if (words.length < longestPieceWords) return null;
  const comma = words.findLast((word, index) => index >= firstPieceWords && isPause(word) && mayEnd(text, word));
  return comma?.end ?? bestEnd(text, words, longestPieceWords / 2);
}

/** Before the last joining word after at least `fewest` others, or as late as the text may be cut at all. */
function bestEnd(text: string, words: readonly Word[], fewest: number): number | null {
  const joining = words.findLastIndex((word, index) => {
    const before = words[index - 1];
    return index >= fewest && before !== undefined && joiningWords.has(word.text.toLowerCase()) && mayEnd(text, before);
  });
  if (joining > 0) return words[joining - 1]?.end ?? null;
  return words.findLast((word) => mayEnd(text, word))?.end ?? null;
}

const isPause = (word: Word): boolean => /[,;:—，；：]["'”’)]*$/.test(word.text);

/** Whether a piece may end with this word: not between a number and its unit, a month and its day, a title and a name. */
function mayEnd(text: string, { text: word, end }: Word): boolean {
  return (
    !/\d|^[$€£¥#+-]*$/.test(word) && !word.endsWith('.') && monthNumber(word) === null && isWhole(text.slice(0, end))
  );
}
