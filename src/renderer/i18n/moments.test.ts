import fc from 'fast-check';
import { expect, test } from 'vitest';
import { day, dayAndHour, dayAndMinute } from '../features/account/moments.js';
import { listTime } from '../features/topics/list-time.js';
import { clockTime, wholeSeconds } from '../ui/durations.js';
import { en } from './en.js';
import { zh } from './zh.js';

const strange = [9e15, -9e15, 8.64e15, 8.64e15 + 1, Number.MAX_VALUE, Infinity, -Infinity, NaN, 0, -1, 0.5];

test('no time there can be is thrown over, in either language', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.constantFrom(...strange), fc.double()),
      fc.oneof(fc.constantFrom(...strange), fc.double()),
      (time, now) => {
        for (const words of [zh, en]) {
          for (const say of [day, dayAndHour, dayAndMinute]) expect(say(time, words)).not.toMatch(/NaN|Invalid|^$/);
          expect(listTime(now, time, words)).not.toMatch(/NaN|Invalid|^$/);
        }
        expect(clockTime(time)).toMatch(/^\d+:\d\d$/);
        expect(wholeSeconds(time)).toBeGreaterThanOrEqual(1);
      },
    ),
  );
});
