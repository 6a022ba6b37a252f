/** For a learner of whom nothing is known yet, ms. */
const firstAllowanceMs = 1200;
/** Below this every breath would send; above it the wait is felt as the app's. */
const shortestMs = 700;
const longestMs = 2500;
/** A learner changes: what is older than this many pauses is forgotten. */
const remembered = 60;
/** As many pauses tell more than the first guess does. */
const enough = 8;
/** How much longer than nearly all of the learner's own pauses a pause must be to be taken for the end. */
const headroom = 1.25;

/** The pauses a learner made inside what they said, newest last, ms. */
export type PauseHistory = readonly number[];

/** Adds a pause after which the learner went on. */
export function withPause(history: PauseHistory, pauseMs: number): PauseHistory {
  return [...history, Math.round(pauseMs)].slice(-remembered);
}

/**
 * How long this learner may pause before it is taken for the end, ms: somewhat more than nine in ten of their own
 * pauses. With few known pauses the first guess still counts.
 */
export function pauseAllowanceMs(history: PauseHistory): number {
  const sorted = [...history].sort((one, other) => one - other);
  const ninth = sorted[Math.floor(sorted.length * 0.9)] ?? firstAllowanceMs / headroom;
  const weight = Math.min(1, history.length / enough);
  const wanted = weight * ninth * headroom + (1 - weight) * firstAllowanceMs;
  return Math.round(Math.max(shortestMs, Math.min(longestMs, wanted)));
}
