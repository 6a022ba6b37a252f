import { loudestRms } from './loudness.js';

/**
 * The level at which a voice is recognised and detected: the RMS (0..1) of its loudest 100 ms. The microphone is taken as
 * it is, without the browser's gain control, which drives speech into clipping; built-in ones give speech at 0.004 to
 * 0.010 (OpenWhispr 367). The recording that is kept stays as it came.
 */
const targetRms = 0.1;
/** 50 dB: what is quieter than that is a microphone that hears nothing. */
const mostGain = 316;
/** Below twice, nothing is gained by another level. */
const leastGain = 2;
/** No sample goes beyond it. */
const peak = 0.95 * 32767;

function amplified(samples: Int16Array, gain: number): Int16Array {
  return gain < leastGain
    ? samples
    : samples.map((sample) => Math.round(Math.max(-peak, Math.min(peak, sample * gain))));
}

/** A whole stretch at the level at which it is recognised; the same samples where they are loud enough. */
export function levelled(samples: Int16Array, sampleRateHz: number): Int16Array {
  const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  const rms = loudestRms(samples, sampleRateHz);
  if (rms === 0) return samples;
  return amplified(samples, Math.min(mostGain, targetRms / rms, peak / loudest));
}

/** Of a sound that goes on: each stretch at the level that what came before it, and itself, asks for. */
export interface RunningLevel {
  next(samples: Int16Array): Int16Array;
}

/** How fast the loudest that was heard is forgotten, for each second of sound: 3 dB in ten seconds. */
const forgottenPerSecond = 0.966;

export function createRunningLevel(sampleRateHz: number): RunningLevel {
  let loudest = 0;
  return {
    next(samples) {
      const now = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
      loudest = Math.max(now, loudest * forgottenPerSecond ** (samples.length / sampleRateHz));
      if (loudest === 0) return samples;
      // A voice's peak is some 12 dB above the RMS of its loudest 100 ms.
      return amplified(samples, Math.min(mostGain, (4 * targetRms * 32767) / loudest));
    },
  };
}
