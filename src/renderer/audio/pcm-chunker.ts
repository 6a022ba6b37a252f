/**
 * Gathers the 128-frame blocks of an audio worklet into Int16 chunks of one length. Runs in the audio thread, so it
 * allocates only once per chunk.
 */
export function createPcmChunker(chunkSamples: number, emit: (chunk: Int16Array) => void) {
  const gathered = new Int16Array(chunkSamples);
  let filled = 0;
  return {
    push(block: Float32Array): void {
      for (const sample of block) {
        gathered[filled] = Math.round(Math.max(-1, Math.min(1, sample)) * 32767);
        filled += 1;
        if (filled === chunkSamples) {
          emit(gathered.slice());
          filled = 0;
        }
      }
    },
    /** Hands out what has been gathered so far, be it shorter than a chunk. */
    flush(): void {
      if (filled > 0) emit(gathered.slice(0, filled));
      filled = 0;
    },
  };
}
