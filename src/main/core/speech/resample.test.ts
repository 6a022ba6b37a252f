import { describe, expect, it } from 'vitest';
import { forRecogniser } from './resample.js';

const sine = (frequencyHz: number, sampleRateHz: number, seconds = 0.5) => ({
  samples: Int16Array.from({ length: sampleRateHz * seconds }, (_, index) =>
    Math.round(10_000 * Math.sin((2 * Math.PI * frequencyHz * index) / sampleRateHz)),
  ),
  sampleRateHz,
});

/** The ends, where the filter looks beyond the sound, apart. */
const middle = (samples: Int16Array) => samples.subarray(500, -500);
const rms = (samples: Int16Array) => Math.sqrt(samples.reduce((sum, each) => sum + each * each, 0) / samples.length);

describe('a sound for the recogniser', () => {
  it.each([22_050, 24_000, 44_100, 8000])('of %d Hz keeps its length and its tones', (sampleRateHz) => {
    const output = forRecogniser(sine(1000, sampleRateHz));
    expect(output).toHaveLength(8000);
    const expected = middle(sine(1000, 16_000).samples);
    const error = middle(output).map((each, index) => each - (expected[index] ?? 0));
    expect(rms(error)).toBeLessThan(0.01 * rms(expected));
  });

  it('loses what the lower rate cannot hold, and does not mirror it', () => {
    expect(rms(middle(forRecogniser(sine(10_000, 22_050))))).toBeLessThan(70);
  });

  it('of the same rate is not touched', () => {
    const sound = sine(1000, 16_000);
    expect(forRecogniser(sound)).toBe(sound.samples);
  });
});
