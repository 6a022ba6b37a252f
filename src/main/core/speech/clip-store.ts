import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { samplesToMs } from '../../../shared/audio-format.js';
import type { ClipTable } from '../data/schema.js';
import { removePatiently } from '../data/patient-files.js';
import { writeWholeFile } from '../data/whole-file.js';
import type { ClipWord } from '../../../shared/contract/turn.js';
import type { Clock } from '../ports.js';
import { peaksOf } from './loudness.js';
import { decodeWav, encodeWav } from './wav.js';

/**
 * Sound files of finished turns, named by their content: the same sound is one file, and a file is never changed.
 * The store writes files only; rows that point at them are the caller's, in the transaction that needs them.
 */
export interface ClipStore {
  /** Writes the sound and describes it; it is safely on disk when this resolves. Rejects as `writeWholeFile` does. */
  save(samples: Int16Array, sampleRateHz: number, words?: readonly ClipWord[]): Promise<ClipTable>;
  /** The file's bytes, or null where it is not on this machine. */
  read(hash: string): Promise<Uint8Array | null>;
  remove(hashes: readonly string[]): Promise<void>;
}

export function createClipStore(folder: string, clock: Clock): ClipStore {
  const pathOf = (hash: string) => join(folder, hash.slice(0, 2), `${hash}.wav`);

  return {
    async save(samples, sampleRateHz, words) {
      const file = encodeWav(samples, sampleRateHz);
      const hash = createHash('sha256').update(file).digest('hex');
      await writeWholeFile(pathOf(hash), file);
      return {
        hash,
        duration_ms: samplesToMs(samples.length, sampleRateHz),
        peaks: JSON.stringify(peaksOf(samples)),
        words: words ? JSON.stringify(words) : null,
        created_time: clock.now(),
      };
    },

    async read(hash) {
      try {
        const file = await readFile(pathOf(hash));
        decodeWav(file);
        return file;
      } catch {
        // Gone or damaged: either way the sound is made again where it can be.
        return null;
      }
    },

    async remove(hashes) {
      await Promise.all(hashes.map((hash) => removePatiently(pathOf(hash))));
    },
  };
}
