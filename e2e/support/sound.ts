import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeWav, decodeWav } from '../../src/main/core/speech/wav.js';
import { notSpeech, soundOf } from './sounds.js';

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

/** How loud the voice is in the room. */
export interface Loudness {
  /** Of the loudest sample of each recording, below full scale, dB; null: as it was recorded. */
  readonly peakDb: number | null;
  /** Of a fan that goes on all the time, against the voice, dB; null: there is none. */
  readonly fanDb: number | null;
}

const asRecorded: Loudness = { peakDb: null, fanDb: null };
const fullScale = 32_767;
const gainOf = (db: number): number => 10 ** (db / 20);
const loudestOf = (samples: Int16Array): number =>
  samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 1);

/** A WAV file for Chromium's fake microphone. */
export function microphoneFile(
  schedule: readonly Scheduled[],
  lengthMs: number,
  { peakDb, fanDb }: Loudness = asRecorded,
): Buffer {
  const samples = new Int16Array(Math.round((lengthMs * sampleRateHz) / 1000));
  for (const { clip, atMs } of schedule) {
    const voice = decodeWav(readFileSync(join(clipFolder, clip))).samples;
    const gain = peakDb === null ? 1 : (fullScale * gainOf(peakDb)) / loudestOf(voice);
    samples.set(
      voice.map((sample) => Math.round(sample * gain)),
      Math.round((atMs * sampleRateHz) / 1000),
    );
  }
  if (fanDb === null) return encodeWav(samples, sampleRateHz);
  const fan = soundOf(notSpeech['a fan'] ?? (() => NaN), Math.ceil(lengthMs / 1000));
  const fanGain = (fullScale * gainOf((peakDb ?? 0) + fanDb)) / loudestOf(fan);
  return encodeWav(
    samples.map((sample, index) => Math.round(sample + (fan[index] ?? 0) * fanGain)),
    sampleRateHz,
  );
}

export function clipDurationMs(clip: string): number {
  return (decodeWav(readFileSync(join(clipFolder, clip))).samples.length * 1000) / sampleRateHz;
}
