import { z } from 'zod';
import { openSettingsFile, type SettingsFile } from '../data/settings-file.js';
import type { Log } from '../ports.js';

/** Which models this machine uses, whoever uses it. */
export interface ModelSettings {
  /** An id; null for whichever is there. */
  readonly recogniser: string | null;
  readonly voice: string | null;
  /** Of the voice, from 0. */
  readonly speaker: number;
  /** Where they are kept; null for the app's own folder. */
  readonly folder: string | null;
  /** Further places for the catalogue's files, see `Mirror`. */
  readonly mirrors: readonly string[];
  /** A proxy's address without its password; null for the system's proxy. */
  readonly proxy: string | null;
}

const schema = z.object({
  recogniser: z.string().nullable(),
  voice: z.string().nullable(),
  speaker: z.number().int().min(0),
  // A file of an older app has none.
  folder: z.string().nullable().default(null),
  mirrors: z.array(z.string()),
  proxy: z.string().nullable().default(null),
});

const defaults: ModelSettings = { recogniser: null, voice: null, speaker: 0, folder: null, mirrors: [], proxy: null };

export const openModelSettings = (path: string, log: Log): Promise<SettingsFile<ModelSettings>> =>
  openSettingsFile(path, schema, defaults, log);
