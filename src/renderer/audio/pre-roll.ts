/** The latest stretch of sound, so that a take begins a little before the press and its first word is whole. */
export interface PreRoll {
  push(chunk: Int16Array): void;
  /** Hands out what is there, oldest first, and forgets it. */
  drain(): readonly Int16Array[];
}

/** Keeps at most `longestSamples`, cut to the sample. */
export function createPreRoll(longestSamples: number): PreRoll {
  let chunks: Int16Array[] = [];
  let held = 0;
  return {
    push(chunk) {
      chunks.push(chunk);
      held += chunk.length;
      while (held > longestSamples) {
        const oldest = chunks[0];
        if (oldest === undefined) return;
        const surplus = held - longestSamples;
        if (oldest.length <= surplus) chunks.shift();
        else chunks[0] = oldest.subarray(surplus);
        held -= Math.min(oldest.length, surplus);
      }
    },
    drain() {
      const drained = chunks;
      chunks = [];
      held = 0;
      return drained;
    },
  };
}
