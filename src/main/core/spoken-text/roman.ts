import { sayNumber, sayOrdinal } from './number-words.js';
import { rule, type Rule } from './rule.js';

/** Well-formed, up to 399: nothing that is counted in a conversation goes on for longer. */
const numeral = '(?=[IVXLC])(?:C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})';
const values: Readonly<Record<string, number>> = { I: 1, V: 5, X: 10, L: 50, C: 100 };

export function romanValue(written: string): number {
  const each = Array.from(written, (letter) => values[letter] ?? 0);
  return each.reduce((sum, value, index) => sum + (value < (each[index + 1] ?? 0) ? -value : value), 0);
}

/** Names that kings, queens and popes had: "Henry VIII" is the eighth, "Rocky III" is three. */
const rulers = new Set(
  (
    'Henry Louis Charles George Edward Elizabeth James Richard William Mary Philip Frederick Catherine Peter Nicholas ' +
    'Alexander Ivan Napoleon Paul Benedict Pius Gregory Leo Innocent Clement Urban Boniface Francis Ferdinand Otto ' +
    'Darius Xerxes Ptolemy Cleopatra Ramesses Ramses Thutmose Amenhotep Alfonso Carlos Felipe Gustav Christian Harald ' +
    'Olaf Wilhelm Friedrich Karl Haakon Margrethe Isabella Victor Umberto Constantine Leopold Albert Baldwin ' +
    'Theodore Rama Elisabeth'
  ).split(' '),
);
/** What is numbered, so that a single letter is a number as well. */
const numbered =
  /\b(?:Chapter|Part|Act|Scene|Book|Volume|Vol\.|Section|Article|Phase|Stage|Level|Unit|Lesson|Appendix|Figure|Table|Grade|World War|Super Bowl|Episode|Season|Round|Class|Step|chapter|part|act|volume|section|phase|stage|level|unit|lesson|World Wars?)\s+$/;
/** Capitals that are Roman numerals by their letters and something else by their use. */
const otherwise = new Set([
  'I',
  'V',
  'X',
  'L',
  'C',
  'CV',
  'MC',
  'LI',
  'XL',
  'CC',
  'CI',
  'IV',
  'CL',
  'XX',
  'XXL',
  'XXX',
  'LL',
]);

export const roman: readonly Rule[] = [
  rule(
    new RegExp(`(${numeral})(?![\\p{Letter}\\p{Number}'’&+]|-\\p{Letter}|\\.\\p{Letter})`, 'u'),
    ([, written = ''], before, after) => {
      if (written === '') return undefined;
      const name = /(\p{Uppercase}\p{Letter}+)\s+$/u.exec(before)?.[1];
      if (numbered.test(before)) return sayNumber(String(romanValue(written)));
      if (name === undefined) return undefined;
      if (rulers.has(name)) {
        // "Elizabeth I" is the first where no verb follows that the learner's own "I" would have.
        if (
          written.length === 1 &&
          written !== 'V' &&
          written !== 'X' &&
          !/^\s*(?:[.,;:!?)]|$|of\b|was\b|ruled\b|reigned\b|died\b)/.test(after)
        )
          return undefined;
        return `the ${sayOrdinal(String(romanValue(written)))}`;
      }
      return otherwise.has(written) && !(written === 'IV' || written === 'XX')
        ? undefined
        : sayNumber(String(romanValue(written)));
    },
  ),
];
