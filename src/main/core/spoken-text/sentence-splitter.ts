import { monthNumber } from './dates.js';
import { abbreviations, endingAbbreviations, titles } from './short-forms.js';

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

/** A full stop after one of these ends no sentence; nor does one after a letter ("U.S.", "J. K."). */
const shortForms = new Set([
  ...['st', 'fig', 'figs', 'eq', 'vol', 'ch', 'pp', 'cf', 'al', 'ft', 'rep', 'pl'],
  ...Object.keys(titles).map((title) => title.toLowerCase()),
  ...['jan', 'feb', 'mar', 'apr', 'jun', 'jul', 'aug', 'sep', 'sept', 'oct', 'nov', 'dec'],
  // The days' short forms are words as well: "We wed."
  ...Object.keys(abbreviations).filter((short) => !/^(?:mon|tues?|wed|thu|thurs|fri)$/.test(short)),
]);

/**
 * Cuts a reply into pieces to be spoken, while it is being written: the first clause, as soon as there is one, then
 * whole sentences, or what makes a long one bearable. Joined, the pieces are the text.
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
    const ends = [sentenceEnd(rest), isFirst ? firstClauseEnd(rest) : longClauseEnd(rest)];
    const end = Math.min(...ends.filter((each) => each !== null));
    if (end === Infinity) return null;
    const piece = rest.slice(0, end);
    rest = rest.slice(end);
    if (piece.trim() !== '') isFirst = false;
    return piece;
  };

  return {
    push(delta) {
      rest += delta;
      const pieces: string[] = [];
      for (let piece = takePiece(); piece !== null; piece = takePiece()) pieces.push(piece);
      return pieces;
    },
    flush() {
      const last = rest;
      rest = '';
      return last === '' ? [] : [last];
    },
  };
}

/**
 * The index after the first sentence and the space that follows it. A sentence at the very end of what has come is
 * not complete yet: "3." may become "3.5", "Dr." goes on, and so does '"Stop!" he said'.
 */
function sentenceEnd(text: string): number | null {
  const ends =
    /(?:\.{2,}|…+)["'”’)\]]*\s+(?=\P{Lowercase})|[.!?]+["'”’)\]]+\s+(?=\P{Lowercase})|[.!?]+\s+|(?<=\p{Lowercase}{2})[.!?]+(?=\p{Uppercase}\p{Lowercase})|[。！？]["'”’）」』]*\s*|\n+/gu;
  for (const match of text.matchAll(ends)) {
    const end = match.index + match[0].length;
    if (/^(?:\.{2,}|…)\s+$/.test(match[0]) && !/^\P{Lowercase}/u.test(text.slice(end))) continue;
    if (/^\.[^.]*$/.test(match[0]) && !match[0].includes('\n') && goesOn(text.slice(0, match.index), text.slice(end)))
      continue;
    if (isWhole(text.slice(0, end))) return end;
  }
  return null;
}

/** Whether a full stop between the two ends no sentence. */
function goesOn(before: string, after: string): boolean {
  // The number of an item of a list.
  if (/(?:^|\n)\s*\d{1,2}$/.test(before)) return true;
  const word = /(?:^|[^\p{Letter}.])(\p{Letter}[\p{Letter}.]*)$/u.exec(before)?.[1]?.toLowerCase();
  if (word === undefined) return false;
  // "No." is a sentence, "No. 5" is not.
  if (word === 'no') return /^\d/.test(after);
  // "8 in." measures where a number stands before it.
  if (word === 'in') return /\d\s?in$/i.test(before) && !/^\p{Uppercase}/u.test(after);
  if (endingAbbreviations.has(word)) return !beginsSentence(after);
  return shortForms.has(word) || /^(?:[a-hj-z]|(?:\p{Letter}\.)+\p{Letter})$/u.test(word);
}

/** Words that begin sentences, and seldom names. */
const openers = new Set(
  (
    'He She They It We You I The This That These Those There Here But And So What My Our His Her Their Your Then If When ' +
    'While In On At A An Do Did Does Is Are Was Were Can Could Would Will Let Please Yes No Oh Well Now How Why Where Who ' +
    'After Before Because Not Just Also However Maybe Some Many Most Everyone Thank Thanks Have Has Which'
  ).split(' '),
);

/** Whether a sentence begins with what comes, as far as its first word is known to be whole. */
function beginsSentence(after: string): boolean {
  const word = /^["'“‘(]*(\p{Letter}+)(?=[^\p{Letter}])/u.exec(after)?.[1];
  return word !== undefined && openers.has(word);
}

/** Whether what belongs together, code between fences or a link, is not torn apart at the end of the text. */
function isWhole(text: string): boolean {
  return text.split('```').length % 2 === 1 && !/\[[^\]\n]*$|\]\([^)\s]*$/.test(text);
}

interface Word {
  readonly text: string;
  /** The index after it and the space that follows it. */
  readonly end: number;
}

/** The words that are complete: those with a space behind them. */
function wordsOf(text: string): readonly Word[] {
  return [...text.matchAll(/(\S+)\s+/gu)].map((match) => ({
    text: match[1] ?? '',
    end: match.index + match[0].length,
  }));
}

/** Up to a comma after three words, or else up to about the eighth. */
function firstClauseEnd(text: string): number | null {
  const words = wordsOf(text);
  const comma = words
    .slice(0, firstPieceWords)
    .findIndex((word, index) => index >= 2 && isPause(word) && mayEnd(text, word));
  if (comma >= 0) return words[comma]?.end ?? null;
  return words.length < firstPieceWords ? null : bestEnd(text, words.slice(0, firstPieceWords), 5);
}

/** In more words than a piece may have: after the last comma, or before the last word that begins a clause. */
function longClauseEnd(text: string): number | null {
  const words = wordsOf(text).slice(0, longestPieceWords);
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
