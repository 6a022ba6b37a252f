import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEndpointing, type EndpointEvent } from './endpointing.js';

const windowMs = 32;

/** Feeds stretches of speech (positive) and silence (negative), in ms. */
function feed(endpointing: ReturnType<typeof createEndpointing>, ...stretches: readonly number[]): EndpointEvent[] {
  return stretches.flatMap((ms) =>
    Array.from({ length: Math.round(Math.abs(ms) / windowMs) }, () => endpointing.next(ms > 0)).flat(),
  );
}
const kinds = (events: readonly EndpointEvent[]) => events.map(({ kind }) => kind);

describe('the end of what is said', () => {
  it('is a pause longer than the learner’s own', () => {
    const events = feed(
      createEndpointing(() => 1000),
      -3000,
      800,
      -2000,
    );
    expect(kinds(events)).toEqual(['speaking', 'pausing', 'endpoint']);
    const pausing = events[1];
    expect(pausing?.kind === 'pausing' && pausing.remainingMs).toBeGreaterThan(750);
  });

  it('is not a shorter one, from which is learned', () => {
    const events = feed(
      createEndpointing(() => 1000),
      800,
      -700,
      800,
    );
    expect(kinds(events)).toEqual(['speaking', 'pausing', 'paused', 'speaking']);
    const paused = events[2];
    expect(paused?.kind === 'paused' && paused.pauseMs).toBeGreaterThan(650);
    expect(paused?.kind === 'paused' && paused.pauseMs).toBeLessThan(800);
  });

  it('never comes before anybody spoke', () => {
    expect(
      feed(
        createEndpointing(() => 1000),
        -40_000,
      ),
    ).toEqual([]);
  });

  it('is told to begin with the first window of speech: whoever interrupts a reply has waited long enough', () => {
    expect(
      kinds(
        feed(
          createEndpointing(() => 1000),
          -1000,
          windowMs,
        ),
      ),
    ).toEqual(['speaking']);
  });

  it('comes once, and nothing comes after it', () => {
    expect(
      kinds(
        feed(
          createEndpointing(() => 500),
          800,
          -3000,
          800,
          -3000,
        ),
      ),
    ).toEqual(['speaking', 'pausing', 'endpoint']);
  });

  it('waits for a learner who has not finished, until their next pause', () => {
    const endpointing = createEndpointing(() => 1000);
    feed(endpointing, 800, -500);
    expect(endpointing.holdOn()).toEqual([{ kind: 'pausing', remainingMs: null, allowanceMs: 1000 }]);
    expect(feed(endpointing, -20_000)).toEqual([]);
    expect(kinds(feed(endpointing, 800, -1200))).toEqual(['paused', 'speaking', 'pausing', 'endpoint']);
  });

  it('comes after any speech when the silence is long enough, and never sooner', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 25 }), { maxLength: 20 }), (lengths) => {
        const endpointing = createEndpointing(() => 900);
        // Speech, silence, speech…: none of the silences as long as the allowance.
        const events = lengths.flatMap((length, index) =>
          feed(endpointing, index % 2 === 0 ? length * windowMs + 96 : -length * windowMs),
        );
        expect(kinds(events)).not.toContain('endpoint');
        if (lengths.length > 0) expect(kinds(feed(endpointing, -1000))).toContain('endpoint');
      }),
    );
  });
});
