import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { spawnArchiveWorker } from '../testing/archive-worker.js';
import { tarGz } from '../testing/archives.js';
import { startFileHost, type FileHost, type Misbehaviour } from '../testing/file-host.js';
import type { Installation, Told } from '../testing/install-process.js';
import { catalogueEntry, tinyOnnx, tinyWhisper } from '../testing/model-files.js';
import { createUnpacker } from './archive-unpacker.js';
import type { CatalogueEntry } from './catalogue.js';
import { openModelStore, type ModelStore } from './model-store.js';
import { lockPattern } from './move-store.js';

const kills = process.env.BOTCHAT_FULL === undefined ? 4 : 50;
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

let folder: string;
let hosts: FileHost[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'botchat 测试 '));
  hosts = [];
});
afterEach(async () => {
  await Promise.all(hosts.map((host) => host.close()));
  await rm(folder, { recursive: true, force: true });
});

const openStore = (): Promise<ModelStore> =>
  openModelStore({
    folder: join(folder, '仓库'),
    fetch,
    clock: { now: () => Date.now() },
    log: silent,
    mirrors: () => [],
    unpack: createUnpacker(spawnArchiveWorker),
  });

async function entryOf(content: Buffer, file: string, how: Misbehaviour): Promise<CatalogueEntry> {
  const host = await startFileHost(content, how);
  hosts.push(host);
  return catalogueEntry(content, host.url, { file });
}

interface InstallProcess {
  readonly child: ChildProcess;
  /** The next thing it tells that is as wanted; rejects where it ends before. */
  hears(isWanted: (told: Told) => boolean): Promise<Told>;
  readonly ended: Promise<NodeJS.Signals | null>;
}

async function startInstall(entry: CatalogueEntry): Promise<InstallProcess> {
  // Node.js itself cannot load our TypeScript; Vite can, in that process too.
  const vite = pathToFileURL(resolve('node_modules/vite/dist/node/index.js')).href;
  const script = resolve(import.meta.dirname, '../testing/install-process.ts');
  const main = join(folder, 'main.mjs');
  await writeFile(
    main,
    `import { runnerImport } from ${JSON.stringify(vite)};\nawait runnerImport(${JSON.stringify(script)});\n`,
  );
  const given: Installation = { folder: join(folder, '仓库'), entry };
  const child = fork(main, { env: { ...process.env, INSTALLATION: JSON.stringify(given) }, execArgv: [] });
  const ended = new Promise<NodeJS.Signals | null>((exit) =>
    child.once('exit', (_, signal) => {
      exit(signal);
    }),
  );
  return {
    child,
    hears: (isWanted) =>
      new Promise((found, failed) => {
        child.on('message', (message) => {
          if (isWanted(message as Told)) found(message as Told);
        });
        child.once('exit', (code, signal) => {
          failed(new Error(`it ended: ${String(code ?? signal)}`));
        });
      }),
    ended,
  };
}

const isOver = (told: Told) => told.kind === 'installed' || told.kind === 'failed';

describe.each([
  ['a file', 'ggml-测试.bin', () => Promise.resolve(tinyWhisper({ bytes: 6_000_000 }))],
  [
    'an archive',
    'voice.tar.gz',
    () =>
      tarGz([
        { name: 'voice/en.onnx', content: tinyOnnx({ model_type: 'vits', comment: 'piper' }) },
        { name: 'voice/tokens.txt', content: 'a 1\n' },
        ...Array.from({ length: 60 }, (_, index) => ({
          name: `voice/espeak-ng-data/${String(index)}`,
          content: randomBytes(100_000),
        })),
      ]),
  ],
])('an installation of %s', (_, file, make) => {
  it(`that is killed ${String(kills)} times is whole or absent each time, and loses nothing that it had`, async () => {
    const content = await make();
    // A little slower than a kill: there is something left to be interrupted.
    const entry = await entryOf(content, file, { trickle: { bytes: 32_768, everyMs: 2 } });
    let had = 0;
    for (let kill = 1; kill <= kills; kill += 1) {
      const process = await startInstall(entry);
      // The last ones are killed after the download: while it is unpacked, or when that is over.
      const point = kill > kills * 0.6 ? Infinity : had + Math.random() * (content.length - had) * 0.5;
      await process.hears((told) => told.kind !== 'download' || told.received >= Math.min(point, content.length));
      await new Promise((go) => setTimeout(go, point === Infinity ? Math.random() * 100 : 0));
      process.child.kill('SIGKILL');
      await process.ended;

      const store = await openStore();
      for (const model of await store.installed()) await store.verify(model.id);
      if ((await store.installed()).length > 0) {
        // It was faster than its end: the next one begins anew.
        await store.remove(entry.id);
        had = 0;
      } else {
        const has = await store.received(entry);
        expect(has, 'nothing is thrown away').toBeGreaterThanOrEqual(had);
        had = has;
      }
      expect(readdirSync(join(folder, '仓库', 'unfinished')).filter((name) => !lockPattern.test(name))).toEqual([]);
    }
    const last = await startInstall(entry);
    expect(await last.hears(isOver)).toEqual({ kind: 'installed' });
    await last.ended;
    const store = await openStore();
    await store.verify(entry.id);
    expect(await store.installed()).toHaveLength(1);
  });

  it('by two windows at once is done by one, and the other is told', async () => {
    // The host hardly sends anything until the second one has been told.
    const trickle = { bytes: 32_768, everyMs: 500 };
    const entry = await entryOf(await make(), file, { trickle });
    const first = await startInstall(entry);
    const done = first.hears(isOver);
    await first.hears(({ kind }) => kind === 'download');
    const second = await startInstall(entry);
    expect(await second.hears(isOver)).toEqual({ kind: 'failed', code: 'models/in-progress' });
    trickle.everyMs = 0;
    expect(await done).toEqual({ kind: 'installed' });
    await Promise.all([first.ended, second.ended]);
    const store = await openStore();
    await store.verify(entry.id);
  });
});
