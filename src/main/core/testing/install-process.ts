import { createUnpacker } from '../models/archive-unpacker.js';
import type { CatalogueEntry } from '../models/catalogue.js';
import { openModelStore, type InstallStep } from '../models/model-store.js';
import { spawnArchiveWorker } from './archive-worker.js';

/** What the process is given in INSTALLATION, as JSON. */
export interface Installation {
  readonly folder: string;
  readonly entry: CatalogueEntry;
}

/** What it tells its parent: each step, and how it ended. */
export type Told = InstallStep | { readonly kind: 'installed' } | { readonly kind: 'failed'; readonly code: unknown };

/** A process that installs a model, to be killed or to meet another one. */
const given = process.env.INSTALLATION;
if (given === undefined) throw new Error('INSTALLATION is not set');
const { folder, entry } = JSON.parse(given) as Installation;
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const tell = (told: Told) =>
  new Promise<void>((sent) =>
    process.send?.(told, () => {
      sent();
    }),
  );
const store = await openModelStore({
  folder,
  fetch,
  clock: { now: () => Date.now() },
  log: silent,
  mirrors: () => [],
  unpack: createUnpacker(spawnArchiveWorker),
});
try {
  await store.install(entry, { signal: new AbortController().signal, onProgress: (step) => void tell(step) });
  await tell({ kind: 'installed' });
} catch (error) {
  await tell({ kind: 'failed', code: (error as { code?: unknown }).code ?? String(error) });
}
process.disconnect();
