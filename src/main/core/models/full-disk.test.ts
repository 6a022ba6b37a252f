import { createHash, randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { spawnArchiveWorker } from '../testing/archive-worker.js';
import { tarGz } from '../testing/archives.js';
import { startFileHost, type FileHost } from '../testing/file-host.js';
import { tinyOnnx, tinyWhisper } from '../testing/model-files.js';
import { noDisks, setUpDisk } from '../testing/small-disk.js';
import { createUnpacker } from './archive-unpacker.js';
import { download, downloadLimits } from './download/download.js';
import { openHostSpeeds } from './download/host-speeds.js';
import { receivedOf } from './download/part-file.js';
import { openModelStore } from './model-store.js';
import { lockPattern } from './move-store.js';

const MiB = 2 ** 20;
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const clock = { now: () => Date.now() };

let folder: string;
let host: FileHost | null;
let removeDisk: (() => void) | null;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'botchat 磁盘 '));
  [host, removeDisk] = [null, null];
});
afterEach(async () => {
  await host?.close();
  removeDisk?.();
  await rm(folder, { recursive: true, force: true });
});

const disk = () => join(folder, '小 盘');
function setUp(bytes: number): void {
  removeDisk = setUpDisk(disk(), bytes);
}

/** Takes all the room that there is. */
function fillUp(path: string): void {
  try {
    for (;;) appendFileSync(path, Buffer.alloc(MiB));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}

describe.skipIf(noDisks !== null)('a disk that has no room', () => {
  async function get(content: Buffer, onProgress: () => void = () => undefined): Promise<string> {
    host ??= await startFileHost(content);
    const sha256 = createHash('sha256').update(content).digest('hex');
    return download(
      join(disk(), 'x.bin'),
      { bytes: content.length, sha256: [sha256], urls: [{ host: 'test', url: host.url }] },
      {
        fetch,
        speeds: await openHostSpeeds(join(folder, 'speeds.json'), clock, silent),
        log: silent,
        signal: new AbortController().signal,
        onProgress,
        limits: { ...downloadLimits, roundPausesMs: [] },
      },
    );
  }

  it('is noticed before anything is asked for', async () => {
    setUp(66 * MiB);
    await expect(get(randomBytes(4 * MiB))).rejects.toMatchObject({ code: 'models/disk-full' });
    expect(host?.ranges).toEqual([]);
  });

  it('and that fills up meanwhile keeps what came, and goes on with it when there is room', async () => {
    setUp(90 * MiB);
    const content = randomBytes(20 * MiB);
    const other = join(disk(), 'another program’s');
    host = await startFileHost(content, { trickle: { bytes: 65_536, everyMs: 5 } });
    const filled = get(content, () => {
      // It notes now and then what came: what came after that is the least that a full disk costs.
      if (existsSync(join(disk(), 'x.bin.part.json'))) fillUp(other);
    });
    await expect(filled).rejects.toMatchObject({ code: 'models/disk-full' });
    const have = await receivedOf(join(disk(), 'x.bin.part'), content.length);
    expect(have).toBeGreaterThan(0);
    expect(existsSync(join(disk(), 'x.bin'))).toBe(false);
    rmSync(other);
    await get(content);
    expect(host.ranges.at(-1)).toBe(`bytes=${String(have)}-${String(content.length - 1)}`);
    expect(readdirSync(disk()).filter((name) => name.includes('.part'))).toEqual([]);
  });

  it.each([
    ['an archive', 'v.tar.gz', () => tarGz([{ name: 'v/x.onnx', content: Buffer.alloc(8 * MiB) }])],
    ['a file', 'x.bin', () => Promise.resolve(tinyWhisper({ bytes: 8 * MiB }))],
    ['a voice', 'x.onnx', () => Promise.resolve(Buffer.concat([tinyOnnx({}), Buffer.alloc(8 * MiB)]))],
  ])('takes no import of %s, and nothing of it stays', async (_, name, make) => {
    setUp(4 * MiB);
    const path = join(folder, name);
    writeFileSync(path, await make());
    writeFileSync(`${path}.json`, '{}');
    const unpack = createUnpacker(spawnArchiveWorker);
    const store = await openModelStore({ folder: disk(), fetch, clock, log: silent, mirrors: () => [], unpack });
    await expect(store.import(path)).rejects.toMatchObject({ code: 'models/disk-full' });
    expect(await store.installed()).toEqual([]);
    expect(readdirSync(join(disk(), 'unfinished')).filter((each) => !lockPattern.test(each))).toEqual([]);
  });
});
