import { initialisms } from './abbreviation-table.js';
import { rule, spelled, type Rule } from './rule.js';
import { sayDigits, sayNumber } from './say-number.js';

const isCapitals = (letters: string): boolean => letters === letters.toUpperCase();

/** Whether capitals are named one by one. Others are a name that is read (NASA), or a word said with force (LOVE). */
function isSpelled(capitals: string): boolean {
  return capitals.length > 1 && (initialisms.has(capitals) || !/[AEIOUY]/.test(capitals));
}

const rareLetters: Readonly<Record<string, string>> = {
  ...{ ł: 'l', Ł: 'L', œ: 'oe', Œ: 'Oe', ı: 'i', đ: 'd', Đ: 'D', ħ: 'h', ŋ: 'ng', ß: 'ss', ẞ: 'ss', ª: '', º: '' },
};

/** In letters that an English voice can say: "café" stays, of "jiābān" the tones are left out. */
const sayable = (word: string): string =>
  word
    .normalize('NFC')
    .replaceAll(
      /[^\u0020-\u007e\u00c0-\u00ff]|ß/gu,
      (letter) => rareLetters[letter] ?? letter.normalize('NFD').replaceAll(/[^A-Za-z']/g, ''),
    );

/** Numbers behind letters are said as such; long ones, as in "ABC12345", digit by digit. */
const sayPart = (digits: string): string => (digits.length > 4 ? sayDigits(digits) : sayNumber(digits));

/** Words, letters and names of both. What is left of other writing has no sound. */
export const words: readonly Rule[] = [
  // "PM2.5": what is behind the point belongs to the number.
  rule(
    /([A-Z]{1,4})(\d{1,3}\.\d{1,3})(?![\d.]\d|\p{Letter})/u,
    ([, letters = '', value = '']) => `${letters.length > 1 ? spelled(letters) : letters} ${sayNumber(value)}`,
  ),
  // "GPT-4o", "MP3", "B2": letters by name, numbers as such.
  rule(/(?=\p{Script=Latin}{0,40}\d)[\p{Script=Latin}\d]{1,80}/u, ([written]) =>
    (written.match(/\d+|\p{Letter}+/gu) ?? [])
      .map((part) =>
        /\d/.test(part)
          ? sayPart(part)
          : part.length <= 3 && isCapitals(part)
            ? `${sayable(spelled(part))}-`
            : sayable(part),
      )
      .join(' ')
      .replaceAll(/- |-$/g, (end) => (end === '- ' ? '-' : '')),
  ),
  rule(
    /((?:(?=\p{Script=Latin})\p{Uppercase}){2,80})(['’]?s)?(?!['’]?[\p{Letter}\p{Number}])/u,
    ([, capitals = '', plural], before) =>
      /\p{Letter}$/u.test(before)
        ? undefined
        : sayable(
            `${isSpelled(capitals) ? spelled(capitals) : capitals.toLowerCase()}${plural === undefined ? '' : "'s"}`,
          ),
  ),
  rule(/(?:n['’]t|['’](?:ll|re|ve|s|d|m|t))(?!\p{Letter})/iu, ([ending], before) =>
    /\p{Letter}$/u.test(before) ? ending.replace('’', "'").toLowerCase() : undefined,
  ),
  rule(
    /\p{Script=Latin}[\p{Script=Latin}\p{Mark}]*(?:['’]\p{Script=Latin}[\p{Script=Latin}\p{Mark}]*)*/u,
    ([word]) =>
      sayable((/\p{Lowercase}/u.test(word) || word.length < 3 ? word : word.toLowerCase()).replaceAll('’', "'")) ||
      null,
  ),
];
