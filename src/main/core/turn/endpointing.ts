import { recordingSampleRateHz, vadWindowSamples } from '../../../shared/audio-format.js';

const windowMs = (vadWindowSamples * 1000) / recordingSampleRateHz;

/**
 * So much speech in a row is somebody speaking; the detector itself has waited for 50 ms by then. A click is shorter, a
 * "yes" is longer, and somebody who interrupts a reply should not have to talk over it.
 */
const onsetMs = 64;
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
  let speechRunMs = 0;
  let silenceMs = 0;
  let held = false;

  return {
    next(speech) {
      if (state === 'over') return [];
      speechRunMs = speech ? speechRunMs + windowMs : 0;
      silenceMs = speech ? silenceMs : silenceMs + windowMs;
      const events: EndpointEvent[] = [];
      if (state === 'speaking' && !speech && silenceMs >= pauseMs) {
        state = 'pausing';
        const allowed = allowanceMs();
        events.push({
          kind: 'pausing',
          remainingMs: held ? null : Math.max(0, allowed - silenceMs),
          allowanceMs: allowed,
        });
      }
      if (state === 'pausing' && !speech && !held && silenceMs >= allowanceMs()) {
        state = 'over';
        events.push({ kind: 'endpoint' });
      }
      if (speechRunMs >= onsetMs) {
        if (state === 'pausing') events.push({ kind: 'paused', pauseMs: silenceMs });
        if (state !== 'speaking') events.push({ kind: 'speaking' });
        if (state === 'pausing') held = false;
        state = 'speaking';
        silenceMs = 0;
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
