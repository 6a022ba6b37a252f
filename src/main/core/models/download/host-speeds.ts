import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { writeWholeFile } from '../../data/whole-file.js';
import type { Clock, Log } from '../../ports.js';
import type { Source } from './download.js';

/** How fast each host was from here, remembered in a file: the fastest is asked first the next time. */
export interface HostSpeeds {
  /** Hosts that were fast before those that are not known, those before such as sent nothing; else as given. */
  sorted(sources: readonly Source[]): readonly Source[];
  /** A host sent so many bytes a second; 0 where it sent nothing. */
  note(host: string, bytesPerSecond: number): void;
  /** Resolves when all that was noted is in the file, or cannot be. */
  written(): Promise<unknown>;
}

const fileSchema = z.record(z.string(), z.object({ bytesPerSecond: z.number().min(0), time: z.number() }));

/** Networks change: so long a speed is believed, ms. */
const believedMs = 24 * 60 * 60 * 1000;
/** What is not known yet comes before what is slower than this. */
const unknownBytesPerSecond = 100_000;

/** Reads the file; one that is not there, or is damaged, remembers nothing. */
export async function openHostSpeeds(path: string, clock: Clock, log: Log): Promise<HostSpeeds> {
  const known = new Map(Object.entries(await read(path, log)));
  let written: Promise<unknown> = Promise.resolve();

  const speedOf = ({ host }: Source): number => {
    const note = known.get(host);
    return note && clock.now() - note.time < believedMs ? note.bytesPerSecond : unknownBytesPerSecond;
  };

  return {
    // The sort is stable: what is equally fast stays in its order.
    sorted: (sources) => [...sources].sort((one, other) => speedOf(other) - speedOf(one)),
    note(host, bytesPerSecond) {
      known.set(host, { bytesPerSecond, time: clock.now() });
      const text = JSON.stringify(Object.fromEntries(known), null, 2);
      written = written
        .then(() => writeWholeFile(path, text))
        .catch((error: unknown) => {
          log.warn('the speed of a host is not remembered', { error });
        });
    },
    written: () => written,
  };
}

async function read(path: string, log: Log): Promise<z.infer<typeof fileSchema>> {
  try {
    return fileSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') log.warn('speeds of hosts cannot be read', { error });
    return {};
  }
}
