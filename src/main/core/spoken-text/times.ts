import { rule, type Rule } from './rule.js';
import { sayNumber } from './say-number.js';

const say = (value: number): string => sayNumber(String(value));

/** 10, 30 → ten thirty; 10, 5 → ten oh five; 10, 0 → ten o'clock, with a `half` of the day ten A-M; 14, 0 → fourteen hundred. */
export function sayTime(hour: number, minute: number, half: string | null): string {
  const parts = [say(hour)];
  if (minute > 0) parts.push(minute < 10 ? `oh ${say(minute)}` : say(minute));
  else if (half === null) parts.push(hour <= 12 && hour > 0 ? "o'clock" : 'hundred');
  if (half !== null) parts.push(half);
  return parts.join(' ');
}

const half = '(?:\\s*([apAP])(?:\\.\\s?[mM](?:\\.(?!\\s*$|\\s+(?!(?:[ECMP][SD]T|GMT|UTC)\\b)[A-Z]))?|[mM](?![a-z])))';
const zone = '(?:\\s?([ECMP][SD]T|GMT|UTC|[ECP]T|[ecmp][sd]t|gmt|utc)\\b)?';
const halfOfDay = (letter: string | undefined): string | null =>
  letter === undefined ? null : `${letter.toUpperCase()}-M`;
const withZone = (said: string, name: string | undefined): string =>
  name === undefined ? said : `${said} ${name.toUpperCase().split('').join('-')}`;

const counted = (value: number, unit: string): string => `${say(value)} ${unit}${value === 1 ? '' : 's'}`;
const lasting = (parts: readonly (readonly [value: number, unit: string])[]): readonly string[] =>
  parts.filter(([value]) => value > 0).map(([value, unit]) => counted(value, unit));

const tellsClock = /\b(?:at|by|until|till|from|before|after|around|since|is|was|it's|to)\s+$/i;

/** Times of day and lengths of time. */
export const times: readonly Rule[] = [
  rule(/(\d{1,3}):([0-5]\d):([0-5]\d)(?![\d:])/, ([, hours, minutes, seconds], before) => {
    const [h, m, s] = [Number(hours), Number(minutes), Number(seconds)];
    if (h < 24 && tellsClock.test(before))
      return `${sayTime(h, m, null)}${s === 0 ? '' : ` and ${counted(s, 'second')}`}`;
    const parts = lasting([
      [h, 'hour'],
      [m, 'minute'],
      [s, 'second'],
    ]);
    if (parts.length === 0) return 'zero hours';
    const last = parts.at(-1) ?? '';
    return parts.length < 3 ? parts.join(' and ') : `${parts.slice(0, -1).join(' ')} and ${last}`;
  }),
  rule(
    /(?=\d+\s?[hm])(?:(\d{1,3})\s?h(?:rs?)?)?\s?(?:(\d{1,2})\s?m(?:ins?)?)?\s?(?:(\d{1,2})\s?s(?:ecs?)?)?(?![\p{Letter}\p{Number}/²³])/u,
    ([, hours, minutes, seconds]) => {
      // One of them alone may be a length or a price.
      if ([hours, minutes, seconds].filter((part) => part !== undefined).length < 2) return undefined;
      return lasting([
        [Number(hours ?? 0), 'hour'],
        [Number(minutes ?? 0), 'minute'],
        [Number(seconds ?? 0), 'second'],
      ]).join(' ');
    },
  ),
  rule(new RegExp(`(\\d{1,2})[:.]([0-5]\\d)${half}${zone}`), ([, hour, minute, letter, name]) =>
    Number(hour) > 24 ? undefined : withZone(sayTime(Number(hour), Number(minute), halfOfDay(letter)), name),
  ),
  rule(new RegExp(`(\\d{1,2}):([0-5]\\d)(?![\\d:])${zone}`), ([, hour, minute, name]) =>
    Number(hour) > 24 ? undefined : withZone(sayTime(Number(hour), Number(minute), null), name),
  ),
  rule(new RegExp(`(\\d{1,2})${half}${zone}`), ([, hour, letter, name]) =>
    Number(hour) > 24 ? undefined : withZone(sayTime(Number(hour), 0, halfOfDay(letter)), name),
  ),
];
