import { expect, test } from 'vitest';
import { en } from '../../i18n/en.js';
import { zh } from '../../i18n/zh.js';
import { day, dayAndHour, dayAndMinute } from './moments.js';

const time = new Date(2026, 4, 20, 15, 5).getTime();

test('times are said in the language of the interface', () => {
  expect(dayAndMinute(time, zh)).toBe('5月20日 15:05');
  expect(dayAndHour(time, zh)).toBe('5月20日 15时');
  expect(day(time, zh)).toBe('2026年5月20日');
  expect(dayAndMinute(time, en)).toMatch(/May 20.*15:05/);
});
