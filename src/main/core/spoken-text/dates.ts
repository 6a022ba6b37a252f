import { rule, type Rule } from './rule.js';
import { sayTime } from './times.js';
import { sayDecade, sayDigits, sayNumber, sayOrdinal, sayYear } from './say-number.js';

const months = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
];

/** The name of a month or its short form, as it is written in a pattern. */
export const month =
  '(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)';

/** The month that a name or the beginning of one means, 1..12: "Nov", "Sept.", "november". */
export function monthNumber(name: string): number | null {
  const beginning = name.replace('.', '').toLowerCase();
  const index = months.findIndex((each) => each.toLowerCase().startsWith(beginning));
  return index < 0 || beginning.length < 3 ? null : index + 1;
}

/** Null for a month that there is not. */
export function sayMonth(number: number): string | null {
  return months[number - 1] ?? null;
}

/** 11, 22, 2026 → November twenty second, twenty twenty six. Null for a day that there is not. */
function sayDate(monthOfYear: number, day: number, year: string | null): string | null {
  const name = sayMonth(monthOfYear);
  if (name === null || day < 1 || day > 31) return null;
  return `${name} ${sayOrdinal(String(day))}${year === null ? '' : `, ${year}`}`;
}

/** "2026" → twenty twenty six; "05" → zero five; "26" → twenty six. */
const sayYearOf = (written: string): string =>
  written.length === 4 ? sayYear(Number(written)) : written.startsWith('0') ? sayDigits(written) : sayNumber(written);

/** Two numbers with slashes: the month first, as in America, where that is possible. */
function sayEither(one: string, other: string, year: string): string | undefined {
  const [first, second] = Number(one) > 12 ? [other, one] : [one, other];
  return sayDate(Number(first), Number(second), sayYearOf(year)) ?? undefined;
}

/** 15, 1, 2020 → the fifteenth of January twenty twenty. "The" is not said twice. */
function sayDayFirst(day: string, monthOfYear: number, year: string | undefined, before: string): string | undefined {
  const name = sayMonth(monthOfYear);
  if (name === null || Number(day) < 1 || Number(day) > 31) return undefined;
  const the = /\bthe\s+$/i.test(before) ? '' : 'the ';
  return `${the}${sayOrdinal(day)} of ${name}${year === undefined ? '' : ` ${sayYear(Number(year))}`}`;
}

/** Small "may" and "march" are words as well. */
const isWordToo = (name: string): boolean => name === 'may' || name === 'march' || name === 'mar';

const tellsDay =
  /\b(?:on|by|until|till|since|from|before|after|due|dated?|(?:on|by|is) (?:the|mon|tues|wednes|thurs|fri|satur|sun)(?:day)?,?)\s+$/i;
const tellsYear =
  /\b(?:in|since|by|from|until|till|to|of|year|before|after|around|spring|summer|autumn|fall|winter|early|late|mid|circa)[\s-]+$|\d{4}\s*[-–—]\s*$/i;
/** A number of things, not a year: "1999 people", "2050 steps". */
const countsThings = /^\s+(?:people|men|women|children|(?!was|is|has|as|this|plus|versus)[a-z]+s\b)/;
const era = '(AD|BC|BCE|CE|A\\.D\\.|B\\.C\\.(?:E\\.)?)(?![A-Za-z])';
const sayEra = (written: string): string => written.replaceAll('.', '').split('').join('-');

const dayNames: Readonly<Record<string, string>> = {
  ...{ mon: 'Monday', tue: 'Tuesday', tues: 'Tuesday', wed: 'Wednesday', thu: 'Thursday', thur: 'Thursday' },
  ...{ thurs: 'Thursday', fri: 'Friday', sat: 'Saturday', sun: 'Sunday' },
};
const sayDay = (name: string): string => dayNames[name.toLowerCase()] ?? sayMonth(monthNumber(name) ?? 0) ?? name;
const day = '(?:Mon|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|Sun)(?:day|nesday|urday|sday)?';

/** Dates, years and decades. */
export const dates: readonly Rule[] = [
  // "Mon-Fri", "Jan–Mar".
  rule(
    new RegExp(`(${day})\\.?\\s?[-–—]\\s?(${day})(?![A-Za-z])`),
    ([, from = '', to = '']) => `${sayDay(from)} to ${sayDay(to)}`,
  ),
  rule(
    new RegExp(`(${month})\\.?\\s?[-–—]\\s?(${month})(?![A-Za-z])`),
    ([, from = '', to = '']) => `${sayDay(from)} to ${sayDay(to)}`,
  ),
  // Chinese dates, in numbers that an English voice can say.
  rule(/(\d{4})年(\d{1,2})月(?:(\d{1,2})[日号])?/, ([, year = '', m = '', day]) =>
    day === undefined
      ? `${sayMonth(Number(m)) ?? ''} ${sayYear(Number(year))}`.trim()
      : (sayDate(Number(m), Number(day), sayYear(Number(year))) ?? undefined),
  ),
  rule(/(\d{1,2})月(\d{1,2})[日号]/, ([, m, day]) => sayDate(Number(m), Number(day), null) ?? undefined),
  rule(/(\d{4})年/, ([, year]) => sayYear(Number(year))),

  // As computers write it.
  rule(
    /(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?(?![\d:])/,
    ([, year = '', m, day, hour, minute]) => {
      const date = sayDate(Number(m), Number(day), sayYear(Number(year)));
      return date === null || Number(hour) > 24
        ? undefined
        : `${date} at ${sayTime(Number(hour), Number(minute), null)}`;
    },
  ),
  rule(
    /(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?![\d.]\d|\d)/,
    ([, year = '', , m, day]) => sayDate(Number(m), Number(day), sayYear(Number(year))) ?? undefined,
  ),
  rule(/(\d{1,2})\/(\d{1,2})\/(\d{4}|\d{2})(?![\d/])/, ([, one = '', other = '', year = '']) =>
    sayEither(one, other, year),
  ),
  rule(/(\d{1,2})\.(\d{1,2})\.(\d{4})(?!\.?\d)/, ([, one = '', other = '', year = '']) => sayEither(one, other, year)),
  rule(/(\d{1,2})-(\d{1,2})-(\d{4})(?!-?\d)/, ([, day = '', m = '', year = ''], before) =>
    Number(m) > 12 ? sayEither(day, m, year) : sayDayFirst(day, Number(m), year, before),
  ),
  rule(
    /(\d{1,2})\/(\d{1,2})(?![\d/.]*\d|\s*(?:of|cups?|inch|miles?|hours?|teaspoons?|tablespoons?)\b)/,
    ([, m, day], before) => (tellsDay.test(before) ? (sayDate(Number(m), Number(day), null) ?? undefined) : undefined),
  ),
  rule(
    new RegExp(
      `(?<!\\p{Letter})(${month})(?:\\.? {1,3}|-)(\\d{1,2})(?:st|nd|rd|th)?\\b(?:(,?) {1,3}(\\d{4})(?!\\d|[.,:]\\d))?(?![\\d:/%]|\\.\\d| ?[ap]\\.?m\\b)`,
      'iu',
    ),
    ([, name = '', day, , year], before) =>
      isWordToo(name) && year === undefined && !tellsDay.test(before)
        ? undefined
        : (sayDate(monthNumber(name) ?? 0, Number(day), year === undefined ? null : sayYear(Number(year))) ??
          undefined),
  ),
  rule(new RegExp(`(${month})\\.? {1,3}(\\d{4})(?!\\d|[.,:]\\d)`, 'i'), ([, name = '', year]) =>
    isWordToo(name) ? undefined : `${sayMonth(monthNumber(name) ?? 0) ?? name} ${sayYear(Number(year))}`,
  ),
  rule(
    new RegExp(
      `(\\d{1,2})(?:st|nd|rd|th)?(?: of)? {1,3}(${month})(?![A-Za-z])(?:\\.(?=\\s+\\S)(?!\\s+[A-Z])|\\.(?=$))?(?:,? {1,3}(\\d{4})(?!\\d))?`,
      'i',
    ),
    ([written, day = '', name = '', year], before) =>
      name === 'may' && !/\d(?:st|nd|rd|th)/.test(written) && year === undefined
        ? undefined
        : sayDayFirst(day, monthNumber(name) ?? 0, year, before),
  ),

  rule(
    new RegExp(`(\\d{1,5}) ?${era}`),
    ([, year = '', name = '']) =>
      `${year.length === 4 && !year.endsWith('00') ? sayYear(Number(year)) : sayNumber(year)} ${sayEra(name)}`,
  ),
  rule(/A\.?D\.? ?(\d{1,4})(?!\d)/, ([, year]) => `A-D ${sayYear(Number(year))}`),
  rule(/['’]?(\d{2}00|[12]\d{2}0|[1-9]0)['’]?(?:s| s(?=$|[.,!?]))(?![A-Za-z])/, ([, value = '']) => sayDecade(value)),
  // "1960-80" is a time; other numbers are told by what stands before them.
  rule(/(1[5-9]\d\d|20\d\d)\s?[-–—]\s?(\d{2})(?![\d.,:/-]|['’]?s|\s?[%°€$a-z])/, ([, from = '', to = '']) =>
    Number(to) > Number(from.slice(2)) ? `${sayYear(Number(from))} to ${sayNumber(to)}` : undefined,
  ),
  rule(/\d{4}(?!\d|,\d|\.\d|\s?[%°€]|\s?[-–—]\s?\d{3,4}\s?[A-Za-z])/, ([written], before, after) => {
    const year = Number(written);
    const inContext = year >= 1100 && year < 2100 && tellsYear.test(before);
    if (
      /^\s?[a-z]{1,2}\b/i.test(after) &&
      !/^\s(?:is|it|I|he|we|in|to|at|by|a|as|on|or|my|so|if|of|do|up|no|an|be)\b/.test(after)
    )
      return undefined;
    return (inContext || (year >= 1900 && year < 2100)) && !countsThings.test(after) ? sayYear(year) : undefined;
  }),
];
