import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { spawnArchiveWorker } from '../testing/archive-worker.js';
import { startFileHost, type FileHost } from '../testing/file-host.js';
import { catalogueEntry, tinyWhisper } from '../testing/model-files.js';
import { noDisks, setUpDisk } from '../testing/small-disk.js';
import { createUnpacker } from './archive-unpacker.js';
import type { CatalogueEntry } from './catalogue.js';
import { openModelStore, type ModelStore } from './model-store.js';
import { lockPattern } from './move-store.js';

const MiB = 2 ** 20;
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const quiet = () => ({ signal: new AbortController().signal, onProgress: () => undefined });

let folder: string;
let host: FileHost;
let removeDisk: (() => void) | null;
/** Its weights cannot be packed, and are more than a moment's work. */
const content = Buffer.concat([tinyWhisper(), randomBytes(20 * MiB)]);
const other = randomBytes(3 * MiB);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'botchat 搬家 '));
  host = await startFileHost(other, { trickle: { bytes: 65_536, everyMs: 5 } });
  removeDisk = null;
});
afterEach(async () => {
  await host.close();
  removeDisk?.();
  await rm(folder, { recursive: true, force: true });
});

const open = (at: string): Promise<ModelStore> =>
  openModelStore({
    folder: at,
    fetch,
    clock: { now: () => Date.now() },
    log: silent,
    mirrors: () => [],
    unpack: createUnpacker(spawnArchiveWorker),
  });

const entry = (): CatalogueEntry => catalogueEntry(other, host.url, { file: 'other.bin' });

/** Begins a download; it is stopped after a part of it, or `during` is done first. */
async function beginDownload(store: ModelStore, during: () => Promise<void> = () => Promise.resolve()): Promise<void> {
  const stop = new AbortController();
  const began = Promise.withResolvers<undefined>();
  const installing = store.install(entry(), {
    signal: stop.signal,
    onProgress: () => {
      began.resolve(undefined);
    },
  });
  installing.catch(() => undefined);
  await began.promise;
  await during();
  stop.abort(new Error('stopped'));
  await expect(installing).rejects.toThrow('stopped');
}

/** A store with a model and a part of a download. */
async function filledStore(): Promise<ModelStore> {
  const store = await open(join(folder, '旧 仓库'));
  const path = join(folder, 'ggml.bin');
  writeFileSync(path, content);
  await store.import(path);
  await beginDownload(store);
  return store;
}

const places = ['the same disk', ...(noDisks === null ? ['another disk'] : [])];

describe.each(places)('a store that is moved to %s', (place) => {
  const target = () => join(folder, '新 盘', '仓库');
  beforeEach(() => {
    if (place === 'another disk') removeDisk = setUpDisk(join(folder, '新 盘'), 150 * MiB);
  });

  it('has everything there, and nothing is left in the old folder', async () => {
    const store = await filledStore();
    const [old, before, received] = [store.folder, await store.installed(), await store.received(entry())];
    const told: number[] = [];
    const removeOld = await store.move(target(), {
      ...quiet(),
      onProgress: (moved, total) => told.push(moved / total),
    });
    expect(told.at(-1)).toBe(1);
    expect(told).toEqual([...told].sort((one, after) => one - after));
    expect(store.folder).toBe(target());
    // Whoever has the old files open can go on with them.
    expect(existsSync(join(old, 'models'))).toBe(true);
    await removeOld();
    expect(existsSync(old)).toBe(false);

    const [model] = await store.installed();
    expect(model).toEqual({ ...before[0], path: join(target(), 'models', model?.id ?? '', 'ggml.bin') });
    await store.verify(model?.id ?? '');
    expect(received).toBeGreaterThan(0);
    expect(await store.received(entry())).toBe(received);
    // What was begun is gone on with.
    await store.install(entry(), quiet()).catch((error: unknown) => {
      expect(error).toMatchObject({ code: 'models/unknown-file' });
    });
    expect(host.ranges.at(-1)).toBe(`bytes=${String(received)}-${String(other.length - 1)}`);
    expect(await (await open(target())).installed()).toEqual([model]);
  });

  it('and stopped on the way is where it was, and nothing of it is at the other place', async () => {
    const store = await filledStore();
    const [old, before] = [store.folder, await store.installed()];
    const stop = new AbortController();
    const moving = store.move(target(), {
      signal: stop.signal,
      onProgress: () => {
        stop.abort(new Error('stopped'));
      },
    });
    await expect(moving).rejects.toThrow('stopped');
    expect(store.folder).toBe(old);
    expect(await store.installed()).toEqual(before);
    for (const each of ['models', 'unfinished', 'downloads']) expect(readdirSync(join(target(), each))).toEqual([]);
  });

  it('keeps what is there already', async () => {
    const store = await filledStore();
    await (
      await store.move(target(), quiet())
    )();
    const again = await filledStore();
    await (
      await again.move(target(), quiet())
    )();
    expect(await again.installed()).toEqual(await store.installed());
  });
});

describe('a store', () => {
  it('is not moved while something is downloaded', async () => {
    const store = await open(join(folder, '旧'));
    await beginDownload(store, async () => {
      await expect(store.move(join(folder, '新'), quiet())).rejects.toMatchObject({ code: 'models/in-progress' });
    });
    expect(store.folder).toBe(join(folder, '旧'));
  });

  it('is not moved into itself, nor to a place that takes nothing', async () => {
    const store = await filledStore();
    writeFileSync(join(folder, 'file'), 'x');
    for (const to of [join(store.folder, 'models', 'x'), folder, join(folder, 'file', 'x')])
      await expect(store.move(to, quiet()), to).rejects.toMatchObject({ code: 'models/unwritable' });
    await expect(store.move(store.folder, quiet())).resolves.toBeTypeOf('function');
    expect(await store.installed()).toHaveLength(1);
  });

  it.skipIf(noDisks !== null)(
    'is not moved to a disk without room, and what is damaged is not carried on',
    async () => {
      const store = await filledStore();
      removeDisk = setUpDisk(join(folder, '小盘'), 70 * MiB);
      await expect(store.move(join(folder, '小盘'), quiet())).rejects.toMatchObject({ code: 'models/disk-full' });
      removeDisk();
      removeDisk = setUpDisk(join(folder, '小盘'), 150 * MiB);
      const [model] = await store.installed();
      const path = model?.kind === 'recogniser' ? model.path : '';
      writeFileSync(path, readFileSync(path).fill(7, 500, 501));
      await expect(store.move(join(folder, '小盘'), quiet())).rejects.toMatchObject({ code: 'models/damaged' });
      expect(readdirSync(join(folder, '小盘', 'models'))).toEqual([]);
    },
  );

  it('that was ended when a model had only to get its place gives it that', async () => {
    const store = await filledStore();
    const [model] = await store.installed();
    const unfinished = join(store.folder, 'unfinished', model?.id ?? '');
    renameSync(join(store.folder, 'models', model?.id ?? ''), unfinished);
    mkdirSync(join(store.folder, 'unfinished', 'half'));
    expect(await (await open(store.folder)).installed()).toEqual([model]);
    expect(readdirSync(join(store.folder, 'unfinished')).filter((name) => !lockPattern.test(name))).toEqual([]);
  });
});
