import { sayNumber } from './number-words.js';
import { rule, spelled, type Rule } from './rule.js';

/** 10, 30 → ten thirty; 10, 5 → ten oh five; 10, 0 → ten o'clock, or with a `half` of the day ten A-M; 14, 0 → fourteen hundred. */
function sayTime(hour: number, minute: number, half: string | null): string {
  const number = (value: number): string => sayNumber(String(value));
  const parts = [number(hour)];
  if (minute > 0) parts.push(minute < 10 ? `oh ${number(minute)}` : number(minute));
  else if (half === null) parts.push(hour <= 12 ? "o'clock" : 'hundred');
  if (half !== null) parts.push(half);
  return parts.join(' ');
}

const halfOfDay = (letter: string | undefined): string | null =>
  letter === undefined ? null : `${letter.toUpperCase()}-M`;

/** "am", "p.m."; the last full stop is the sentence's where that ends. */
const half = '\\s*([apAP])(?:\\.\\s?[mM](?:\\.(?!\\s*$|\\s+[A-Z])|\\.(?=\\s[A-Z]{3}\\b))?|[mM]\\b)';
const zones = '(?:\\s?(EST|EDT|CST|CDT|MST|MDT|PST|PDT|GMT|UTC|BST|CET|JST|HKT|est|edt|cst|cdt|pst|pdt|gmt|utc)\\b)?';
const sayZone = (zone: string | undefined): string => (zone === undefined ? '' : ` ${spelled(zone)}`);

const amount = (value: string | number, unit: string): string =>
  `${sayNumber(String(Number(value)))} ${unit}${Number(value) === 1 ? '' : 's'}`;

/** "1:23:45" → one hour twenty three minutes and forty five seconds. */
function sayDuration(hours: string, minutes: string, seconds: string): string {
  const parts = [
    ...(Number(hours) > 0 ? [amount(hours, 'hour')] : []),
    ...(Number(minutes) > 0 ? [amount(minutes, 'minute')] : []),
    ...(Number(seconds) > 0 ? [amount(seconds, 'second')] : []),
  ];
  return parts.length > 1 ? `${parts.slice(0, -1).join(' ')} and ${parts.at(-1) ?? ''}` : (parts[0] ?? 'zero seconds');
}

const clockBefore = /\b(?:at|by|until|till|from|since|before|after|to|around|about|it is|it's|time is)\s+$/i;

const units = [
  ['d', 'day'],
  ['h', 'hour'],
  ['m(?:in)?', 'minute'],
  ['s(?:ec)?', 'second'],
] as const;
/** "2h30m", "1d 4h", "1m30s": two units at least, the greater first. */
const durationPattern = new RegExp(
  `(?=\\d+(?:${units
    .slice(0, -1)
    .map(([short]) => short)
    .join(
      '|',
    )})\\s?\\d)${units.map(([short]) => `(?:(\\d{1,4})${short}\\s?(?![A-Za-z]))?`).join('')}(?<=[a-z]\\s?)(?![\\p{Letter}\\p{Number}])`,
  'u',
);

export const times: readonly Rule[] = [
  rule(
    new RegExp(`(\\d{1,2}):([0-5]\\d):([0-5]\\d)(?![\\d:])(?:${half})?${zones}`),
    ([, h = '', m = '', s = '', letter, zone], before) => {
      if (letter === undefined && zone === undefined && !clockBefore.test(before)) return sayDuration(h, m, s);
      if (Number(h) > 24) return undefined;
      const seconds = Number(s) === 0 ? '' : ` and ${amount(s, 'second')}`;
      return `${sayTime(Number(h), Number(m), halfOfDay(letter))}${seconds}${sayZone(zone)}`;
    },
  ),
  rule(new RegExp(`(\\d{1,2}):([0-5]\\d)(?!\\d|:)(?:${half})?${zones}`), ([, hour, minute, letter, zone]) =>
    Number(hour) > 24 ? undefined : `${sayTime(Number(hour), Number(minute), halfOfDay(letter))}${sayZone(zone)}`,
  ),
  rule(new RegExp(`(\\d{1,2})(?:\\.([0-5]\\d))?${half}${zones}`), ([, hour, minute = '0', letter, zone]) =>
    Number(hour) > 24 ? undefined : `${sayTime(Number(hour), Number(minute), halfOfDay(letter))}${sayZone(zone)}`,
  ),
  rule(durationPattern, ([, ...values]) =>
    values
      .flatMap((value: string | undefined, index) =>
        value === undefined ? [] : [amount(value, units[index]?.[1] ?? '')],
      )
      .join(' '),
  ),
];
