import type { Messages } from '../../i18n/messages.js';
import { formatTime } from '../../i18n/moments.js';

type Locale = Pick<Messages, 'locale'>;

/** A day and a time, to the minute. */
export function dayAndMinute(time: number, { locale }: Locale): string {
  const options = { month: 'long', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  return formatTime(time, locale, options);
}

/** A day. */
export function day(time: number, { locale }: Locale): string {
  return formatTime(time, locale, { year: 'numeric', month: 'long', day: 'numeric' });
}

/** A day and an hour, for what is known no better. */
export function dayAndHour(time: number, { locale }: Locale): string {
  return formatTime(time, locale, { month: 'long', day: 'numeric', hour: 'numeric' });
}
