import { bytesToPcm } from '../../shared/audio-format.js';

/** A reply while it is being spoken. */
export interface LiveClip {
  readonly turnId: string;
  /** What has come so far. */
  readonly durationMs: number;
  /** The loudness of each stretch of `stretchMs`, 0..100. */
  readonly loudness: readonly number[];
}

const stretchMs = 50;

/** The loudness (0..100) of each stretch of a piece of speech. */
export function loudnessOf(pcm: Uint8Array, sampleRateHz: number): readonly number[] {
  const samples = bytesToPcm(pcm);
  const perStretch = Math.round((sampleRateHz * stretchMs) / 1000);
  return Array.from({ length: Math.ceil(samples.length / perStretch) }, (_, index) => {
    const stretch = samples.subarray(index * perStretch, (index + 1) * perStretch);
    const loudest = stretch.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    return Math.round((loudest / 32768) * 100);
  });
}

/** Bars for a clip: as many as asked for, the loudest of what falls into each; nothing yet is drawn as silence. */
export function barsOf(loudness: readonly number[], count: number): readonly number[] {
  return Array.from({ length: count }, (_, bar) => {
    const from = Math.floor((bar * loudness.length) / count);
    const to = Math.max(from + 1, Math.floor(((bar + 1) * loudness.length) / count));
    return Math.max(0, ...loudness.slice(from, to));
  });
}
