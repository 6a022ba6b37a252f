import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { link, mkdir, readdir, stat, statfs } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { Transform, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../../../shared/errors.js';
import { lockFile } from '../data/file-lock.js';
import { removePatiently, renamePatiently } from '../data/patient-files.js';
import { readModel, readRecord, writeRecord, type ModelRecord } from './model-record.js';

/** Where a store keeps what. */
export interface StorePlaces {
  readonly folder: string;
  /** A folder for each model. */
  readonly models: string;
  /** Files that are on their way, and such as are not unpacked yet. */
  readonly downloads: string;
  /** Models that are being put together. */
  readonly unfinished: string;
  /** Models whose files had changed. */
  readonly setAside: string;
  readonly speeds: string;
}

export function storeAt(given: string): StorePlaces {
  const folder = resolve(given);
  return {
    folder,
    models: join(folder, 'models'),
    downloads: join(folder, 'downloads'),
    unfinished: join(folder, 'unfinished'),
    setAside: join(folder, 'set-aside'),
    speeds: join(folder, 'host-speeds.json'),
  };
}

export interface MoveOptions {
  readonly signal: AbortSignal;
  /** How many bytes are there, and how many it will be. */
  onProgress(moved: number, total: number): void;
}

/** Held by whoever puts a model together in that folder. */
export const lockOf = (place: string): string => `${place}.lock`;

/** Locks, and what SQLite may leave beside one when it is killed. */
export const lockPattern = /\.lock(-journal)?$/;

/** What is left free on a disk. */
const reserveBytes = 64 * 2 ** 20;

interface Copying {
  readonly from: string;
  readonly to: string;
  /** Null where none is known: for what is not whole yet. */
  readonly sha256: string | null;
  readonly bytes: number;
}

/**
 * Copies the models and what is here of downloads to another store, each file checked on its way. A model that is there
 * already stays. When it rejects, what it brought there is gone again; see `ModelStore.move` for how.
 */
export async function copyStore(
  from: StorePlaces,
  to: StorePlaces,
  { signal, onProgress }: MoveOptions,
): Promise<void> {
  if (isInside(from.folder, to.folder) || isInside(to.folder, from.folder))
    throw new AppError('models/unwritable', `${to.folder} and ${from.folder} lie in each other`);
  await expectQuiet(from);
  for (const folder of [to.models, to.downloads, to.unfinished]) await mkdir(folder, { recursive: true });
  const models = await modelsToMove(from, to);
  const downloads = await downloadsToMove(from, to);
  const files = [...models.flatMap((model) => model.files), ...downloads];
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const isOneDisk = (await stat(from.folder)).dev === (await stat(to.folder)).dev;
  const { bavail, bsize } = await statfs(to.folder);
  if (!isOneDisk && bavail * bsize < total + reserveBytes)
    throw new AppError(
      'models/disk-full',
      `${String(total)} bytes are to be moved, ${String(bavail * bsize)} are free`,
    );

  let moved = 0;
  const brought: string[] = [];
  const bring = async (file: Copying) => {
    const before = moved;
    await copyChecked(file, signal, (bytes) => {
      moved += bytes;
      onProgress(moved, total);
    });
    // A file that got a second name is there at once.
    moved = before + file.bytes;
    onProgress(moved, total);
  };
  try {
    for (const { record, place, unfinished, files: parts } of models) {
      brought.push(unfinished, place);
      await removePatiently(unfinished);
      for (const part of parts) await bring(part);
      await writeRecord(unfinished, record);
      await removePatiently(place);
      await renamePatiently(unfinished, place);
    }
    for (const file of downloads) {
      brought.push(file.to);
      await bring(file);
    }
  } catch (error) {
    for (const path of brought) await removePatiently(path);
    throw error;
  }
}

/** Removes what a store keeps, and its folder where nothing else is in it. */
export async function removeStore(places: StorePlaces): Promise<void> {
  for (const path of [places.models, places.downloads, places.unfinished, places.setAside, places.speeds])
    await removePatiently(path);
  const left = await readdir(places.folder).catch(() => null);
  if (left?.length === 0) await removePatiently(places.folder);
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || !(way === '..' || way.startsWith(`..${sep}`) || resolve(way) === way);
}

/** Rejects with `models/in-progress` where somebody downloads something, or puts it together. */
async function expectQuiet({ downloads, unfinished }: StorePlaces): Promise<void> {
  for (const folder of [downloads, unfinished]) {
    for (const name of (await readdir(folder)).filter((each) => each.endsWith('.lock'))) {
      const unlock = lockFile(join(folder, name));
      if (unlock === null) throw new AppError('models/in-progress', name);
      unlock();
    }
  }
}

interface MovingModel {
  readonly record: ModelRecord;
  readonly place: string;
  readonly unfinished: string;
  readonly files: readonly Copying[];
}

async function modelsToMove(from: StorePlaces, to: StorePlaces): Promise<readonly MovingModel[]> {
  const models: MovingModel[] = [];
  for (const name of await readdir(from.models)) {
    const record = await readRecord(join(from.models, name));
    if (record === null || (await readModel(join(to.models, name))) !== null) continue;
    const unfinished = join(to.unfinished, name);
    const files = record.files.map(({ path, bytes, sha256 }) => ({
      from: join(from.models, name, path),
      to: join(unfinished, path),
      bytes,
      sha256,
    }));
    models.push({ record, place: join(to.models, name), unfinished, files });
  }
  return models;
}

async function downloadsToMove(from: StorePlaces, to: StorePlaces): Promise<readonly Copying[]> {
  const names = (await readdir(from.downloads)).filter((name) => !lockPattern.test(name)).sort();
  const there = new Set(await readdir(to.downloads));
  return Promise.all(
    names
      .filter((name) => !there.has(name))
      .map(async (name) => {
        const path = join(from.downloads, name);
        return { from: path, to: join(to.downloads, name), sha256: null, bytes: (await stat(path)).size };
      }),
  );
}

/**
 * Gives a file a second name; where the disk has no such thing (exFAT), or the name is on another one, does `otherwise`.
 */
export async function linkOr(
  path: string,
  name: string,
  otherwise: (path: string, name: string) => Promise<void>,
): Promise<void> {
  try {
    await link(path, name);
  } catch (error) {
    const code = String((error as NodeJS.ErrnoException).code);
    if (!/^(EXDEV|EPERM|ENOTSUP|EOPNOTSUPP|ENOSYS|EISDIR|EMLINK|UNKNOWN)$/.test(code)) throw error;
    await otherwise(path, name);
  }
}

/** Copies a file, or gives it a second name. Rejects with `models/damaged` where what is copied is not what it should be. */
async function copyChecked(file: Copying, signal: AbortSignal, onBytes: (bytes: number) => void): Promise<void> {
  signal.throwIfAborted();
  await mkdir(dirname(file.to), { recursive: true });
  await linkOr(file.from, file.to, async () => {
    const hash = createHash('sha256');
    const hashing = new Transform({
      transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback) {
        hash.update(chunk);
        onBytes(chunk.length);
        done(null, chunk);
      },
    });
    const source = createReadStream(file.from, { highWaterMark: 2 ** 20 });
    await pipeline(source, hashing, createWriteStream(file.to, { flush: true }), { signal });
    if (file.sha256 !== null && hash.digest('hex') !== file.sha256) throw new AppError('models/damaged', file.from);
  });
}
