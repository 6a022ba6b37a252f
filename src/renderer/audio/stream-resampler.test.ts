import { expect, test } from 'vitest';
import { createStreamResampler } from './stream-resampler.js';

/** A tone of one second, in blocks of an audio thread. */
function resampled(fromHz: number, toneHz: number): Float32Array {
  const resampler = createStreamResampler(fromHz, 16_000);
  const parts: number[] = [];
  for (let start = 0; start < fromHz; start += 128) {
    const block = Float32Array.from({ length: 128 }, (_, n) => Math.sin((2 * Math.PI * toneHz * (start + n)) / fromHz));
    parts.push(...resampler.push(block));
  }
  return Float32Array.from(parts);
}

const rms = (samples: Float32Array): number =>
  Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);

test.each([48_000, 44_100, 96_000])('from %i Hz a voice stays what it is, and what is too high is gone', (fromHz) => {
  const voice = resampled(fromHz, 1000);
  expect(Math.abs(voice.length - 16_000)).toBeLessThan(60);
  const settled = voice.subarray(200, -200);
  expect(rms(settled)).toBeCloseTo(Math.SQRT1_2, 2);
  // The same tone: it crosses zero as often.
  const crossings = settled.filter(
    (sample, index) => index > 0 && sample >= 0 !== (settled[index - 1] ?? 0) >= 0,
  ).length;
  expect(Math.abs(crossings - (2 * 1000 * settled.length) / 16_000)).toBeLessThan(3);
  expect(rms(resampled(fromHz, 10_000).subarray(200, -200))).toBeLessThan(0.003);
});
