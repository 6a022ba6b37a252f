import { toCardinal, toOrdinal } from 'n2words/en-US';

/** How numbers are said in American English: words with nothing but spaces between them. */

const withoutHyphens = (words: string): string => words.replaceAll('-', ' ');

/** Longer numbers than this have no name that anybody knows: they are read digit by digit. */
const longestNamed = 36;

/** "1,234" → one thousand two hundred thirty four; "3.05" → three point zero five; "007" → zero zero seven. */
export function sayNumber(written: string): string {
  // A comma before one or two digits is a European's point.
  const american = /^\d+,\d{1,2}$/.test(written) ? written.replace(',', '.') : written.replaceAll(',', '');
  const [whole = '', fraction] = american.split('.');
  const point = fraction === undefined ? '' : `point ${sayDigits(fraction)}`;
  if (whole === '') return point;
  const isNamed = !/^0\d/.test(whole) && whole.length <= longestNamed;
  return `${isNamed ? withoutHyphens(toCardinal(whole)) : sayDigits(whole)} ${point}`.trimEnd();
}

/** Each digit by itself; whatever stands between them is not said. */
export function sayDigits(written: string): string {
  return (written.match(/\d/g) ?? []).map((digit) => toCardinal(digit)).join(' ');
}

/** "21" → twenty first; "1,000" → one thousandth. */
export function sayOrdinal(written: string): string {
  const digits = written.replaceAll(',', '');
  if (Number(digits) === 0) return 'zeroth';
  return withoutHyphens(toOrdinal(BigInt(digits)));
}

/** 1999 → nineteen ninety nine; 1905 → nineteen oh five; 2000 → two thousand; 2024 → twenty twenty four. */
export function sayYear(year: number): string {
  const century = Math.floor(year / 100);
  const rest = year % 100;
  if (year < 1000 || year % 1000 < 10) return sayNumber(String(year));
  if (rest === 0) return `${sayNumber(String(century))} hundred`;
  return `${sayNumber(String(century))} ${rest < 10 ? 'oh ' : ''}${sayNumber(String(rest))}`;
}

/** "1990" → nineteen nineties; "1800" → eighteen hundreds; "80" → eighties. */
export function sayDecade(written: string): string {
  const year = Number(written);
  const said = year < 100 ? sayNumber(written) : sayYear(year);
  return said.endsWith('y') ? `${said.slice(0, -1)}ies` : `${said}s`;
}

/** 1, 2 → one half; 3, 4 → three quarters; 31, 32 → thirty one thirty seconds; 142, 1 → one hundred forty two over one. */
export function sayFraction(numerator: number, denominator: number): string {
  const over = sayNumber(String(numerator));
  if (denominator <= 1) return `${over} over ${sayNumber(String(denominator))}`;
  const share = denominator === 2 ? 'half' : denominator === 4 ? 'quarter' : sayOrdinal(String(denominator));
  const shares = denominator === 2 ? 'halves' : `${share}s`;
  return `${over} ${numerator === 1 ? share : shares}`;
}

/** Behind a whole number: "and a half", "and two thirds". */
export const sayMixed = (numerator: number, denominator: number): string =>
  sayFraction(numerator, denominator).replace(/^one (?=half$|quarter$)/, 'a ');

const scales: Readonly<Record<string, string>> = {
  k: 'thousand',
  m: 'million',
  mn: 'million',
  b: 'billion',
  bn: 'billion',
  t: 'trillion',
};

/** "k", "bn", "million": what a number is counted in; null where nothing is written. */
export function sayScale(written: string | undefined): string | null {
  if (written === undefined || written.trim() === '') return null;
  const scale = written.trim().toLowerCase();
  return scales[scale] ?? scale;
}
