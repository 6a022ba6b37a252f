import { formatTime, showableTime } from '../../i18n/moments.js';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** When a topic was last used, as short as it can be said: now, 10:12, yesterday, Thu, 11/12, 2025/11/12. */
export function listTime(
  nowTime: number,
  thenTime: number,
  words: { readonly locale: string; readonly topics: { readonly now: string; readonly yesterday: string } },
): string {
  const [now, then] = [showableTime(nowTime), showableTime(thenTime)];
  if (now - then < 2 * minuteMs) return words.topics.now;
  const today = new Date(now).setHours(0, 0, 0, 0);
  const day = new Date(then).setHours(0, 0, 0, 0);
  // Rounded, because a day may have 23 or 25 hours.
  const daysAgo = Math.round((today - day) / dayMs);
  const say = (options: Intl.DateTimeFormatOptions) => formatTime(then, words.locale, options);
  if (daysAgo <= 0) return say({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  if (daysAgo === 1) return words.topics.yesterday;
  if (daysAgo < 7) return say({ weekday: 'short' });
  if (new Date(then).getFullYear() === new Date(now).getFullYear()) return say({ month: 'numeric', day: 'numeric' });
  return say({ year: 'numeric', month: 'numeric', day: 'numeric' });
}
