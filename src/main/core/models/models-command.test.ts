import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { spawnArchiveWorker } from '../testing/archive-worker.js';
import { tarGz } from '../testing/archives.js';
import { tinyOnnx, tinyWhisper } from '../testing/model-files.js';
import { createUnpacker } from './archive-unpacker.js';
import { readCatalogue, type Catalogue, type CatalogueEntry } from './catalogue.js';
import { downloadLimits } from './download/download.js';
import { openModelStore } from './model-store.js';
import { runModelsCommand } from './models-command.js';
import { recommend, starterPair, type Recommendation } from './recommend.js';

const real = await readCatalogue(resolve(import.meta.dirname, '../../../../resources'));
const machine = { cores: 2, memoryBytes: 8e9, gpu: null, freeBytes: 50e9 };
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

let folder: string;
let catalogue: Catalogue;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'botchat 命令 '));
  const school = join(folder, '学校');
  mkdirSync(school);
  // The real entries, with tiny files in a school's folder in the place of the real ones.
  const voice = await tarGz([
    { name: 'v/en.onnx', content: tinyOnnx({ model_type: 'vits', comment: 'piper' }) },
    { name: 'v/tokens.txt', content: 'a 1\n' },
    { name: 'v/espeak-ng-data/phontab', content: 'x' },
  ]);
  const models = real.models.map((entry): CatalogueEntry => {
    const content = entry.kind === 'voice' ? voice : tinyWhisper();
    if (bothOf(starterPair).includes(entry.id)) writeFileSync(join(school, entry.file), content);
    const sha256 = [createHash('sha256').update(content).digest('hex')];
    return { ...entry, bytes: content.length, sha256, urls: [{ host: 'none', url: 'http://127.0.0.1:1/x' }] };
  });
  catalogue = { models, find: (id) => models.find((entry) => entry.id === id) ?? null };
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const bothOf = ({ recogniser, voice }: Recommendation): readonly string[] => [recogniser, voice];

async function run(...args: string[]): Promise<{ readonly code: number; readonly text: string }> {
  const lines: string[] = [];
  const store = await openModelStore({
    folder: join(folder, '仓库'),
    fetch,
    clock: { now: () => Date.now() },
    log: silent,
    mirrors: () => [join(folder, '学校')],
    unpack: createUnpacker(spawnArchiveWorker),
    limits: { ...downloadLimits, roundPausesMs: [] },
  });
  const code = await runModelsCommand(args, {
    store,
    catalogue,
    signal: new AbortController().signal,
    machine: () => Promise.resolve(machine),
    print: (line) => lines.push(line),
    progress: () => undefined,
  });
  return { code, text: lines.join('\n') };
}

describe('npm run models', () => {
  it('installs the starter pair, lists it, verifies it and removes it', async () => {
    expect((await run('starter')).code).toBe(0);
    const { code, text } = await run('list');
    expect(code).toBe(0);
    for (const id of bothOf(starterPair)) expect(text).toContain(`installed  ${id}`);
    expect(text).toContain('available  whisper-large-v3-turbo-q8_0');
    expect(await run('install', starterPair.voice)).toMatchObject({
      code: 0,
      text: expect.stringMatching(/installed already/) as string,
    });
    expect((await run('verify')).code).toBe(0);
    expect((await run('remove', starterPair.voice)).code).toBe(0);
    expect((await run('list')).text).not.toContain(`installed  ${starterPair.voice}`);
  });

  it('recommends what suits the machine, and installs it if asked to', async () => {
    const { text } = await run('recommend');
    expect(text).toContain('2 processors');
    for (const id of bothOf(recommend(machine))) expect(text).toContain(id);
    expect((await run('recommend', '--install')).code).toBe(0);
    expect((await run('list')).text).toContain(`installed  ${recommend(machine).recogniser}`);
  });

  it('says what is damaged, and goes on with the next', async () => {
    await run('starter');
    const path = join(folder, '仓库/models', starterPair.recogniser, 'ggml-base-q5_1.bin');
    writeFileSync(path, readFileSync(path).fill(7, 500, 501));
    const { code, text } = await run('verify');
    expect(code).toBe(1);
    expect(text).toContain(`${starterPair.recogniser}: models/damaged`);
    expect(text).toContain(`${starterPair.voice}: as it was installed`);
  });

  it('takes in a file, and tells what it is', async () => {
    const path = join(folder, '我的.bin');
    writeFileSync(path, tinyWhisper({ type: 7 }));
    const { code, text } = await run('import', path, join(folder, 'none'));
    expect(code).toBe(1);
    expect(text).toMatch(/我的\.bin: imported as imported-\w+ {2}recogniser .*q8_0/);
    expect(text).toMatch(/none: models\/unknown-file/);
  });

  it('answers 1 where a model is not known or not to be had, and 2 where it is not understood', async () => {
    expect(await run('install', 'nothing')).toMatchObject({
      code: 1,
      text: expect.stringMatching(/models\/not-found/) as string,
    });
    expect(await run('install', 'whisper-tiny')).toMatchObject({
      code: 1,
      text: expect.stringMatching(/models\/no-host/) as string,
    });
    for (const args of [[], ['install'], ['constructor'], ['list', 'x'], ['starter', 'x']]) {
      expect(await run(...args), args.join(' ')).toMatchObject({
        code: 2,
        text: expect.stringMatching(/^Usage/) as string,
      });
    }
  });
});
