import { recordingSampleRateHz, vadWindowSamples } from '../../../shared/audio-format.js';

const windowMs = (vadWindowSamples * 1000) / recordingSampleRateHz;

/** So much silence is a pause. Shorter ones are in the words: "ba(t)-man". */
const pauseMs = 200;

export type EndpointEvent =
  | { readonly kind: 'speaking' }
  /** A pause began that ends the take in `remainingMs`; null: it ends nothing. */
  | { readonly kind: 'pausing'; readonly remainingMs: number | null; readonly allowanceMs: number }
  /** The pause did not end the take: how long it was. */
  | { readonly kind: 'paused'; readonly pauseMs: number }
  | { readonly kind: 'endpoint' };

/**
 * Finds the end of what is said in a hands-free take: a pause longer than this learner's own. Time is counted in sound,
 * not on a clock, so that a machine that falls behind cuts nobody short.
 */
export interface Endpointing {
  next(speech: boolean): readonly EndpointEvent[];
  /** The learner has not finished: the present pause, or the next, ends nothing. */
  holdOn(): readonly EndpointEvent[];
}

export function createEndpointing(allowanceMs: () => number): Endpointing {
  let state: 'waiting' | 'speaking' | 'pausing' | 'over' = 'waiting';
  let silenceMs = 0;
  let held = false;

  return {
    next(speech) {
      if (state === 'over') return [];
      const events: EndpointEvent[] = [];
      // The detector has made sure by now, and somebody who interrupts a reply should not have to talk over it.
      if (speech) {
        if (state === 'pausing') {
          events.push({ kind: 'paused', pauseMs: silenceMs });
          held = false;
        }
        if (state !== 'speaking') events.push({ kind: 'speaking' });
        state = 'speaking';
        silenceMs = 0;
        return events;
      }
      silenceMs += windowMs;
      if (state === 'speaking' && silenceMs >= pauseMs) {
        state = 'pausing';
        const allowed = allowanceMs();
        events.push({
          kind: 'pausing',
          remainingMs: held ? null : Math.max(0, allowed - silenceMs),
          allowanceMs: allowed,
        });
      }
      if (state === 'pausing' && !held && silenceMs >= allowanceMs()) {
        state = 'over';
        events.push({ kind: 'endpoint' });
      }
      return events;
    },

    holdOn() {
      if (state === 'over' || state === 'waiting') return [];
      held = true;
      return state === 'pausing' ? [{ kind: 'pausing', remainingMs: null, allowanceMs: allowanceMs() }] : [];
    },
  };
}
