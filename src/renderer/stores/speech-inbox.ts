import type { SpeechPiece } from '../audio/player.js';

interface Held {
  readonly since: number;
  readonly pieces: SpeechPiece[];
  ended: boolean;
}

/** How long speech waits for its topic to be open. */
const keptMs = 10_000;

/** Speech of turns that are not on the screen yet. */
export function createSpeechInbox(now: () => number) {
  const held = new Map<string, Held>();
  return {
    has: (turnId: string): boolean => held.has(turnId),
    add(piece: SpeechPiece): void {
      for (const [turnId, { since }] of held) if (now() - since > keptMs) held.delete(turnId);
      const those = held.get(piece.turnId);
      if (those !== undefined) those.pieces.push(piece);
      // Speech whose beginning was missed is not worth keeping.
      else if (piece.sequence === 0) held.set(piece.turnId, { since: now(), pieces: [piece], ended: false });
    },
    end(turnId: string): void {
      const those = held.get(turnId);
      if (those !== undefined) those.ended = true;
    },
    /** Hands out, and forgets, what is held for the turns that are wanted now. */
    take(wanted: (turnId: string) => boolean): readonly Held[] {
      const taken = [...held].filter(([turnId]) => wanted(turnId));
      for (const [turnId] of taken) held.delete(turnId);
      return taken.map(([, those]) => those).filter(({ since }) => now() - since <= keptMs);
    },
  };
}
