import { streamingRealTimeFactor } from '../../../shared/contract/app.js';

/** A measured factor is an average: the next piece may take that much longer. */
const safety = 1.15;

/** For a piece of which nothing is known yet. */
const usualPieceMs = 4000;

export interface Pacing {
  /** Null where it was never measured. */
  readonly realTimeFactor: number | null;
  /** Speech that is ready and was not released yet. */
  readonly readyMs: number;
  /** How long the pieces that wait for the voice will be, as far as one can tell, in order. */
  readonly waitingMs: readonly number[];
  /** Whether all pieces are known: the text has come to its end. */
  readonly isWhole: boolean;
}

/** Whether playback can begin with what is ready and not run dry before the last piece. */
export function mayBegin({ realTimeFactor, readyMs, waitingMs, isWhole }: Pacing): boolean {
  if (realTimeFactor === null || realTimeFactor < streamingRealTimeFactor) return true;
  // A voice that is slower than speech falls further behind with every piece: how many there are decides.
  if (!isWhole && realTimeFactor * safety >= 1) return false;
  const pieces = isWhole ? waitingMs : [...waitingMs, usualPieceMs];
  let bufferMs = readyMs;
  for (const pieceMs of pieces) {
    bufferMs -= pieceMs * realTimeFactor * safety;
    if (bufferMs < 0) return false;
    bufferMs += pieceMs;
  }
  return true;
}
