import { abbreviations, bareAbbreviations, onlyBeforeNumber } from './abbreviation-table.js';
import { month, monthNumber, sayMonth } from './dates.js';
import { rule, spelled, type Rule } from './rule.js';

/** Short forms with a full stop, and those that do without. */
export const shortForms: readonly Rule[] = [
  rule(/St\./, (_, before) => (/\p{Uppercase}\p{Letter}*\s$/u.test(before) ? 'Street' : 'Saint')),
  rule(/Ft\.(?= \p{Uppercase})/u, () => 'Fort'),
  rule(/[Nn]os?\.(?=\s?\d)/, () => 'number'),
  rule(/(pp?)\.(?=\s?\d)/, ([, letters = '']) => (letters === 'p' ? 'page' : 'pages')),
  rule(new RegExp(`(${month})\\.`), ([, name = ''], _, after) =>
    name.length > 4 || (name === 'May' && !/^\s?\d/.test(after))
      ? undefined
      : (sayMonth(monthNumber(name) ?? 0) ?? undefined),
  ),
  // "U.S.", "Ph.D."; the letters of a name ("J. K.") are left to the voice.
  rule(
    /([A-Za-z]{1,2}(?:\.[A-Za-z]){1,8})(?:\.(?!\s*$|\s+(?:He|She|It|They|We|I|You|The|This|That|There)\b))?(?!\p{Letter})/u,
    ([, letters = '']) =>
      abbreviations[letters.toLowerCase()] ??
      (/\p{Uppercase}/u.test(letters) ? spelled(letters.replaceAll('.', '')) : undefined),
  ),
  rule(/(\p{Letter}{1,12})(\.)?(?![\p{Letter}\p{Number}'’])/u, ([, word = '', stop], _, after) => {
    const short = word.toLowerCase();
    if (!Object.hasOwn(abbreviations, short)) return undefined;
    // "Wed" and "fri" are short for nothing, "Wed." is; "Fri" at the end of a sentence is the same day.
    if (stop === undefined && !bareAbbreviations.has(short)) return undefined;
    if (word === 'MS' || (word === 'mon' && stop !== undefined)) return undefined;
    if (onlyBeforeNumber.has(short) && !/^\s?\d/.test(after)) return undefined;
    // "That is the max. Then…", "He is my rep." are words; "max. speed" is short.
    if (/^(?:min|max|temp|rep|gen|col|lt|sen|gov|rev|hon|co|tel|corp)$/.test(word) && !/^\s?[a-z\d]/.test(after))
      return undefined;
    if (short === 'co' && !/^\s*[,.]?/.test(after)) return undefined;
    return abbreviations[short];
  }),
];
