import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordingSampleRateHz, vadWindowSamples } from '../../../shared/audio-format.js';
import { createPieceCutter, type PieceEvent, type Stretch } from './pieces.js';

const windowMs = (vadWindowSamples * 1000) / recordingSampleRateHz;
const inMs = ({ start, end }: Stretch) => [start, end].map((samples) => (samples * 1000) / recordingSampleRateHz);

/** Runs through stretches of speech (positive) and silence (negative), in ms. */
function run(...stretches: readonly number[]) {
  const cutter = createPieceCutter();
  const events: PieceEvent[] = [];
  for (const ms of stretches) {
    for (let left = Math.abs(ms); left > 0; left -= windowMs) events.push(...cutter.next(ms > 0));
  }
  return { cutter, events, kinds: events.map(({ kind }) => kind) };
}

describe('a stream of sound', () => {
  it('without speech has no piece', () => {
    const { cutter, kinds } = run(-10_000);
    expect(kinds).toEqual([]);
    expect(cutter.open()).toBeNull();
    expect(cutter.speechMs).toBe(0);
  });

  it('is open from before the first sound to behind the last', () => {
    const { cutter } = run(-2000, 900, -900);
    const [start, end] = inMs(cutter.open() ?? { start: 0, end: 0 });
    expect(start).toBeGreaterThan(1500);
    expect(start).toBeLessThan(1650);
    expect(end).toBeGreaterThan(3200);
    expect(end).toBeLessThan(3400);
  });

  it('pauses as soon as there is silence, once, and goes on', () => {
    expect(run(1000, -32, 500).kinds).toEqual(['speech', 'pause', 'resumed']);
    expect(run(1000, -400, 500).kinds).toEqual(['speech', 'pause', 'resumed']);
  });

  it('keeps a short beginning and what follows a short silence in one piece', () => {
    expect(run(1500, -700, 1500).kinds).toEqual(['speech', 'pause', 'resumed']);
    expect(run(6000, -700, 1500).kinds).toEqual(['speech', 'pause', 'closed', 'speech']);
    expect(run(1500, -1100, 1500).kinds).toEqual(['speech', 'pause', 'closed', 'speech']);
  });

  it('is cut at its last pause before it is too long for Whisper, and anywhere where it has none', () => {
    const closed = (events: readonly PieceEvent[]) =>
      events.flatMap((event) => (event.kind === 'closed' ? [inMs(event.stretch)] : []));
    expect(closed(run(20_000, -300, 10_000).events)[0]?.[1]).toBeCloseTo(20_150, -2);
    expect(closed(run(20_000, -300, 5_000, -100, 5_000).events)[0]?.[1]).toBeCloseTo(20_150, -2);
    expect(closed(run(60_000).events).map(([, end]) => Math.round((end ?? 0) / 1000))).toEqual([28, 56]);
  });

  it('is covered once: pieces are in order, never overlap, are short enough, and hold all speech', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -40, max: 400 }), { maxLength: 60 }), (runs) => {
        const cutter = createPieceCutter();
        const flags = runs.flatMap((length) => Array.from({ length: Math.abs(length) }, () => length > 0));
        const pieces: Stretch[] = [];
        for (const speech of flags) {
          for (const event of cutter.next(speech)) if (event.kind === 'closed') pieces.push(event.stretch);
        }
        const last = cutter.open();
        if (last) pieces.push(last);
        pieces.forEach(({ start, end }, index) => {
          expect(start).toBeGreaterThanOrEqual(pieces[index - 1]?.end ?? 0);
          expect(end).toBeGreaterThan(start);
          expect(end - start).toBeLessThan(30 * recordingSampleRateHz);
        });
        flags.forEach((speech, window) => {
          const at = window * vadWindowSamples;
          if (speech) expect(pieces.some(({ start, end }) => start <= at && at < end)).toBe(true);
        });
      }),
    );
  });
});
