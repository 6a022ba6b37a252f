import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSherpaHandlers } from './handlers.js';

const require = createRequire(import.meta.url);
const demo = resolve(import.meta.dirname, '../../../../resources/demo/micro-voice');
const files = {
  form: 'piper',
  model: join(demo, 'model.onnx'),
  tokens: join(demo, 'tokens.txt'),
  dataDir: join(demo, 'espeak-ng-data'),
} as const;
const model = { files, threads: 1 };
const usual = { speaker: 0, speed: 1 };
const never = new AbortController().signal;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'botchat 语音包 '));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The real engine with the demo voice. */
async function speaking() {
  const handlers = createSherpaHandlers();
  await handlers.load({ ...model, packFolder: null }, never);
  return handlers;
}

describe('the voice’s worker', () => {
  it('speaks, on the CPU, and says so', async () => {
    const handlers = createSherpaHandlers();
    const { device, sampleRateHz } = await handlers.load({ ...model, packFolder: null }, never);
    expect(device.kind).toBe('cpu');
    const { samples } = await handlers.synthesise({ text: 'Hello there.', ...usual }, never);
    expect(samples.length / sampleRateHz).toBeGreaterThan(0.5);
  });

  it.each(['', '鑫', '🎉'])('tells text without a word (%j) from a voice that fails', async (text) => {
    const handlers = await speaking();
    await expect(handlers.synthesise({ text, ...usual }, never)).rejects.toMatchObject({
      code: 'voice/nothing-to-say',
    });
  });

  it.each([
    ['the demo’s own', files.dataDir],
    // All languages are in it, and English still says `Chinese letter`.
    ['the system’s', '/usr/lib/x86_64-linux-gnu/espeak-ng-data'],
  ])('makes a short pause of Chinese inside English, with %s data of espeak-ng', async (_, dataDir) => {
    if (!existsSync(dataDir)) return;
    const handlers = createSherpaHandlers();
    await handlers.load({ files: { ...files, dataDir }, threads: 1, packFolder: null }, never);
    const secondsOf = async (text: string) => {
      const { samples, sampleRateHz } = await handlers.synthesise({ text, ...usual }, never);
      return samples.length / sampleRateHz;
    };
    const [plain, mixed] = [await secondsOf('It is called here.'), await secondsOf('It is called 报销单据 here.')];
    expect(mixed - plain).toBeLessThan(0.8);
  });

  it('speaks from a folder whose name has Chinese characters and spaces', async () => {
    const place = join(folder, '张 三');
    cpSync(demo, place, { recursive: true });
    const moved = Object.fromEntries(
      Object.entries(files).map(([name, path]) => [name, name === 'form' ? path : path.replace(demo, place)]),
    ) as typeof files;
    const handlers = createSherpaHandlers();
    await handlers.load({ files: moved, threads: 1, packFolder: null }, never);
    const { samples, sampleRateHz } = await handlers.synthesise({ text: 'Hello there.', ...usual }, never);
    expect(samples.length / sampleRateHz).toBeGreaterThan(0.5);
  });

  it('stops at the next sentence when it is aborted', async () => {
    const handlers = await speaking();
    const text = 'Hello there. '.repeat(2000);
    const controller = new AbortController();
    const startTime = performance.now();
    const speech = handlers.synthesise({ text, ...usual }, controller.signal);
    setTimeout(() => {
      controller.abort(new Error('enough'));
    }, 5);
    await expect(speech).rejects.toThrow('enough');
    const abortedMs = performance.now() - startTime;
    const wholeTime = performance.now();
    await handlers.synthesise({ text: text.slice(0, text.length / 4), ...usual }, never);
    // A quarter of it, said in full, takes longer.
    expect(abortedMs).toBeLessThan(performance.now() - wholeTime);
  });

  it('names a model file that is not there', async () => {
    const load = createSherpaHandlers().load(
      { ...model, files: { ...files, tokens: join(folder, 'none') }, packFolder: null },
      never,
    );
    await expect(load).rejects.toMatchObject({ code: 'voice/model-missing' });
  });
});

describe('a GPU pack', () => {
  const { version } = require('sherpa-onnx-node/package.json') as { version: string };

  it('is found by its version only, and with the addon in it', async () => {
    const { findPack } = createSherpaHandlers();
    const found = async () => (await findPack({ packsFolder: folder }, never)).folder;
    mkdirSync(join(folder, 'sherpa-onnx-cuda-0.0.1'));
    writeFileSync(join(folder, 'sherpa-onnx-cuda-0.0.1/sherpa-onnx.node'), '');
    mkdirSync(join(folder, `sherpa-onnx-cuda-${version}`));
    expect(await found()).toBeNull();
    writeFileSync(join(folder, `sherpa-onnx-cuda-${version}/sherpa-onnx.node`), '');
    expect(await found()).toBe(join(folder, `sherpa-onnx-cuda-${version}`));
  });

  it('whose libraries know no CUDA is not taken for a GPU', async () => {
    // The CPU build under the pack's name: asked for CUDA, it silently computes on the CPU.
    const name = `sherpa-onnx-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
    const installed = dirname(require.resolve(`${name}/sherpa-onnx.node`));
    for (const file of readdirSync(installed)) cpSync(join(installed, file), join(folder, file));
    const load = createSherpaHandlers().load({ ...model, packFolder: folder }, never);
    await expect(load).rejects.toMatchObject({ code: 'voice/gpu-unusable' });
  });

  it('that cannot be loaded gives the loader’s own reason', async () => {
    writeFileSync(join(folder, 'sherpa-onnx.node'), 'no library');
    const load = createSherpaHandlers().load({ ...model, packFolder: folder }, never);
    await expect(load).rejects.toMatchObject({
      code: 'voice/not-installed',
      message: expect.stringContaining(folder) as string,
    });
  });
});
