import { expect, test } from 'vitest';
import { pcmToBytes } from '../../shared/audio-format.js';
import { barsOf, loudnessOf } from './live-clip.js';

test('loudness is that of the loudest sample in each stretch', () => {
  const samples = new Int16Array(2500);
  samples[10] = -16384;
  samples[2400] = 32767;
  expect(loudnessOf(pcmToBytes(samples), 20_000)).toEqual([50, 0, 100]);
});

test('bars are as many as asked for, whatever has come', () => {
  expect(barsOf([], 3)).toEqual([0, 0, 0]);
  expect(barsOf([10, 90], 4)).toEqual([10, 10, 90, 90]);
  expect(barsOf([1, 5, 2, 8, 3, 4], 3)).toEqual([5, 8, 4]);
});
