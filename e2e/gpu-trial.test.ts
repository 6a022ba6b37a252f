import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { engineLimits } from '../src/main/core/speech/engine.js';
import { openProbeMemory } from '../src/main/core/speech/probe-memory.js';
import { createRecogniser, type Recogniser } from '../src/main/core/speech/recogniser.js';
import { recogniserModel } from '../src/main/core/testing/models.js';
import { clipSamples } from './support/recogniser.js';
import { realWorkers, root, type RealWorkers } from './support/real-workers.js';

// A GPU is tried out in a process of its own before it is relied on. The device here is Mesa's software driver for
// Vulkan: the same libraries and shaders as on a GPU, slowly; and a driver that crashes, made for this test.

const addon = join(root, 'native/whisper/build/vulkan/bin/botchat_whisper.node');
const softwareDriver = ['/usr/share/vulkan/icd.d', '/usr/local/share/vulkan/icd.d']
  .filter(existsSync)
  .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
  .find((file) => /\/lvp_icd\..*json$/.test(file));
const missing = !existsSync(addon)
  ? 'no Vulkan build: npm run build:whisper:vulkan'
  : softwareDriver === undefined
    ? "no Mesa software driver for Vulkan: Debian's mesa-vulkan-drivers"
    : null;

const scratch = mkdtempSync(join(tmpdir(), 'botchat 显卡 '));
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
let workers: RealWorkers;
let memoryFile: string;

beforeEach(({ task, skip }) => {
  if (missing !== null) {
    Object.assign(task.meta, { skipReason: missing });
    skip(missing);
  }
  const started = realWorkers();
  workers = started;
  onTestFinished(() => {
    started.remove();
  });
  memoryFile = join(mkdtempSync(join(scratch, 'run ')), 'gpu-trials.json');
});
afterEach(() => {
  vi.unstubAllEnvs();
});
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

/** The driver that the next workers find. ggml takes llvmpipe, which counts as a CPU, for a GPU only when told. */
function useDriver(manifest: string): void {
  vi.stubEnv('VK_ICD_FILENAMES', manifest);
  vi.stubEnv('VK_DRIVER_FILES', manifest);
  vi.stubEnv('GGML_VK_VISIBLE_DEVICES', '0');
}

/** The app's recogniser, as one start of the app has it, and how many processes that took. */
async function start(device: 'auto' | 'cpu' = 'auto'): Promise<{ recogniser: Recogniser; processes: number }> {
  const before = workers.started('whisper');
  const recogniser = createRecogniser({
    addonPath: addon,
    vadModelPath: join(root, 'resources/vad/silero-v5.onnx'),
    models: () => [recogniserModel(join(root, 'resources/demo/micro-whisper.bin'), { demo: true })],
    memory: openProbeMemory(memoryFile, log),
    limits: engineLimits,
    log,
    spawn: () => workers.spawn('whisper'),
    onChange: () => undefined,
  });
  onTestFinished(() => {
    recogniser.dispose();
  });
  recogniser.setComputeDevice(device);
  await recogniser.warmUp();
  return { recogniser, processes: workers.started('whisper') - before };
}

async function hears(recogniser: Recogniser): Promise<string> {
  const listening = recogniser.listen({ language: 'en' });
  listening.push(clipSamples('en-02.wav'));
  return (await listening.finish(new AbortController().signal)).text;
}

describe('a GPU', () => {
  it('that works is tried once, remembered, and understands', async () => {
    useDriver(softwareDriver ?? '');
    const first = await start();
    expect(first.recogniser.view).toMatchObject({ state: 'ready', device: { kind: 'vulkan' }, fallback: null });
    expect(first.processes).toBe(2);
    expect(await hears(first.recogniser)).toBe('Nice to meet you.');
    first.recogniser.dispose();
    const second = await start();
    expect(second.recogniser.view).toMatchObject({ device: { kind: 'vulkan' }, fallback: null });
    expect(second.processes).toBe(1);
  });

  it('is left alone, driver and all, where the learner wants the CPU', async () => {
    useDriver(softwareDriver ?? '');
    const { recogniser, processes } = await start('cpu');
    expect(recogniser.view).toMatchObject({ state: 'ready', device: { kind: 'cpu' }, fallback: null });
    expect(processes).toBe(1);
    const libraries = readFileSync(`/proc/${String(workers.alive('whisper').at(-1))}/maps`, 'utf8');
    expect(libraries).toContain('libggml-cpu');
    expect(libraries).not.toMatch(/libvulkan|libggml-vulkan/);
  });

  it('whose driver crashes costs one process, and is not started again', async () => {
    const source = join(scratch, 'crash.c');
    const library = join(scratch, 'libcrash.so');
    writeFileSync(source, '__attribute__((constructor)) static void crash(void) { *(volatile int *)0 = 0; }\n');
    execFileSync('cc', ['-shared', '-fPIC', '-o', library, source]);
    const manifest = join(scratch, 'crash.json');
    const icd = { library_path: library, api_version: '1.3.0' };
    writeFileSync(manifest, JSON.stringify({ file_format_version: '1.0.0', ICD: icd }));

    useDriver(manifest);
    const first = await start();
    expect(first.recogniser.view).toMatchObject({
      state: 'ready',
      device: { kind: 'cpu' },
      fallback: { code: 'recogniser/gpu-failed' },
    });
    expect(first.processes).toBe(2);
    expect(workers.ended('whisper')).toBe(1);
    expect(await hears(first.recogniser)).toBe('Nice to meet you.');
    first.recogniser.dispose();

    const second = await start();
    expect(second.recogniser.view).toMatchObject({
      device: { kind: 'cpu' },
      fallback: { code: 'recogniser/gpu-failed' },
    });
    expect(second.processes).toBe(1);

    // The driver is mended, and the learner asks for it.
    useDriver(softwareDriver ?? '');
    await second.recogniser.restart();
    expect(second.recogniser.view).toMatchObject({ device: { kind: 'vulkan' }, fallback: null });
  });
});
