import { sayDecade, sayNumber, sayOrdinal, sayYear } from './number-words.js';
import { rule, spelled, type Rule } from './rule.js';

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
function sayMonth(month: number): string | null {
  return months[month - 1] ?? null;
}

/** 11, 22, 2026 → November twenty second, twenty twenty six. Null for a day that there is not. */
function sayDate(month: number, day: number, year: number | null): string | null {
  const name = sayMonth(month);
  if (name === null || day < 1 || day > 31) return null;
  return `${name} ${sayOrdinal(String(day))}${year === null ? '' : `, ${sayYear(year)}`}`;
}

/** 22, 11, 2026 → the twenty second of November twenty twenty six; without "the" where the text has it. */
function sayDayOfMonth(day: number, month: number, year: number | null, before: string): string | null {
  const name = sayMonth(month);
  if (name === null || day < 1 || day > 31) return null;
  const the = /\bthe\s+$/i.test(before) ? '' : 'the ';
  return `${the}${sayOrdinal(String(day))} of ${name}${year === null ? '' : ` ${sayYear(year)}`}`;
}

const yearOf = (written: string | undefined): number | null => (written === undefined ? null : Number(written));

const capitalised =
  'Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?';
/** "may" and "march" are words as well; the short forms in small letters are seldom months. */
const small = 'january|february|april|june|july|august|september|october|november|december';
const month = `(?:${capitalised}|${capitalised.toUpperCase()}|${small})`;
const anyMonth = `(?:${capitalised}|${capitalised.toUpperCase()}|${capitalised.toLowerCase()})`;

/** What stands before a day and a month that are written as "3/5". */
const tellsDate =
  /\b(?:on|by|until|till|since|before|from|due|dated?|starting|ending|through|birthday is|today is|(?:sun|mon|tues|wednes|thurs|fri|satur)day,?|(?:Sun|Mon|Tues?|Wed|Thu(?:rs)?|Fri|Sat)\.?,?)\s+$/i;

const tellsYear =
  /\b(?:in|since|by|from|until|till|to|of|year|before|after|around|between|and|spring|summer|autumn|fall|winter|early|late|mid)[\s-]+$|\d{4}\s*[-–—]\s*$/i;
/** A number of things, not a year: "1999 people", "2050 steps". */
const countsThings = /^\s+(?:people|men|women|children|(?!was|is|has|as|this|plus|versus)[a-z]+s\b)/;

export const dates: readonly Rule[] = [
  rule(
    /(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?![\d.]|-\d)/,
    ([, year, , m, day]) => sayDate(Number(m), Number(day), Number(year)) ?? undefined,
  ),
  rule(
    /(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2}(?=[^\d./-]|$|\.\s))(?![\d/-])/,
    ([, first, separator, second, y = ''], before) => {
      // Two digits are a year only between slashes: "1.2.10" is a version, "1-2-10" a score or a part of a number.
      if (y.length === 2 && separator !== '/') return undefined;
      const year = y.length === 2 ? 2000 + Number(y) : Number(y);
      if (Number(first) > 12) {
        if (separator === '/') return sayDate(Number(second), Number(first), year) ?? undefined;
        return sayDayOfMonth(Number(first), Number(second), year, before) ?? undefined;
      }
      return sayDate(Number(first), Number(second), year) ?? undefined;
    },
  ),
  rule(
    new RegExp(`(${month})\\.?(?: +|-)(\\d{1,2})(?:st|nd|rd|th)?(?:,? +(\\d{4})(?![\\d,]))?(?![\\d:%]|,\\d|\\.\\d)`),
    ([, name = '', day, year]) => sayDate(monthNumber(name) ?? 0, Number(day), yearOf(year)) ?? undefined,
  ),
  // In small letters "may 5" and "march 5" are dates only with an ordinal.
  rule(
    new RegExp(`(${anyMonth}) +(\\d{1,2})(?:st|nd|rd|th)(?:,? +(\\d{4}))?(?![\\d:])`),
    ([, name = '', day, year]) => sayDate(monthNumber(name) ?? 0, Number(day), yearOf(year)) ?? undefined,
  ),
  rule(
    new RegExp(`(\\d{1,2})(?:st|nd|rd|th)(?: of)? +(${anyMonth})\\b\\.?(?:,? +(\\d{4}))?(?!\\d)`),
    ([, day, name = '', year], before) =>
      sayDayOfMonth(Number(day), monthNumber(name) ?? 0, yearOf(year), before) ?? undefined,
  ),
  rule(
    new RegExp(
      `(\\d{1,2})(?: of)? +(${month}|sept|oct|nov|dec|jan|feb)\\b(\\.(?!\\s*$|\\s+\\p{Lu})|\\.(?=$))?(?:,? +(\\d{4}))?(?!\\d)`,
      'u',
    ),
    ([, day, name = '', , year], before) =>
      sayDayOfMonth(Number(day), monthNumber(name) ?? 0, yearOf(year), before) ?? undefined,
  ),
  rule(/(\d{1,2})\/(\d{1,2})(?![\d/]|\s+of\b|\.\d)/, ([, m, day], before) =>
    tellsDate.test(before) ? (sayDate(Number(m), Number(day), null) ?? undefined) : undefined,
  ),
  // "500 AD", "44 BC", "AD 79".
  rule(
    /(\d{1,4})\s?(AD|BCE|BC|CE|A\.D\.|B\.C\.)(?![\p{Letter}\p{Number}])/u,
    ([, year, era = '']) => `${sayYear(Number(year))} ${spelled(era)}`,
  ),
  rule(/(AD|A\.D\.)\s?(\d{1,4})(?!\d)/, ([, , year]) => `A-D ${sayYear(Number(year))}`),
  // "1980-86", "2023/24": the second year is cut short.
  rule(/((?:1[1-9]|20)\d\d)\s?[-–—/]\s?(\d{2})(?![\d%°]|[-–—/.,:]\d|\s?[ap]\.?m\b|['’]?s\b)/, ([, from, to]) =>
    Number(to) > Number(from) % 100 ? `${sayYear(Number(from))} to ${sayNumber(to ?? '')}` : undefined,
  ),
  rule(/['’]?((?:1[0-9]|20)\d0) s\b(?!\.)/, ([, value = '']) => sayDecade(value)),
  rule(/['’]?(\d{2}00|\d{3}0|[2-9]0)['’]?s\b/, ([, value = '']) => sayDecade(value)),
];

const days: Readonly<Record<string, string>> = {
  Mon: 'Monday',
  Tue: 'Tuesday',
  Tues: 'Tuesday',
  Wed: 'Wednesday',
  Thu: 'Thursday',
  Thur: 'Thursday',
  Thurs: 'Thursday',
  Fri: 'Friday',
  Sat: 'Saturday',
  Sun: 'Sunday',
};
const day = Object.keys(days)
  .sort((a, b) => b.length - a.length)
  .join('|');

/** "Mon-Fri", "Jan–Mar". */
export const dayRanges: readonly Rule[] = [
  rule(
    new RegExp(`(${day})\\.?\\s?[-–—]\\s?(${day})\\b`),
    ([, from = '', to = '']) => `${days[from] ?? ''} to ${days[to] ?? ''}`,
  ),
  rule(
    new RegExp(`(${month})\\.?\\s?[-–—]\\s?(${month})\\b`),
    ([, from = '', to = '']) => `${sayMonth(monthNumber(from) ?? 0) ?? ''} to ${sayMonth(monthNumber(to) ?? 0) ?? ''}`,
  ),
];

/** Numbers that are read as years. */
export const years: readonly Rule[] = [
  rule(/\d{4}(?!\d|,\d|\.\d)/, ([written], before, after) => {
    const year = Number(written);
    const inContext = year >= 1100 && year < 2100 && tellsYear.test(before);
    return (inContext || (year >= 1900 && year < 2100)) && !countsThings.test(after) ? sayYear(year) : undefined;
  }),
];

/** Names of months that are cut short: "in Sept." */
export const monthNames: readonly Rule[] = [
  rule(new RegExp(`(${month})\\.`), ([, name = ''], _, after) =>
    name.length > 4 || (name.toLowerCase() === 'may' && !/^\s?\d/.test(after))
      ? undefined
      : (sayMonth(monthNumber(name) ?? 0) ?? undefined),
  ),
];
