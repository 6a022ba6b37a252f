import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clamp, compareHlc, formatHlc, isHlc, maxDriftMs, parseHlc, receive, tick, type HlcState } from './hlc.js';

const node = fc.stringMatching(/^[0-9a-f]{16}$/);
const state: fc.Arbitrary<HlcState> = fc.record({
  ms: fc.integer({ min: 0, max: 2 ** 45 }),
  counter: fc.integer({ min: 0, max: 0xffff }),
  node,
});

describe('hybrid logical clocks', () => {
  it('sort as text as they do as numbers', () => {
    fc.assert(
      fc.property(state, state, (a, b) => {
        const byNumbers = a.ms - b.ms || a.counter - b.counter || compareHlc(a.node, b.node);
        expect(Math.sign(compareHlc(formatHlc(a), formatHlc(b)))).toBe(Math.sign(byNumbers));
      }),
    );
  });

  it('are read as they were written', () => {
    fc.assert(
      fc.property(state, (given) => {
        expect(parseHlc(formatHlc(given))).toEqual(given);
      }),
    );
    expect(() => parseHlc('0123')).toThrow(RangeError);
    expect(isHlc('00000000000A-0000-0000000000000000')).toBe(false);
  });

  it('give later and later stamps, whatever the machine’s own clock does', () => {
    const event = fc.oneof(
      fc.record({ nowMs: fc.integer({ min: 0, max: 2 ** 44 }) }),
      fc.record({ seen: state.map(formatHlc) }),
    );
    fc.assert(
      fc.property(state, fc.array(event, { maxLength: 50 }), (start, events) => {
        let clock = start;
        for (const each of events) {
          const before = formatHlc(clock);
          if ('nowMs' in each) {
            clock = tick(clock, each.nowMs);
            expect(compareHlc(formatHlc(clock), before)).toBe(1);
            expect(clock.ms).toBeGreaterThanOrEqual(each.nowMs);
          } else {
            clock = receive(clock, each.seen);
            expect(compareHlc(formatHlc(tick(clock, 0)), each.seen)).toBe(1);
          }
          expect(isHlc(formatHlc(clock))).toBe(true);
        }
      }),
    );
  });

  it('are held to five minutes ahead of the store', () => {
    const stamp = (ms: number) => formatHlc({ ms, counter: 7, node: 'ab'.repeat(8) });
    const serverMs = 1_764_000_000_000;
    expect(clamp(stamp(serverMs + maxDriftMs), serverMs)).toBe(stamp(serverMs + maxDriftMs));
    expect(parseHlc(clamp(stamp(serverMs + maxDriftMs + 1), serverMs, 3))).toEqual({
      ms: serverMs + maxDriftMs + 1,
      counter: 3,
      node: 'ab'.repeat(8),
    });
  });
});
