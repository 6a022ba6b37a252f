import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeWav, decodeWav } from '../../src/main/core/speech/wav.js';

const clipFolder = join(import.meta.dirname, '../fixtures/clips');
const sampleRateHz = 16_000;

/** What each recording of the fixtures says. */
export const clipTexts = new Map(
  (JSON.parse(readFileSync(join(clipFolder, 'clips.json'), 'utf8')) as { file: string; text: string }[]).map(
    ({ file, text }) => [file, text],
  ),
);

/** What a microphone hears: recordings at their times, silence between them. */
export interface Scheduled {
  readonly clip: string;
  /** Counted from the moment at which the microphone is opened. */
  readonly atMs: number;
}

/** A WAV file for Chromium's fake microphone. */
export function microphoneFile(schedule: readonly Scheduled[], lengthMs: number): Buffer {
  const samples = new Int16Array(Math.round((lengthMs * sampleRateHz) / 1000));
  for (const { clip, atMs } of schedule) {
    samples.set(decodeWav(readFileSync(join(clipFolder, clip))).samples, Math.round((atMs * sampleRateHz) / 1000));
  }
  return encodeWav(samples, sampleRateHz);
}

export function clipDurationMs(clip: string): number {
  return (decodeWav(readFileSync(join(clipFolder, clip))).samples.length * 1000) / sampleRateHz;
}
