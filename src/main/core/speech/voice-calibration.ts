import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { samplesToMs } from '../../../shared/audio-format.js';
import type { VoiceModel } from '../../../shared/models.js';
import type { ComputeDevice } from '../../../shared/worker-contract.js';
import { writeWholeFile } from '../data/whole-file.js';
import type { Log } from '../ports.js';
import type { Sound } from './voice.js';

/**
 * How fast each voice is on this machine's devices, remembered in a file: it is the machine's, whoever uses the app.
 */
export interface VoiceCalibrations {
  /** Seconds of work for a second of speech; null where it was not measured yet. */
  get(model: MeasuredModel, device: ComputeDevice): number | null;
  /** Never rejects: what cannot be written is measured again another time. */
  set(model: MeasuredModel, device: ComputeDevice, realTimeFactor: number): Promise<void>;
}

/** Another file under the same id is as fast as it is. */
type MeasuredModel = Pick<VoiceModel, 'id' | 'sha256'>;

const fileSchema = z.record(z.string(), z.object({ realTimeFactor: z.number().positive() }));

const keyOf = ({ id, sha256 }: MeasuredModel, { kind, name }: ComputeDevice): string =>
  `${id} | ${sha256} | ${kind} | ${name}`;

/** Reads the file; one that is not there, or is damaged, remembers nothing. */
export async function openVoiceCalibrations(path: string, log: Log): Promise<VoiceCalibrations> {
  const known = new Map<string, z.infer<typeof fileSchema>[string]>();
  try {
    for (const [key, value] of Object.entries(fileSchema.parse(JSON.parse(await readFile(path, 'utf8'))))) {
      known.set(key, value);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') log.warn('voice calibration cannot be read', { error });
  }
  return {
    get: (model, device) => known.get(keyOf(model, device))?.realTimeFactor ?? null,
    async set(model, device, realTimeFactor) {
      known.set(keyOf(model, device), { realTimeFactor });
      try {
        await writeWholeFile(path, JSON.stringify(Object.fromEntries(known), null, 2));
      } catch (error) {
        log.warn('voice calibration cannot be kept', { error });
      }
    },
  };
}

/** Short, middling and long, as replies are. */
const sentences = [
  'That sounds good.',
  'I would like to have a cup of coffee, please.',
  'It is very nice to meet you here, and I hope that we will see each other again next week in the city.',
] as const;

/** The machine may be busy with something else in the first round. */
const rounds = 2;

/**
 * Measures a voice that is warm: seconds of work for a second of speech, over sentences of several lengths, in the
 * better of two rounds. Rejects as `synthesise` does.
 */
export async function measureRealTimeFactor(
  synthesise: (text: string) => Promise<Sound>,
  now: () => number = () => performance.now(),
): Promise<number> {
  const factors: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    let speechMs = 0;
    const startTime = now();
    for (const sentence of sentences) {
      const { samples, sampleRateHz } = await synthesise(sentence);
      speechMs += samplesToMs(samples.length, sampleRateHz);
    }
    factors.push((now() - startTime) / speechMs);
  }
  return Math.min(...factors);
}
