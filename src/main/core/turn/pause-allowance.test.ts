import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pauseAllowanceMs, withPause, type PauseHistory } from './pause-allowance.js';

const after = (...pauses: readonly number[]) => pauseAllowanceMs(pauses.reduce<PauseHistory>(withPause, []));
const times = (count: number, pauseMs: number) => Array.from({ length: count }, () => pauseMs);

describe('how long a learner may pause', () => {
  it('is a guess at first, and then their own', () => {
    expect(after()).toBe(1200);
    expect(after(...times(20, 400))).toBe(700);
    expect(after(...times(20, 1200))).toBe(1500);
  });

  it('is little changed by a single pause', () => {
    expect(after(300)).toBeGreaterThan(1000);
    expect(after(...times(30, 600), 2400)).toBe(after(...times(30, 600)));
  });

  it('follows a learner who changes', () => {
    expect(after(...times(60, 1500), ...times(60, 500))).toBe(700);
  });

  it('is never so short that a breath sends, nor so long that the app seems dead', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 60_000 }), { maxLength: 100 }), (pauses) => {
        expect(after(...pauses)).toBeGreaterThanOrEqual(700);
        expect(after(...pauses)).toBeLessThanOrEqual(2500);
      }),
    );
  });
});
