import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { errorCodes, type ErrorView } from '../../../shared/errors.js';
import { writeWholeFile } from '../data/whole-file.js';
import type { Log } from '../ports.js';

/** What is known of one model on one device. */
export type Verdict = 'works' | ErrorView | 'unknown';

/**
 * Remembers, for this machine and all who use it, which models its GPUs can run. What it cannot read or write it does
 * without: the worst that follows is another trial.
 */
export interface ProbeMemory {
  verdict(key: string): Promise<Verdict>;
  /**
   * To be called before a trial, and waited for: a driver may take the whole machine along, and then this is all that
   * is left to tell. A second trial that nobody saw the end of is the last one.
   */
  begin(key: string): Promise<void>;
  works(key: string): Promise<void>;
  /** Not to be tried again until `forget`, or until the key is another one. */
  failed(key: string, error: ErrorView): Promise<void>;
  /** It worked when it was tried and failed at work: to be tried again at the next start, and given up the second time. */
  doubt(key: string): Promise<void>;
  /** The trial says nothing: it was broken off, or there was no memory free just then. */
  undecided(key: string): Promise<void>;
  /** Forgets what failed: the learner wants it tried again. */
  forget(): Promise<void>;
}

const entrySchema = z.object({
  outcome: z.enum(['works', 'failed', 'open']),
  /** Trials that were begun while the outcome was open. */
  trials: z.number().int().min(0),
  error: z.object({ code: z.enum(errorCodes), detail: z.string().optional() }).nullable(),
});
type Entry = z.infer<typeof entrySchema>;
const fileSchema = z.object({ version: z.literal(1), entries: z.record(z.string(), entrySchema) });

/** Drivers and models change: only so many of the newest are worth keeping. */
const keptEntries = 50;
const lastTrial = 2;
const untried: Entry = { outcome: 'open', trials: 0, error: null };

export function openProbeMemory(path: string, log: Log): ProbeMemory {
  const entries: Promise<Map<string, Entry>> = readFile(path, 'utf8').then(
    (text) => new Map(Object.entries(read(text, log))),
    () => new Map<string, Entry>(),
  );
  let written: Promise<void> = Promise.resolve();

  /** One write follows the other. */
  async function save(): Promise<void> {
    const kept = [...(await entries)].slice(-keptEntries);
    const text = JSON.stringify({ version: 1, entries: Object.fromEntries(kept) }, null, 2);
    written = written.then(async () => {
      try {
        await writeWholeFile(path, text);
      } catch (error) {
        log.warn('what the GPU can do is not remembered', { error });
      }
    });
    await written;
  }

  async function put(key: string, change: (entry: Entry) => Entry): Promise<void> {
    const known = await entries;
    const entry = change(known.get(key) ?? untried);
    known.delete(key);
    known.set(key, entry);
    await save();
  }

  return {
    async verdict(key) {
      const entry = (await entries).get(key) ?? untried;
      if (entry.outcome === 'works') return 'works';
      if (entry.outcome === 'failed') return errorOf(entry);
      return entry.trials >= lastTrial
        ? { code: 'recogniser/gpu-failed', detail: 'failed again and again' }
        : 'unknown';
    },
    begin: (key) => put(key, ({ trials }) => ({ outcome: 'open', trials: trials + 1, error: null })),
    works: (key) => put(key, ({ trials }) => ({ outcome: 'works', trials, error: null })),
    failed: (key, { code, detail }) =>
      put(key, ({ trials }) => ({
        outcome: 'failed',
        trials,
        error: { code, ...(detail === undefined ? {} : { detail }) },
      })),
    doubt: (key) => put(key, ({ trials }) => ({ outcome: 'open', trials, error: null })),
    undecided: (key) => put(key, ({ trials }) => ({ outcome: 'open', trials: Math.max(0, trials - 1), error: null })),
    async forget() {
      const known = await entries;
      const before = known.size;
      for (const [key, { outcome }] of known) if (outcome !== 'works') known.delete(key);
      if (known.size !== before) await save();
    },
  };
}

function errorOf({ error }: Entry): ErrorView {
  if (error === null) return { code: 'recogniser/gpu-failed' };
  return error.detail === undefined ? { code: error.code } : { code: error.code, detail: error.detail };
}

/** A file that was damaged, or comes from another version, is as good as none. */
function read(text: string, log: Log): Readonly<Record<string, Entry>> {
  try {
    return fileSchema.parse(JSON.parse(text)).entries;
  } catch (error) {
    log.warn('what was known of the GPU cannot be read', { error });
    return {};
  }
}
