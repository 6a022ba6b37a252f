import { monthNames } from './dates.js';
import { sayNumber } from './number-words.js';
import { rule, spelled, type Rule } from './rule.js';
import { abbreviations as known, bareAbbreviations, initialisms, titles } from './short-forms.js';

const isCapitals = (letters: string): boolean => letters === letters.toUpperCase();

/** Whether capitals are named one by one. Others are a name that is read (NASA), or a word said with force (LOVE). */
function isSpelled(capitals: string): boolean {
  return capitals.length > 1 && (initialisms.has(capitals) || !/[AEIOUY]/.test(capitals));
}

/** Short forms with signs in them: tried before the signs are. */
export const signedAbbreviations: readonly Rule[] = [
  rule(/C\+\+/, () => 'C plus plus'),
  rule(/([CF])#(?!\w)/, ([, letter = '']) => `${letter} sharp`),
  rule(/w\/o\b/, () => 'without'),
  rule(/w\/(?=\s?\p{Letter})/u, () => 'with'),
  rule(
    /(\p{Uppercase}{1,3})&(\p{Uppercase}{1,3})(?![\p{Letter}\p{Number}])/u,
    ([, one = '', other = '']) => `${spelled(one)} and ${spelled(other)}`,
  ),
];

export const abbreviations: readonly Rule[] = [
  rule(/St\./, (_, before) =>
    /(?:\p{Uppercase}[\p{Letter}'’]*|\d(?:st|nd|rd|th))\s$/u.test(before) ? 'Street' : 'Saint',
  ),
  rule(
    new RegExp(`(${Object.keys(titles).join('|')})\\.(?=\\s+\\p{Uppercase})`, 'u'),
    ([, title = '']) => titles[title],
  ),
  rule(/[Ee]xt\.(?=\s?\d)/, () => 'extension'),
  rule(/([Nn]o|[Nn]r)\.(?=\s?\d)/, () => 'number'),
  rule(/[Ff]igs?\.(?=\s?\d)/, () => 'figure'),
  rule(/[Ee]qs?\.(?=\s?\d)/, () => 'equation'),
  rule(/[Vv]ol\.(?=\s?[\dIVX])/, () => 'volume'),
  rule(/[Cc]h\.(?=\s?[\dIVX])/, () => 'chapter'),
  rule(/pp\.(?=\s?\d)/, () => 'pages'),
  rule(/p\.(?=\s?\d)/, () => 'page'),
  // "5 ft. 8 in.": after a number only, since "in" is a word.
  rule(/(ft|in)\.(?=\s|$)/, ([, unit], before, after) => {
    const number = /(\d+(?:\.\d+)?)\s?$/.exec(before)?.[1];
    if (number === undefined || (unit === 'in' && !/^\s*(?:$|[a-z\d(])/.test(after))) return undefined;
    return unit === 'ft' ? (number === '1' ? 'foot' : 'feet') : number === '1' ? 'inch' : 'inches';
  }),
  ...monthNames,
  // "U.S.", "Ph.D."; the letters of a name ("J. K.") are left to the voice.
  rule(
    /(\p{Letter}{1,2}(?:\.\p{Letter}){1,12})(?:\.(?!\s*$|\s+\p{Uppercase}\p{Lowercase}))?(?!\p{Letter})/u,
    ([, letters = '']) =>
      known[letters.toLowerCase()] ??
      (/\p{Uppercase}/u.test(letters) ? spelled(letters.replaceAll('.', '')) : undefined),
  ),
  rule(/(\p{Letter}{1,40})(\.)?(?![\p{Letter}\p{Number}'’])/u, ([, word = '', stop], before) => {
    const short = word.toLowerCase();
    // "Wed" and "fri" are short for nothing, "Wed." is; "Fri" at the end of a sentence is the same day.
    if (stop === undefined ? !bareAbbreviations.has(short) : !Object.hasOwn(known, short)) return undefined;
    if (word === 'MS' || (word === 'mon' && stop !== undefined)) return undefined;
    if (/[\p{Letter}\p{Number}]$/u.test(before)) return undefined;
    return known[short];
  }),
  // "GPT-4o", "MP3", "B2", "PM2.5": letters by name, numbers as such.
  rule(/(?=\p{Script=Latin}{0,40}\d)[\p{Script=Latin}\d]{1,60}(?:(?<=\d)\.\d{1,10}(?![.\d]))?/u, ([written]) =>
    (written.match(/\d+(?:\.\d+)?|\p{Letter}+/gu) ?? [])
      .map((part) =>
        /\d/.test(part) ? sayNumber(part) : part.length <= 3 && isCapitals(part) ? `${spelled(part)}-` : part,
      )
      .join(' ')
      .replaceAll(/- |-$/g, (end) => (end === '- ' ? '-' : '')),
  ),
  rule(
    /(\p{Uppercase}{2,})(['’]?s)?(?!['’]?[\p{Letter}\p{Number}])/u,
    ([, capitals = '', plural]) =>
      `${isSpelled(capitals) ? spelled(capitals) : capitals.toLowerCase()}${plural === undefined ? '' : "'s"}`,
  ),
];
