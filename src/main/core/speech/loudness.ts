import { peakCount } from '../../../shared/audio-format.js';

/** The loudest sample of each of `peakCount` equal stretches, 0..100. */
export function peaksOf(samples: Int16Array): readonly number[] {
  return Array.from({ length: peakCount }, (_, index) => {
    const start = Math.floor((index * samples.length) / peakCount);
    const end = Math.floor(((index + 1) * samples.length) / peakCount);
    return Math.round(
      (samples.subarray(start, end).reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0) / 32768) * 100,
    );
  });
}

/** The RMS (0..1) of the loudest 100 ms: what the silence gate looks at. */
export function loudestRms(samples: Int16Array, sampleRateHz: number): number {
  const window = Math.round(sampleRateHz / 10);
  let loudest = 0;
  for (let start = 0; start + window <= samples.length; start += window) {
    const energy = samples.subarray(start, start + window).reduce((sum, sample) => sum + sample * sample, 0);
    loudest = Math.max(loudest, Math.sqrt(energy / window) / 32768);
  }
  return loudest;
}

/**
 * Below this (-80 dBFS) there is nothing but zeros and their rounding: a switched-off microphone. Whether somebody spoke
 * is for the detector to say: built-in microphones give speech at 0.004 and less.
 */
export const silenceRms = 0.0001;
