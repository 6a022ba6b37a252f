import { expect, test } from 'vitest';
import { clockTime, wholeSeconds } from './durations.js';

test('lengths are said as on a tape, or in whole seconds', () => {
  expect([0, 499, 5_000, 59_600, 754_000, -5].map(clockTime)).toEqual([
    '0:00',
    '0:00',
    '0:05',
    '1:00',
    '12:34',
    '0:00',
  ]);
  expect([10, 1_499, 8_400].map(wholeSeconds)).toEqual([1, 1, 8]);
});
