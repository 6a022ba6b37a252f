import type { TurnPart } from '../../shared/contract/turn.js';

/** A piece of speech with its place on the audio clock. */
export interface Segment {
  readonly part: TurnPart;
  /** Seconds on the audio context's clock. */
  readonly startTime: number;
  readonly durationSeconds: number;
}

/** Time for the audio thread to take up a piece that should begin at once. */
export const leadSeconds = 0.02;

/** When a piece that came now begins: right after the one before it, or at once where that has run out. */
export function nextStartTime(segments: readonly Segment[], now: number): number {
  const last = segments.at(-1);
  const end = last === undefined ? 0 : last.startTime + last.durationSeconds;
  return Math.max(end, now + leadSeconds);
}

/** How much of a part's sound has been played, in ms. Pauses between pieces do not count. */
export function playedMs(segments: readonly Segment[], part: TurnPart, now: number): number {
  const seconds = segments
    .filter((segment) => segment.part === part)
    .reduce((sum, { startTime, durationSeconds }) => sum + Math.max(0, Math.min(durationSeconds, now - startTime)), 0);
  return Math.round(seconds * 1000);
}

/** All the sound of a part there is so far, in ms. */
export function receivedMs(segments: readonly Segment[], part: TurnPart): number {
  const seconds = segments
    .filter((segment) => segment.part === part)
    .reduce((sum, segment) => sum + segment.durationSeconds, 0);
  return Math.round(seconds * 1000);
}

/** The part that is heard now: that of the first piece that has not ended. */
export function partAt(segments: readonly Segment[], now: number): TurnPart | null {
  return segments.find(({ startTime, durationSeconds }) => startTime + durationSeconds > now)?.part ?? null;
}
