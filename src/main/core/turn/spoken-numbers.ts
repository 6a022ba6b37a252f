import { toCardinal, toOrdinal } from 'n2words/en-US';

/** How numbers are said in American English: words with nothing but spaces between them. */

const withoutHyphens = (words: string): string => words.replaceAll('-', ' ');

/** "1,234" → one thousand two hundred thirty four; "3.05" → three point zero five; "007" → zero zero seven. */
export function sayNumber(written: string): string {
  const [whole = '', fraction] = written.replaceAll(',', '').split('.');
  const said = /^0\d/.test(whole) ? sayDigits(whole) : withoutHyphens(toCardinal(whole === '' ? '0' : whole));
  return fraction === undefined ? said : `${said} point ${sayDigits(fraction)}`;
}

/** Each digit by itself; whatever stands between them is not said. */
export function sayDigits(written: string): string {
  return (written.match(/\d/g) ?? []).map((digit) => toCardinal(digit)).join(' ');
}

export function sayOrdinal(written: string): string {
  const value = Number(written.replaceAll(',', ''));
  return value === 0 ? 'zeroth' : withoutHyphens(toOrdinal(value));
}

/** 1999 → nineteen ninety nine; 1905 → nineteen oh five; 2000 → two thousand; 2024 → twenty twenty four. */
export function sayYear(year: number): string {
  const century = Math.floor(year / 100);
  const rest = year % 100;
  if (year % 1000 < 10) return sayNumber(String(year));
  if (rest === 0) return `${sayNumber(String(century))} hundred`;
  return `${sayNumber(String(century))} ${rest < 10 ? 'oh ' : ''}${sayNumber(String(rest))}`;
}

/** "1990" → nineteen nineties; "1800" → eighteen hundreds; "80" → eighties. */
export function sayDecade(written: string): string {
  const year = Number(written);
  const said = year < 100 ? sayNumber(written) : sayYear(year);
  return said.endsWith('y') ? `${said.slice(0, -1)}ies` : `${said}s`;
}

/** 1, 2 → one half; 3, 4 → three quarters; 2, 3 → two thirds. */
export function sayFraction(numerator: number, denominator: number): string {
  const share = denominator === 2 ? 'half' : denominator === 4 ? 'quarter' : sayOrdinal(String(denominator));
  const shares = denominator === 2 ? 'halves' : `${share}s`;
  return `${sayNumber(String(numerator))} ${numerator === 1 ? share : shares}`;
}

/** 10, 30 → ten thirty; 10, 5 → ten oh five; 10, 0 → ten o'clock, or with a `half` of the day ten A-M; 14, 0 → fourteen hundred. */
export function sayTime(hour: number, minute: number, half: string | null): string {
  const number = (value: number): string => sayNumber(String(value));
  const parts = [number(hour)];
  if (minute > 0) parts.push(minute < 10 ? `oh ${number(minute)}` : number(minute));
  else if (half === null) parts.push(hour <= 12 ? "o'clock" : 'hundred');
  if (half !== null) parts.push(half);
  return parts.join(' ');
}

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

/** The month that a name or the beginning of one means, 1..12: "Nov", "Sept.", "november". */
export function monthNumber(name: string): number | null {
  const beginning = name.replace('.', '').toLowerCase();
  const index = months.findIndex((month) => month.toLowerCase().startsWith(beginning));
  return index < 0 || beginning.length < 3 ? null : index + 1;
}

/** Null for a month that there is not. */
export function sayMonth(month: number): string | null {
  return months[month - 1] ?? null;
}

/** 11, 22, 2026 → November twenty second, twenty twenty six. Null for a day that there is not. */
export function sayDate(month: number, day: number, year: number | null): string | null {
  const name = sayMonth(month);
  if (name === null || day < 1 || day > 31) return null;
  return `${name} ${sayOrdinal(String(day))}${year === null ? '' : `, ${sayYear(year)}`}`;
}

const currencies: Readonly<
  Record<string, readonly [one: string, many: string, hundredth: string, hundredths: string]>
> = {
  $: ['dollar', 'dollars', 'cent', 'cents'],
  '€': ['euro', 'euros', 'cent', 'cents'],
  '£': ['pound', 'pounds', 'penny', 'pence'],
  // Whoever learns with this app counts in yuan, not in yen.
  '¥': ['yuan', 'yuan', 'fen', 'fen'],
};

/** "$", "3.50" → three dollars fifty; "£", "0.99" → ninety nine pence; "$", "2", "million" → two million dollars. */
export function sayMoney(symbol: string, amount: string, scale: string | null): string {
  const [one, many, hundredth, hundredths] = currencies[symbol] ?? ['', '', '', ''];
  if (scale !== null) return `${sayNumber(amount)} ${scale} ${many}`;
  const [whole = '0', fraction = ''] = amount.replaceAll(',', '').split('.');
  if (fraction.length > 2 || fraction.length === 1) return `${sayNumber(amount)} ${many}`;
  const parts = Number(fraction);
  if (Number(whole) === 0 && parts > 0) return `${sayNumber(String(parts))} ${parts === 1 ? hundredth : hundredths}`;
  const said = `${sayNumber(whole)} ${Number(whole) === 1 ? one : many}`;
  return parts === 0 ? said : `${said} ${sayNumber(String(parts))}`;
}
