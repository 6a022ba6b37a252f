import { createHash } from 'node:crypto';
import { mkdir, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError } from '../../../shared/errors.js';
import type { Model } from '../../../shared/models.js';
import { lockFile } from '../data/file-lock.js';
import { removePatiently, renamePatiently } from '../data/patient-files.js';
import type { Clock, Log } from '../ports.js';
import type { CatalogueEntry } from './catalogue.js';
import { download, storeError, type DownloadLimits, type Progress } from './download/download.js';
import { openHostSpeeds, type HostSpeeds } from './download/host-speeds.js';
import { receivedOf, removePart } from './download/part-file.js';
import { exists, identify } from './identify.js';
import { importModel, isArchive } from './import-model.js';
import { sourcesOf, type Mirror } from './mirrors.js';
import {
  hashAll,
  hashOf,
  readModel,
  readRecord,
  writeRecord,
  type ModelRecord,
  type RecordedFile,
} from './model-record.js';
import { copyStore, linkOr, lockOf, removeStore, storeAt, type MoveOptions, type StorePlaces } from './move-store.js';

/** The models on this machine: a folder for each, with a record of what is in it. All who use the app share them. */
export interface ModelStore {
  readonly folder: string;
  /** What can be used now, in no order. One whose files are not as its record says is not among them. */
  installed(): Promise<readonly Model[]>;
  /** Whether a model came with the app: it is not removed. */
  isBundled(model: Model): boolean;
  /** How many bytes of an entry's file are here already. */
  received(entry: CatalogueEntry): Promise<number>;
  /**
   * Downloads, checks and unpacks. What is here of it is gone on with; stopped, it stays for another time. Rejects as
   * `download` does, with `models/unverified`, or as `unpack` does.
   */
  install(entry: CatalogueEntry, options: InstallOptions): Promise<Model>;
  /** Throws away what is here of a download. */
  forget(entry: CatalogueEntry): Promise<void>;
  remove(id: string): Promise<void>;
  /**
   * Reads every file of a model again. One that has changed is set aside, with `models/damaged`; of what came with the
   * app, it is left out as long as the store is open.
   */
  verify(id: string): Promise<void>;
  /**
   * Takes in a copy of a model that somebody has: a file, an archive or a folder, known by its content. Rejects with
   * `models/unknown-file`, or as `unpack` does.
   */
  import(path: string): Promise<Model>;
  /**
   * Copies all there is to another folder, and has it there from then on; where both are on one disk, nothing is copied
   * in fact. Answers the function that removes it from the old folder, for when nobody has its files open any more.
   * Rejects with `models/in-progress`, `models/disk-full`, `models/unwritable`, `models/damaged` or the signal's reason:
   * then all is as it was.
   */
  move(folder: string, moving: MoveOptions): Promise<() => Promise<void>>;
}

export interface InstallOptions {
  readonly signal: AbortSignal;
  onProgress(step: InstallStep): void;
}

export type InstallStep = ({ readonly kind: 'download' } & Progress) | { readonly kind: 'unpack' };

export interface ModelStoreOptions {
  readonly folder: string;
  /** A folder of models that came with the app. It need not be there, and is only read. */
  readonly bundled?: string;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly log: Log;
  /** Further places for what the catalogue's addresses have. */
  mirrors(): readonly Mirror[];
  /** Unpacks an archive to a folder that it makes; answers the files' paths in it, their lengths and hashes. */
  unpack(archive: string, folder: string, signal: AbortSignal): Promise<readonly RecordedFile[]>;
  readonly limits?: DownloadLimits;
}

/** What a name has behind it; what a file is, its content says. */
const endings = /\.(tar|tar\.bz2|tar\.gz|tgz|tbz2|zip|bin|onnx)$/i;
/** A list of hashes is a few kilobytes. */
const longestList = 2 ** 20;

/** Makes the folder where it is not there. What a crash left half installed is removed. */
export async function openModelStore(options: ModelStoreOptions): Promise<ModelStore> {
  const { fetch, log, clock } = options;
  let at = storeAt(options.folder);
  let speeds = await openAt(at);
  const fileOf = ({ file }: CatalogueEntry) => join(at.downloads, file);
  const placeOf = (id: string) => join(at.models, id);
  const { bundled = null } = options;
  /** Of those that came with the app, which are damaged. */
  const damaged = new Set<string>();
  const bundledModels = bundled === null ? [] : await modelsIn(bundled);

  async function openAt(places: StorePlaces): Promise<HostSpeeds> {
    await mkdir(places.downloads, { recursive: true });
    await mkdir(places.models, { recursive: true });
    await tidyUnfinished(places);
    return openHostSpeeds(places.speeds, clock, log);
  }

  /** A new folder that becomes the model's own when all is in it. */
  async function assemble(id: string, name: string, fill: (place: string) => Promise<readonly RecordedFile[] | null>) {
    const place = join(at.unfinished, id);
    const unlock = lockFile(lockOf(place));
    if (unlock === null) throw new AppError('models/in-progress', id);
    try {
      await removePatiently(place);
      const known = await fill(place);
      await identify(place);
      const files = known ?? (await hashAll(place));
      await writeRecord(place, { version: 1, id, name, files: files as ModelRecord['files'] });
      await removePatiently(placeOf(id));
      await renamePatiently(place, placeOf(id));
    } catch (error) {
      await removePatiently(place);
      throw storeError(error);
    } finally {
      unlock();
    }
    const model = await readModel(placeOf(id));
    if (model === null) throw new AppError('models/unknown-file', id);
    return model;
  }

  /** The hashes that an entry's file may have; where none is known, what the publisher's list says now. */
  async function hashesOf(entry: CatalogueEntry, signal: AbortSignal): Promise<readonly string[]> {
    if (entry.sha256.length > 0 || entry.checksums === null) return entry.sha256;
    return publishedHashes(fetch, entry.checksums, entry.file, signal);
  }

  return {
    get folder() {
      return at.folder;
    },

    async installed() {
      const own = await modelsIn(at.models);
      // What was downloaded anew is preferred to what came with the app.
      const others = bundledModels.filter(({ id }) => !damaged.has(id) && own.every((model) => model.id !== id));
      return [...own, ...others];
    },

    isBundled: (model) => bundledModels.includes(model),

    received: async (entry) =>
      (await exists(fileOf(entry))) ? entry.bytes : receivedOf(`${fileOf(entry)}.part`, entry.bytes),

    async install(entry, { signal, onProgress }) {
      const path = fileOf(entry);
      const sha256 = await hashesOf(entry, signal);
      // A crash may have come between the download and the rest.
      let hash = (await exists(path)) ? await hashOf(path) : null;
      if (hash === null || !sha256.includes(hash)) {
        const wanted = { bytes: entry.bytes, sha256, urls: sourcesOf(entry, options.mirrors()) };
        hash = await download(path, wanted, {
          fetch,
          speeds,
          log,
          signal,
          onProgress: (progress) => {
            onProgress({ kind: 'download', ...progress });
          },
          ...(options.limits ? { limits: options.limits } : {}),
        });
      }
      const files = [{ path: entry.file, bytes: entry.bytes, sha256: hash }];
      onProgress({ kind: 'unpack' });
      const model = await assemble(entry.id, entry.name, async (place) => {
        if (await isArchive(path)) return options.unpack(path, place, signal);
        await mkdir(place);
        await linkOr(path, join(place, entry.file), renamePatiently);
        return files;
      });
      // Not before: what ends us until then costs no download.
      await removePatiently(path);
      return model;
    },

    async forget(entry) {
      await removePart(`${fileOf(entry)}.part`);
      await removePatiently(fileOf(entry));
    },

    async remove(id) {
      await removePatiently(placeOf(safeId(id)));
    },

    async verify(id) {
      const own = placeOf(safeId(id));
      const isOwn = bundled === null || (await exists(own));
      const place = isOwn ? own : join(bundled, id);
      const record = await readRecord(place);
      if (record === null) throw new AppError('models/not-found', id);
      for (const { path, sha256 } of record.files) {
        const now = await hashOf(join(place, path)).catch(() => null);
        if (now === sha256) continue;
        if (!isOwn) {
          damaged.add(id);
          throw new AppError('models/damaged', `${path}, which came with the app`);
        }
        const aside = join(at.setAside, `${id}-${String(clock.now())}`);
        await mkdir(at.setAside, { recursive: true });
        await renamePatiently(place, aside);
        throw new AppError('models/damaged', `${path}; set aside to ${aside}`);
      }
    },

    async import(path) {
      const found = await stat(path).catch((error: unknown) => {
        throw new AppError('models/unknown-file', String(error), { cause: error });
      });
      const name = basename(path).replace(endings, '');
      // Another file of the same name is another model.
      const mark = createHash('sha256')
        .update(`${path} ${String(found.size)} ${String(found.mtimeMs)}`)
        .digest('hex');
      const id = `imported-${mark.slice(0, 12)}`;
      return assemble(id, name, async (place) => {
        await importModel(path, place, { unpack: options.unpack, pronunciation });
        return null;
      });
    },

    async move(folder, moving) {
      const [from, to] = [at, storeAt(folder)];
      if (to.folder === from.folder) return () => Promise.resolve();
      try {
        await copyStore(from, to, moving);
        speeds = await openAt(to);
      } catch (error) {
        moving.signal.throwIfAborted();
        throw storeError(error);
      }
      at = to;
      return () => removeStore(from);
    },
  };

  /** The data of espeak-ng that a voice here has: it is the same for all. */
  async function pronunciation(): Promise<string | null> {
    for (const model of [...(await modelsIn(at.models)), ...bundledModels]) {
      if (model.kind === 'voice' && model.files.form !== 'lexicon') return model.files.dataDir;
    }
    return null;
  }
}

/** The models in a folder, each in one of its own; none where it is not there. */
async function modelsIn(folder: string): Promise<readonly Model[]> {
  const names = await readdir(folder).catch(() => []);
  const models = await Promise.all(names.map((name) => readModel(join(folder, name))));
  return models.filter((model) => model !== null);
}

/** An id names a folder: it must not name another one. */
function safeId(id: string): string {
  if (!/^[\w][\w.-]*$/.test(id)) throw new AppError('models/not-found', id);
  return id;
}

/**
 * What a crash left half put together is removed; what was whole, and had only to get its place, gets it. What another
 * window is at stays.
 */
async function tidyUnfinished({ unfinished, models }: StorePlaces): Promise<void> {
  await mkdir(unfinished, { recursive: true });
  const entries = await readdir(unfinished, { withFileTypes: true });
  for (const { name } of entries.filter((entry) => entry.isDirectory())) {
    const place = join(unfinished, name);
    const unlock = lockFile(lockOf(place));
    if (unlock === null) continue;
    try {
      // Its record is the last that is written.
      const isWhole = (await readModel(place)) !== null && !(await exists(join(models, name)));
      await (isWhole ? renamePatiently(place, join(models, name)) : removePatiently(place));
    } finally {
      unlock();
    }
  }
}

/**
 * What a publisher's list (`<name> <sha256>` in either order, a file in each line) says of a file. Rejects with
 * `models/unverified` where it cannot be had, or does not name the file.
 */
export async function publishedHashes(
  fetch: typeof globalThis.fetch,
  url: string,
  file: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  let text: string;
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(30_000)]) });
    if (!response.ok) throw new Error(`HTTP ${String(response.status)}`);
    text = (await response.text()).slice(0, longestList);
  } catch (error) {
    signal.throwIfAborted();
    throw new AppError('models/unverified', `${url}: ${String(error)}`, { cause: error });
  }
  const hashes = text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields.includes(file))
    .flatMap((fields) => fields.filter((field) => /^[0-9a-f]{64}$/.test(field)));
  if (hashes.length === 0) throw new AppError('models/unverified', `${url} does not name ${file}`);
  return hashes;
}
