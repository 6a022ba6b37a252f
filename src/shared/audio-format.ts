/** Recordings, and what the recogniser hears, are 16 kHz mono: Whisper's own rate. */
export const recordingSampleRateHz = 16_000;

/** What the voice activity detector looks at at a time: 32 ms. */
export const vadWindowSamples = 512;

/** A take ends by itself after ten minutes. */
export const longestTakeMs = 10 * 60_000;

/** Shorter presses are slips of the finger, not takes. */
export const shortestTakeMs = 300;

/** Bars drawn for a clip. */
export const peakCount = 48;

export function samplesToMs(samples: number, sampleRateHz: number): number {
  return Math.round((samples * 1000) / sampleRateHz);
}

/** Int16 samples as the little-endian bytes in which they cross the contract and lie on disk. */
export function pcmToBytes(samples: Int16Array): Uint8Array {
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
}

/**
 * The samples in little-endian bytes; copied, since the bytes of a message need not be aligned. (Not by `slice`:
 * that of a Node `Buffer` does not copy.)
 */
export function bytesToPcm(bytes: Uint8Array): Int16Array {
  return new Int16Array(new Uint8Array(bytes).buffer, 0, bytes.byteLength >> 1);
}

/** Float samples in -1..1 as Int16, clipped. */
export function floatToPcm(samples: Float32Array): Int16Array {
  return Int16Array.from(samples, (sample) => Math.round(Math.max(-1, Math.min(1, sample)) * 32767));
}

export function pcmToFloat(samples: Int16Array): Float32Array {
  return Float32Array.from(samples, (sample) => sample / 32768);
}
