import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Model } from '../../../shared/models.js';
import { spawnArchiveWorker } from '../testing/archive-worker.js';
import { tarGz, zip } from '../testing/archives.js';
import { startFileHost, type FileHost, type Misbehaviour } from '../testing/file-host.js';
import { catalogueEntry, tinyOnnx, tinyWhisper } from '../testing/model-files.js';
import { createUnpacker } from './archive-unpacker.js';
import type { CatalogueEntry } from './catalogue.js';
import { downloadLimits } from './download/download.js';
import { openModelStore, publishedHashes, type ModelStore } from './model-store.js';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const never = new AbortController().signal;

let folder: string;
let hosts: FileHost[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'botchat 模型 '));
  hosts = [];
});
afterEach(async () => {
  await Promise.all(hosts.map((host) => host.close()));
  await rm(folder, { recursive: true, force: true });
});

const open = (mirrors: readonly string[] = [], bundled = join(folder, 'none')): Promise<ModelStore> =>
  openModelStore({
    folder: join(folder, '仓库'),
    bundled,
    fetch,
    clock: { now: () => Date.now() },
    log: silent,
    mirrors: () => mirrors,
    unpack: createUnpacker(spawnArchiveWorker),
    limits: { ...downloadLimits, roundPausesMs: [] },
  });

async function host(content: Buffer, how?: Misbehaviour): Promise<FileHost> {
  const started = await startFileHost(content, how);
  hosts.push(started);
  return started;
}

async function entryFor(content: Buffer, file: string, how?: Misbehaviour): Promise<CatalogueEntry> {
  const server = await host(content, how);
  return catalogueEntry(content, server.url, { id: `test-${file}`, name: `A ${file}`, file });
}

const install = (store: ModelStore, entry: CatalogueEntry): Promise<Model> =>
  store.install(entry, { signal: never, onProgress: () => undefined });

const piper = { model_type: 'vits', comment: 'piper', n_speakers: '3' };
const piperArchive = () =>
  tarGz([
    { name: 'voice/en.onnx', content: tinyOnnx(piper) },
    { name: 'voice/tokens.txt', content: 'a 1\n' },
    { name: 'voice/espeak-ng-data/phontab', content: 'x' },
  ]);

describe('an installed model', () => {
  it('is a recogniser with the facts of its file, in every store on this folder', async () => {
    const content = tinyWhisper({ type: 2009 });
    const store = await open();
    const model = await install(store, await entryFor(content, 'ggml-测试.bin'));
    expect(model).toMatchObject({ kind: 'recogniser', demo: false, multilingual: true, quantisation: 'q5_1' });
    expect(model).toMatchObject({ name: 'A ggml-测试.bin', sha256: sha256(content), bytes: content.length });
    expect(await (await open()).installed()).toEqual([model]);
    expect(existsSync(join(store.folder, 'downloads', 'ggml-测试.bin'))).toBe(false);
  });

  it('knows one that hears English only', async () => {
    const model = await install(await open(), await entryFor(tinyWhisper({ vocabulary: 51864 }), 'x.bin'));
    expect(model).toMatchObject({ multilingual: false, quantisation: 'f16' });
  });

  it('is a voice out of its archive, and tells that it is being unpacked', async () => {
    const store = await open();
    const steps: string[] = [];
    const model = await store.install(await entryFor(await piperArchive(), 'voice.tar.gz'), {
      signal: never,
      onProgress: ({ kind }) => steps.push(kind),
    });
    expect(model).toMatchObject({ kind: 'voice', speakers: 3, files: { form: 'piper' } });
    expect(steps.at(-1)).toBe('unpack');
    if (model.kind !== 'voice' || model.files.form !== 'piper') throw new Error('no Piper voice');
    expect([model.files.model, model.files.tokens, model.files.dataDir].every((path) => existsSync(path))).toBe(true);
  });

  it('is gone when it is removed', async () => {
    const store = await open();
    const { id } = await install(store, await entryFor(tinyWhisper(), 'x.bin'));
    await store.remove(id);
    expect(await store.installed()).toEqual([]);
    await expect(store.remove('../../outside')).rejects.toMatchObject({ code: 'models/not-found' });
  });

  it('is used out of a folder that came with the app, which is only read', async () => {
    const made = await open();
    const entry = await entryFor(tinyWhisper(), 'x.bin');
    const { id } = await install(made, entry);
    const bundled = join(folder, '附带');
    renameSync(join(made.folder, 'models'), bundled);
    const openBoth = () => open([], bundled);
    const store = await openBoth();
    const [model] = await store.installed();
    if (model?.kind !== 'recogniser') throw new Error('no recogniser');
    expect(model).toMatchObject({ id, path: join(bundled, id, 'x.bin') });
    expect(store.isBundled(model)).toBe(true);
    await store.verify(id);
    await store.remove(id);
    expect(await (await openBoth()).installed()).toEqual([model]);

    // Damaged, it is not used; downloaded anew, that is.
    writeFileSync(model.path, readFileSync(model.path).fill(7, 500, 501));
    await expect(store.verify(id)).rejects.toMatchObject({ code: 'models/damaged' });
    expect(await store.installed()).toEqual([]);
    expect(existsSync(model.path)).toBe(true);
    const own = await install(store, entry);
    expect(store.isBundled(own)).toBe(false);
    expect(await store.installed()).toEqual([own]);
    await store.verify(id);
  });

  it('that has changed on the disk is set aside when it is verified, and one of another length is not used', async () => {
    const store = await open();
    const entry = await entryFor(tinyWhisper(), 'x.bin');
    const model = await install(store, entry);
    await store.verify(model.id);
    const path = join(store.folder, 'models', model.id, 'x.bin');
    const bytes = readFileSync(path);
    bytes[500] = 7;
    writeFileSync(path, bytes);
    await expect(store.verify(model.id)).rejects.toMatchObject({ code: 'models/damaged' });
    expect(await store.installed()).toEqual([]);
    await install(store, entry);
    writeFileSync(path, bytes.subarray(100));
    expect(await store.installed()).toEqual([]);
  });
});

describe('an installation', () => {
  it('that was paused knows how much is here, and that can be thrown away', async () => {
    const content = tinyWhisper({ bytes: 3_000_000 });
    const store = await open();
    const entry = await entryFor(content, 'x.bin', { trickle: { bytes: 65_536, everyMs: 5 } });
    const pause = new AbortController();
    const paused = store.install(entry, {
      signal: pause.signal,
      onProgress: (step) => {
        if (step.kind === 'download' && step.received > 100_000) pause.abort(new Error('paused'));
      },
    });
    await expect(paused).rejects.toThrow('paused');
    expect(await store.received(entry)).toBeGreaterThan(100_000);
    await store.forget(entry);
    expect(await store.received(entry)).toBe(0);
  });

  it('that was ended between the download and the rest downloads nothing again', async () => {
    const content = tinyWhisper();
    const store = await open();
    const entry = await entryFor(content, 'x.bin', { answer: (_, response) => (response.destroy(), true) });
    writeFileSync(join(store.folder, 'downloads', 'x.bin'), content);
    expect(await store.received(entry)).toBe(content.length);
    await install(store, entry);
    expect(await store.installed()).toHaveLength(1);
  });

  it('of an archive with something else in it leaves nothing', async () => {
    const store = await open();
    const entry = await entryFor(await tarGz([{ name: 'readme', content: 'hello' }]), 'voice.tar.gz');
    await expect(install(store, entry)).rejects.toMatchObject({ code: 'models/unknown-file' });
    expect(await store.installed()).toEqual([]);
  });

  it('uses a school’s folder before everything else', async () => {
    const content = tinyWhisper();
    mkdirSync(join(folder, '学校'));
    writeFileSync(join(folder, '学校', 'x.bin'), content);
    const entry = await entryFor(content, 'x.bin');
    await install(await open([join(folder, '学校')]), entry);
    expect(hosts[0]?.ranges).toEqual([]);
  });

  it('of a file whose hash is not known asks the publisher’s list, and takes nothing without it', async () => {
    const content = tinyWhisper();
    const list = await host(Buffer.from(`${'1'.repeat(64)}  other.bin\nx.bin ${sha256(content)}\n`));
    const entry = { ...(await entryFor(content, 'x.bin')), sha256: [], checksums: list.url };
    await install(await open(), entry);
    const wrong = await host(Buffer.from(`x.bin ${'1'.repeat(64)}\n`));
    await expect(install(await open(), { ...entry, checksums: wrong.url })).rejects.toMatchObject({
      code: 'models/wrong-file',
    });
    for (const text of ['', '<html>', `y.bin ${sha256(content)}`, `x.bin ${sha256(content).slice(1)}`]) {
      const { url } = await host(Buffer.from(text));
      await expect(publishedHashes(fetch, url, 'x.bin', never)).rejects.toMatchObject({ code: 'models/unverified' });
    }
  });
});

describe('an import', () => {
  const put = (name: string, content: Buffer | string): string => {
    const path = join(folder, name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, content);
    return path;
  };
  const description = JSON.stringify({
    audio: { sample_rate: 22050 },
    espeak: { voice: 'en-us' },
    num_speakers: 2,
    phoneme_id_map: { _: [0], '^': [1], ə: [59], '\n': [60] },
    language: { name_english: 'English' },
  });

  it('takes a whisper file whatever it is called', async () => {
    const store = await open();
    const model = await store.import(put('我的 模型.bin', tinyWhisper({ type: 7 })));
    expect(model).toMatchObject({ kind: 'recogniser', name: '我的 模型', quantisation: 'q8_0' });
    expect(await store.installed()).toEqual([model]);
  });

  it('takes a voice as an archive or as a folder', async () => {
    const store = await open();
    expect(await store.import(put('v.tar.gz', await piperArchive()))).toMatchObject({ kind: 'voice', name: 'v' });
    put('kokoro/model.onnx', tinyOnnx({ model_type: 'kokoro', n_speakers: '54' }));
    for (const name of ['voices.bin', 'tokens.txt', 'lexicon-us-en.txt', 'lexicon-zh.txt', 'espeak-ng-data/phontab']) {
      put(`kokoro/${name}`, 'x');
    }
    const model = await store.import(join(folder, 'kokoro'));
    expect(model).toMatchObject({ kind: 'voice', speakers: 54, files: { form: 'kokoro' } });
    if (model.kind === 'voice' && model.files.form === 'kokoro') expect(model.files.lexicons).toHaveLength(1);
  });

  it('takes Piper’s own two files, with the pronunciation data of another voice', async () => {
    const store = await open();
    const onnx = put('piper/en_US-x.onnx', tinyOnnx({}));
    put('piper/en_US-x.onnx.json', description);
    await expect(store.import(onnx)).rejects.toMatchObject({ code: 'models/no-pronunciation' });
    await store.import(put('v.tar.gz', await piperArchive()));
    const model = await store.import(onnx);
    expect(model).toMatchObject({ kind: 'voice', speakers: 2, files: { form: 'piper' } });
    if (model.kind !== 'voice') throw new Error('no voice');
    expect(readFileSync(model.files.tokens, 'utf8')).toBe('_ 0\n^ 1\nə 59\n');
    // The original is not touched.
    expect(readFileSync(onnx)).toEqual(tinyOnnx({}));
  });

  it('of a folder takes one model, and leaves what else lies there', async () => {
    const store = await open();
    put('下载/holiday.mp4', Buffer.alloc(100_000));
    put('下载/sub/ggml.bin', tinyWhisper());
    const model = await store.import(join(folder, '下载'));
    expect(model).toMatchObject({ kind: 'recogniser', bytes: tinyWhisper().length });
  });

  it('knows an archive by its content, whatever it is called', async () => {
    const store = await open();
    expect(await store.import(put('voice.bin', await piperArchive()))).toMatchObject({ kind: 'voice', name: 'voice' });
  });

  it('takes the voice that a graph belongs to, with links in the place of files', async () => {
    const store = await open();
    put('blobs/1', tinyOnnx(piper));
    put('snapshot/tokens.txt', 'a 1\n');
    put('snapshot/espeak-ng-data/phontab', 'x');
    symlinkSync(join(folder, 'blobs/1'), join(folder, 'snapshot/model.onnx'));
    const model = await store.import(join(folder, 'snapshot/model.onnx'));
    expect(model).toMatchObject({ kind: 'voice', files: { form: 'piper' } });
    if (model.kind === 'voice') expect(lstatSync(model.files.model).isFile()).toBe(true);
    await store.verify(model.id);
  });

  it('takes Piper’s own two files out of an archive, with the pronunciation data beside them', async () => {
    const store = await open();
    const archive = await tarGz([
      { name: 'x/en_US-x.onnx', content: tinyOnnx({}) },
      { name: 'x/en_US-x.onnx.json', content: description },
      { name: 'x/espeak-ng-data/phontab', content: 'x' },
    ]);
    const model = await store.import(put('x.tar.gz', archive));
    expect(model).toMatchObject({ kind: 'voice', speakers: 2, files: { form: 'piper' } });
  });

  it('refuses a description that is not Piper’s', async () => {
    const store = await open();
    const onnx = put('piper/x.onnx', tinyOnnx({}));
    for (const text of ['{', '{"audio": {}}', description.replace('ə', 'zh1')]) {
      put('piper/x.onnx.json', text);
      await expect(store.import(onnx)).rejects.toMatchObject({ code: 'models/unknown-file' });
    }
  });

  it.each([
    ['nothing', 'none.bin', null],
    ['a text', 'x.bin', 'hello'],
    ['another model', 'x.gguf', 'GGUF'],
    ['a whisper file that is cut', 'x.bin', tinyWhisper().subarray(0, 20)],
    ['an ONNX that is no voice', 'x.onnx', tinyOnnx({ model_type: 'vad' })],
    ['a zip of texts', 'x.zip', zip([{ name: 'a', content: 'b' }])],
  ])('says so of %s', async (_, name, content) => {
    const path = content === null ? join(folder, name) : put(name, content);
    const store = await open();
    await expect(store.import(path)).rejects.toMatchObject({ code: 'models/unknown-file' });
    expect(await store.installed()).toEqual([]);
  });
});
