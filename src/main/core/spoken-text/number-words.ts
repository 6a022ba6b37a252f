import { toCardinal, toOrdinal } from 'n2words/en-US';

/** How numbers are said in American English: words with nothing but spaces between them. */

const withoutHyphens = (words: string): string => words.replaceAll('-', ' ');

/** More digits than this are read one by one: nobody knows the words. */
const mostDigits = 15;

/**
 * "1,234" → one thousand two hundred thirty four; "3.05" → three point zero five; ".5" → point five; "007" → zero zero
 * seven.
 */
export function sayNumber(written: string): string {
  const [whole = '', fraction] = written.replaceAll(',', '').split('.');
  if (whole === '' && fraction !== undefined) return `point ${sayDigits(fraction)}`;
  const said =
    /^0\d/.test(whole) || whole.length > mostDigits
      ? sayDigits(whole)
      : withoutHyphens(toCardinal(whole === '' ? '0' : whole));
  return fraction === undefined ? said : `${said} point ${sayDigits(fraction)}`;
}

/** Each digit by itself; whatever stands between them is not said. */
export function sayDigits(written: string): string {
  return (written.match(/\d/g) ?? []).map((digit) => toCardinal(digit)).join(' ');
}

export function sayOrdinal(written: string): string {
  const value = Number(written.replaceAll(',', ''));
  if (!Number.isSafeInteger(value)) return `${sayDigits(written)}th`;
  return value === 0 ? 'zeroth' : withoutHyphens(toOrdinal(value));
}

/** 1999 → nineteen ninety nine; 1905 → nineteen oh five; 2000 → two thousand; 2024 → twenty twenty four. */
export function sayYear(year: number): string {
  const century = Math.floor(year / 100);
  const rest = year % 100;
  if (year < 100 || year % 1000 < 10) return sayNumber(String(year));
  if (rest === 0) return `${sayNumber(String(century))} hundred`;
  return `${sayNumber(String(century))} ${rest < 10 ? 'oh ' : ''}${sayNumber(String(rest))}`;
}

/** As house numbers and blood pressures are said: 120 → one twenty; 1428 → fourteen twenty eight; 305 → three oh five. */
export function sayInPairs(written: string): string {
  const value = Number(written);
  if (written.length < 3 || written.length > 4 || written.startsWith('0')) return sayNumber(written);
  return value % 100 === 0 && value % 1000 === 0
    ? sayNumber(written)
    : sayYear(value).replace(/^(\w+) thousand (?=\w)/, '$1 thousand ');
}

/** "1990" → nineteen nineties; "1800" → eighteen hundreds; "80" → eighties. */
export function sayDecade(written: string): string {
  const year = Number(written);
  const said = year < 100 ? sayNumber(written) : sayYear(year);
  return said.endsWith('y') ? `${said.slice(0, -1)}ies` : `${said}s`;
}

/** 1, 2 → one half; 3, 4 → three quarters; 2, 3 → two thirds; 31, 32 → thirty one thirty seconds; 5, 1 → five over one. */
export function sayFraction(numerator: number, denominator: number): string {
  if (denominator < 2) return `${sayNumber(String(numerator))} over ${sayNumber(String(denominator))}`;
  const share = denominator === 2 ? 'half' : denominator === 4 ? 'quarter' : sayOrdinal(String(denominator));
  const shares = denominator === 2 ? 'halves' : `${share}s`;
  return `${sayNumber(String(numerator))} ${numerator === 1 ? share : shares}`;
}
