import { rename, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** What Windows answers while a virus scanner, an indexer or a back-up has the file open: gone after a moment. */
const passing: ReadonlySet<unknown> = new Set(['EPERM', 'EBUSY', 'EACCES']);

/** The pauses before each further try, ms: a second in all. */
const pausesMs = [10, 20, 40, 80, 150, 300, 400] as const;

/**
 * Does what may fail only for a moment, and tries it again for a second. Rejects with the last failure, and at once
 * with every other. `pause` waits so many ms.
 */
export async function patiently<T>(
  work: () => Promise<T>,
  pause: (ms: number) => Promise<unknown> = sleep,
): Promise<T> {
  for (const pauseMs of pausesMs) {
    try {
      return await work();
    } catch (error) {
      if (!passing.has((error as NodeJS.ErrnoException).code)) throw error;
      await pause(pauseMs);
    }
  }
  return work();
}

/** Gives a file or a folder another name, in one step, whoever looks at it just then. */
export const renamePatiently = (from: string, to: string): Promise<void> => patiently(() => rename(from, to));

/** Removes a file, or a folder with all that is in it; one that is not there is removed. */
export const removePatiently = (path: string): Promise<void> =>
  patiently(() => rm(path, { recursive: true, force: true }));
