import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import type { Log } from '../ports.js';
import { writeWholeFile } from './whole-file.js';

/** Settings of this machine, in memory for whoever needs them now and in a file for the next start. */
export interface SettingsFile<T extends object> {
  /** Nothing was ever set. */
  readonly isFresh: boolean;
  readonly current: T;
  /** Rejects with a `profile/…` error where they cannot be written; then nothing is changed. */
  update(changed: Partial<T>): Promise<void>;
}

/** Reads the file; one that is not there, or is damaged, has set nothing. */
export async function openSettingsFile<T extends object>(
  path: string,
  schema: z.ZodType<T>,
  defaults: T,
  log: Log,
): Promise<SettingsFile<T>> {
  let current: T | null = await read();
  let last: Promise<unknown> = Promise.resolve();

  async function read(): Promise<T | null> {
    try {
      return schema.parse(JSON.parse(await readFile(path, 'utf8')));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
        log.warn('settings of the machine cannot be read', { path, error });
      return null;
    }
  }

  async function write(changed: Partial<T>): Promise<void> {
    const next = { ...defaults, ...current, ...changed };
    await writeWholeFile(path, JSON.stringify(next, null, 2));
    current = next;
  }

  return {
    get isFresh() {
      return current === null;
    },
    get current() {
      return current ?? defaults;
    },
    update(changed) {
      // One write follows the other.
      const written = last.then(() => write(changed));
      last = written.catch(() => undefined);
      return written;
    },
  };
}
