import { expect, test } from 'vitest';
import { en } from '../../i18n/en.js';
import { zh } from '../../i18n/zh.js';
import { listTime } from './list-time.js';

const now = new Date(2026, 4, 20, 15, 30).getTime();
const at = (...when: readonly [year: number, month: number, day: number, hour: number, minute: number]) =>
  new Date(...when).getTime();

test('a time is said as briefly as it can be understood', () => {
  expect(listTime(now, now - 30_000, zh)).toBe('现在');
  expect(listTime(now, at(2026, 4, 20, 9, 5), zh)).toBe('09:05');
  expect(listTime(now, at(2026, 4, 19, 23, 59), zh)).toBe('昨天');
  expect(listTime(now, at(2026, 4, 17, 12, 0), zh)).toBe('周日');
  expect(listTime(now, at(2026, 3, 2, 12, 0), zh)).toBe('4/2');
  expect(listTime(now, at(2025, 11, 31, 12, 0), zh)).toBe('2025/12/31');
  expect(listTime(now, at(2026, 4, 19, 1, 0), en)).toBe('Yesterday');
  expect(listTime(now, at(2026, 4, 17, 12, 0), en)).toBe('Sun');
});

test('a clock that was wrong does not make it absurd', () => {
  expect(listTime(now, now + 3_600_000, zh)).toBe('现在');
});
