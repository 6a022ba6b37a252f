import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { link, mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { AppError } from '../../../shared/errors.js';
import type { Model } from '../../../shared/models.js';
import { lockFile } from '../data/file-lock.js';
import { removePatiently, renamePatiently } from '../data/patient-files.js';
import { writeWholeFile } from '../data/whole-file.js';
import type { Clock, Log } from '../ports.js';
import type { CatalogueEntry } from './catalogue.js';
import { download, storeError, type DownloadLimits, type Progress } from './download/download.js';
import { openHostSpeeds } from './download/host-speeds.js';
import { receivedOf, removePart } from './download/part-file.js';
import { exists, foundIn, identify } from './identify.js';
import { importModel, isArchive } from './import-model.js';
import { sourcesOf, type Mirror } from './mirrors.js';

/** The models on this machine: a folder for each, with a record of what is in it. All who use the app share them. */
export interface ModelStore {
  readonly folder: string;
  /** What can be used now, in no order. One whose files are not as its record says is not among them. */
  installed(): Promise<readonly Model[]>;
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
  /** Reads every file of a model again. One that has changed is set aside, with `models/damaged`. */
  verify(id: string): Promise<void>;
  /**
   * Takes in a copy of a model that somebody has: a file, an archive or a folder, known by its content. Rejects with
   * `models/unknown-file`, or as `unpack` does.
   */
  import(path: string): Promise<Model>;
}

export interface InstallOptions {
  readonly signal: AbortSignal;
  onProgress(step: InstallStep): void;
}

export type InstallStep = ({ readonly kind: 'download' } & Progress) | { readonly kind: 'unpack' };

export interface ModelStoreOptions {
  readonly folder: string;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly log: Log;
  /** Further places for what the catalogue's addresses have. */
  mirrors(): readonly Mirror[];
  /** Unpacks an archive to a folder that it makes; answers the files' paths in it, their lengths and hashes. */
  unpack(archive: string, folder: string, signal: AbortSignal): Promise<readonly RecordedFile[]>;
  readonly limits?: DownloadLimits;
}

interface RecordedFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

const fileSchema = z.object({ path: z.string(), bytes: z.number().int(), sha256: z.string() });
const recordSchema = z.object({
  version: z.literal(1),
  id: z.string(),
  name: z.string(),
  files: z.array(fileSchema).nonempty(),
});
type ModelRecord = z.infer<typeof recordSchema>;

const recordName = 'botchat-model.json';
/** What a name has behind it; what a file is, its content says. */
const endings = /\.(tar|tar\.bz2|tar\.gz|tgz|tbz2|zip|bin|onnx)$/i;
/** A list of hashes is a few kilobytes. */
const longestList = 2 ** 20;

/** Makes the folder where it is not there. What a crash left half installed is removed. */
export async function openModelStore(options: ModelStoreOptions): Promise<ModelStore> {
  const { folder, fetch, log, clock } = options;
  const downloads = join(folder, 'downloads');
  const unfinished = join(folder, 'unfinished');
  await mkdir(downloads, { recursive: true });
  await removeUnfinished(unfinished);
  const speeds = await openHostSpeeds(join(folder, 'host-speeds.json'), clock, log);
  const fileOf = ({ file }: CatalogueEntry) => join(downloads, file);
  const placeOf = (id: string) => join(folder, 'models', id);

  /** A new folder that becomes the model's own when all is in it. */
  async function assemble(id: string, name: string, fill: (place: string) => Promise<readonly RecordedFile[] | null>) {
    const place = join(unfinished, id);
    const unlock = lockFile(lockOf(place));
    if (unlock === null) throw new AppError('models/in-progress', id);
    try {
      await removePatiently(place);
      const known = await fill(place);
      await identify(place);
      const files = known ?? (await hashAll(place));
      const record: ModelRecord = { version: 1, id, name, files: files as ModelRecord['files'] };
      await writeWholeFile(join(place, recordName), JSON.stringify(record, null, 2));
      await removePatiently(placeOf(id));
      await mkdir(join(folder, 'models'), { recursive: true });
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
    folder,

    async installed() {
      const names = await readdir(join(folder, 'models')).catch(() => []);
      const models = await Promise.all(names.map((name) => readModel(join(folder, 'models', name))));
      return models.filter((model) => model !== null);
    },

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
        await giveName(path, join(place, entry.file));
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
      const place = placeOf(safeId(id));
      const record = await readRecord(place);
      if (record === null) throw new AppError('models/not-found', id);
      for (const { path, sha256 } of record.files) {
        const now = await hashOf(join(place, path)).catch(() => null);
        if (now === sha256) continue;
        const aside = join(folder, 'set-aside', `${id}-${String(clock.now())}`);
        await mkdir(join(folder, 'set-aside'), { recursive: true });
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
  };

  /** The data of espeak-ng that a voice here has: it is the same for all. */
  async function pronunciation(): Promise<string | null> {
    const names = await readdir(join(folder, 'models')).catch(() => []);
    for (const name of names) {
      const found = await foundIn(join(folder, 'models', name));
      if (found?.kind === 'voice' && found.files.form !== 'lexicon') return found.files.dataDir;
    }
    return null;
  }
}

/** An id names a folder: it must not name another one. */
function safeId(id: string): string {
  if (!/^[\w][\w.-]*$/.test(id)) throw new AppError('models/not-found', id);
  return id;
}

/** Gives a file a second name; where the disk has no such thing, as exFAT, it only gets another one. */
async function giveName(path: string, name: string): Promise<void> {
  try {
    await link(path, name);
  } catch (error) {
    if (!/^(EPERM|ENOTSUP|EOPNOTSUPP|ENOSYS|EISDIR|UNKNOWN)$/.test(String((error as { code?: unknown }).code)))
      throw error;
    await renamePatiently(path, name);
  }
}

/** Held by whoever puts a model together there. */
const lockOf = (place: string): string => `${place}.lock`;

/** Removes what a crash left half put together; what another window is at stays. */
async function removeUnfinished(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const entries = await readdir(folder, { withFileTypes: true });
  for (const { name } of entries.filter((entry) => entry.isDirectory())) {
    const place = join(folder, name);
    const unlock = lockFile(lockOf(place));
    if (unlock === null) continue;
    try {
      await removePatiently(place);
    } finally {
      unlock();
    }
  }
}

async function readRecord(place: string): Promise<ModelRecord | null> {
  try {
    return recordSchema.parse(JSON.parse(await readFile(join(place, recordName), 'utf8')));
  } catch {
    // A folder without a record that can be read is no model: it is not used, and can be installed again.
    return null;
  }
}

/** The model in a folder; null where it is none, or where its files have other lengths than they had. */
async function readModel(place: string): Promise<Model | null> {
  const record = await readRecord(place);
  if (record === null) return null;
  for (const { path, bytes } of record.files) {
    const size = await stat(join(place, path)).then(
      (found) => found.size,
      () => -1,
    );
    if (size !== bytes) return null;
  }
  const found = await foundIn(place);
  if (found === null) return null;
  const main = relative(place, found.kind === 'recogniser' ? found.path : found.files.model).replaceAll(sep, '/');
  const facts = {
    id: record.id,
    name: record.name,
    demo: false,
    sha256: record.files.find(({ path }) => path === main)?.sha256 ?? '',
    bytes: record.files.reduce((sum, { bytes }) => sum + bytes, 0),
  };
  return { ...found, ...facts };
}

async function hashAll(place: string): Promise<readonly RecordedFile[]> {
  const files: RecordedFile[] = [];
  for (const path of await filesBelow(place)) {
    const { size } = await stat(path);
    files.push({ path: relative(place, path).replaceAll(sep, '/'), bytes: size, sha256: await hashOf(path) });
  }
  return files;
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 2 ** 20 }), hash);
  return hash.digest('hex');
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
