/**
 * The furthest a `Date` reaches, ms (ECMA-262, "Time Values and Time Range"). Times come from other machines, too: what
 * lies beyond is shown as the end of time, since `Intl` throws for it and takes the page along.
 */
const endOfTimeMs = 8.64e15;

/** A time that can be shown, Unix ms. What is no number at all is the beginning. */
export function showableTime(time: number): number {
  return Number.isNaN(time) ? 0 : Math.max(-endOfTimeMs, Math.min(endOfTimeMs, time));
}

/** Words for a time, whatever it is. The one place where the interface formats one. */
export function formatTime(time: number, locale: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale, options).format(showableTime(time));
}
