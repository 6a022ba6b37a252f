// Builds with separate backends (`npm run build:whisper:vulkan`, `build:whisper:release`): what computes, and what
// happens where a GPU's driver, library or device is missing. Vulkan is real, its device is Mesa's software driver
// (llvmpipe): the same shaders as on a GPU, slowly.
import { execFile } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { Backend, Device, GpuFailure, LoadOptions, Transcript, UnusedBackend } from './index.d.ts';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, '../..');
const model = path.join(root, 'resources/demo/micro-whisper.bin');
const clipsFolder = path.join(root, 'e2e/fixtures/clips');
const clips = JSON.parse(readFileSync(path.join(clipsFolder, 'clips.json'), 'utf8')) as {
  file: string;
  text: string;
  language: string;
}[];
const texts = clips.map(({ text }) => text);
const vulkanFolder = path.join(here, 'build/vulkan/bin');
const releaseFolder = path.join(here, 'build/release/bin');
const softwareDriver = ['/usr/share/vulkan/icd.d', '/usr/local/share/vulkan/icd.d']
  .filter(existsSync)
  .flatMap((folder) => readdirSync(folder).map((name) => path.join(folder, name)))
  .find((file) => /\/lvp_icd\..*json$/.test(file));
const missing = !existsSync(path.join(vulkanFolder, 'libggml-vulkan.so'))
  ? 'no Vulkan build: npm run build:whisper:vulkan'
  : softwareDriver === undefined
    ? "no Mesa software driver for Vulkan: Debian's mesa-vulkan-drivers"
    : null;

const scratch = mkdtempSync(path.join(tmpdir(), 'botchat-backends-'));
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

interface Report {
  readonly unused: readonly UnusedBackend[];
  readonly devices: readonly Device[];
  readonly backend: Backend;
  readonly gpuFailure: GpuFailure | null;
  readonly results: readonly (Pick<Transcript, 'text' | 'timings' | 'backend'> & {
    readonly languages: Readonly<Record<string, number>> | null;
  })[];
}

/** llvmpipe counts as a CPU, which ggml takes for a GPU only when told. */
const withSoftwareDriver = {
  VK_ICD_FILENAMES: softwareDriver,
  VK_DRIVER_FILES: softwareDriver,
  GGML_VK_VISIBLE_DEVICES: '0',
};

/** Recognises the clips in a process of its own, greedily. */
async function recognise(
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
  {
    count = clips.length,
    load = {},
    detect = false,
    gpu = true,
    audioContext = 512,
  }: { count?: number; load?: Partial<LoadOptions>; detect?: boolean; gpu?: boolean; audioContext?: number } = {},
): Promise<Report> {
  const job = {
    addon: path.join(folder, 'botchat_whisper.node'),
    backends: folder,
    gpu,
    model,
    load,
    // One thread, because ggml's wait for one another busily, and the machine may be busy.
    options: { beamSize: 1, bestOf: 1, temperatureIncrement: 0, threads: 1, audioContext },
    clips: clips.slice(0, count).map(({ file, language }) => ({ file: path.join(clipsFolder, file), language })),
    detect,
  };
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [path.join(here, 'transcribe-clips.mjs'), JSON.stringify(job)],
    { env: { ...process.env, ...env } },
  );
  return JSON.parse(stdout) as Report;
}

/** A copy of the Vulkan build without some of its libraries. */
function copyWithout(name: string, unwanted: RegExp, from = vulkanFolder): string {
  const folder = path.join(scratch, name);
  mkdirSync(folder);
  const wanted = readdirSync(from).filter((file) => /\.(?:node|so)(?:\.\d+)?$/.test(file) && !unwanted.test(file));
  for (const file of wanted) copyFileSync(path.join(from, file), path.join(folder, file));
  return folder;
}

const textsOf = ({ results }: Report): readonly string[] => results.map(({ text }) => text);
const kindsOf = ({ results }: Report): readonly string[] => [...new Set(results.map(({ backend }) => backend.kind))];

describe('the Vulkan build', () => {
  beforeEach(({ task, skip }) => {
    if (missing === null) return;
    Object.assign(task.meta, { skipReason: missing });
    skip();
  });

  it('computes on Vulkan, and hears what the CPU hears', async () => {
    const onVulkan = await recognise(vulkanFolder, withSoftwareDriver);
    const onCpu = await recognise(vulkanFolder, withSoftwareDriver, { load: { useGpu: false } });

    expect(onVulkan.unused).toEqual([]);
    expect(onVulkan.devices).toMatchObject([
      { kind: 'vulkan', name: expect.stringContaining('llvmpipe') as unknown, gpuDevice: 0 },
      { kind: 'cpu', gpuDevice: null },
    ]);
    for (const { totalMemoryBytes } of onVulkan.devices) expect(totalMemoryBytes).toBeGreaterThan(2 ** 28);
    expect(onVulkan).toMatchObject({
      gpuFailure: null,
      backend: { kind: 'vulkan', device: onVulkan.devices[0]?.name },
    });
    expect(onCpu).toMatchObject({ gpuFailure: null, backend: { kind: 'cpu', device: onCpu.devices[1]?.name } });
    expect([kindsOf(onVulkan), kindsOf(onCpu)]).toEqual([['vulkan'], ['cpu']]);

    expect(textsOf(onCpu)).toEqual(texts);
    expect(textsOf(onVulkan)).toEqual(texts);
  });

  it('computes whole windows on Vulkan, and tells languages as the CPU does', async () => {
    const whole = { count: 2, detect: true, audioContext: 0 };
    const onVulkan = await recognise(vulkanFolder, withSoftwareDriver, whole);
    const onCpu = await recognise(vulkanFolder, withSoftwareDriver, { ...whole, load: { useGpu: false } });
    expect([kindsOf(onVulkan), kindsOf(onCpu)]).toEqual([['vulkan'], ['cpu']]);
    expect([textsOf(onVulkan), textsOf(onCpu)]).toEqual([texts.slice(0, 2), texts.slice(0, 2)]);
    onVulkan.results.forEach(({ languages }, i) => {
      for (const language of ['en', 'zh'])
        expect(languages?.[language]).toBeCloseTo(onCpu.results[i]?.languages?.[language] ?? NaN, 1);
    });
  });

  const oneClip = { count: 1 };
  const expectCpu = (report: Report): void => {
    expect(report.backend.kind).toBe('cpu');
    expect(kindsOf(report)).toEqual(['cpu']);
    expect(textsOf(report)).toEqual(texts.slice(0, 1));
  };

  it('uses the CPU, and says why, where there is no Vulkan driver', async () => {
    const none = path.join(scratch, 'no-driver.json');
    const report = await recognise(vulkanFolder, { VK_ICD_FILENAMES: none, VK_DRIVER_FILES: none }, oneClip);
    expectCpu(report);
    expect(report.unused).toMatchObject([{ kind: 'vulkan' }]);
    expect(report.devices.map(({ kind }) => kind)).toEqual(['cpu']);
    expect(report.gpuFailure).toBeNull();
  });

  it('does not take a processor for a GPU', async () => {
    const report = await recognise(
      vulkanFolder,
      { ...withSoftwareDriver, GGML_VK_VISIBLE_DEVICES: undefined },
      oneClip,
    );
    expectCpu(report);
    expect(report.unused).toEqual([{ kind: 'vulkan', reason: 'it finds no device' }]);
  });

  it('starts no driver for who wants no GPU', async () => {
    const report = await recognise(vulkanFolder, withSoftwareDriver, { ...oneClip, gpu: false });
    expectCpu(report);
    expect(report).toMatchObject({ unused: [], gpuFailure: null });
    expect(report.devices.map(({ kind }) => kind)).toEqual(['cpu']);
  });

  it('uses the CPU without its Vulkan library', async () => {
    const report = await recognise(copyWithout('no-library', /vulkan/), withSoftwareDriver, oneClip);
    expectCpu(report);
    expect(report.unused).toEqual([]);
  });

  it("uses the CPU, and says why, without the system's Vulkan library", async () => {
    const folder = copyWithout('no-system-library', /vulkan/);
    // As good as none: the same library, wanting one that no system has.
    const library = readFileSync(path.join(vulkanFolder, 'libggml-vulkan.so'));
    const name = library.indexOf('libvulkan.so.1\0');
    expect(name).toBeGreaterThan(0);
    library.write('libvulkan.so.0', name, 'latin1');
    writeFileSync(path.join(folder, 'libggml-vulkan.so'), library);
    const report = await recognise(folder, withSoftwareDriver, oneClip);
    expectCpu(report);
    expect(report.unused).toMatchObject([
      { kind: 'vulkan', reason: expect.stringContaining('libvulkan.so.0: cannot open shared object file') as unknown },
    ]);
  });

  it('uses the CPU, and says why, where its Vulkan library is none', async () => {
    const folder = copyWithout('no-elf', /vulkan/);
    writeFileSync(path.join(folder, 'libggml-vulkan.so'), 'not a library');
    const report = await recognise(folder, withSoftwareDriver, oneClip);
    expectCpu(report);
    expect(report.unused).toMatchObject([
      { kind: 'vulkan', reason: expect.stringContaining('failed to load') as unknown },
    ]);
  });

  it('uses the CPU, and says why, where the device has not the memory', async () => {
    const report = await recognise(
      vulkanFolder,
      { ...withSoftwareDriver, GGML_VK_FORCE_MAX_BUFFER_SIZE: '1000000' },
      oneClip,
    );
    expectCpu(report);
    expect(report.unused).toEqual([]);
    expect(report.devices[0]?.kind).toBe('vulkan');
    expect(report.gpuFailure?.code).toBe('OUT_OF_MEMORY');
    expect(report.gpuFailure?.message).toMatch(/^llvmpipe.*: not enough memory on the device$/);
  });

  it('computes nothing before its backends are loaded, or without any', async () => {
    const script = `
      const addon = require(${JSON.stringify(path.join(vulkanFolder, 'botchat_whisper.node'))});
      const codeOf = (error) => error.code;
      const load = () => addon.load({ modelPath: ${JSON.stringify(model)} }).then(() => 'loaded', codeOf);
      const loadBackends = (...of) => { try { return addon.loadBackends(...of); } catch (error) { return codeOf(error); } };
      (async () => console.log(JSON.stringify([
        addon.devices(), await load(), loadBackends('/no such folder'), loadBackends('/etc/hostname'), loadBackends(1),
        loadBackends('/', { gpu: 1 }), await load(),
      ])))();`;
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', script]);
    expect(JSON.parse(stdout)).toEqual([
      [],
      'NO_BACKEND',
      [],
      'NO_BACKEND',
      'INVALID_OPTION',
      'INVALID_OPTION',
      'NO_BACKEND',
    ]);
  });
});

describe('the release build', () => {
  beforeEach(({ task, skip }) => {
    const built = existsSync(path.join(releaseFolder, 'botchat_whisper.node'));
    if (built && process.platform === 'linux') return;
    const skipReason = built ? 'written for Linux' : 'no release build: npm run build:whisper:release';
    Object.assign(task.meta, { skipReason });
    skip();
  });

  const cpuLibrary = process.arch === 'x64' ? 'ggml-cpu-x64' : 'ggml-cpu-armv8.0_1';

  it('chooses a CPU library, and hears what is said', async () => {
    expect(readdirSync(releaseFolder).filter((name) => name.includes('ggml-cpu')).length).toBeGreaterThan(5);
    const report = await recognise(releaseFolder, {}, { load: { useGpu: false } });
    expect(report.backend.kind).toBe('cpu');
    expect(textsOf(report)).toEqual(texts);
  });

  it('also runs on the oldest processors', async () => {
    const folder = copyWithout(
      'oldest',
      new RegExp(`vulkan|cuda|ggml-cpu-(?!${cpuLibrary.slice(9)}\\.)`),
      releaseFolder,
    );
    expect(readdirSync(folder).filter((name) => name.includes('ggml-cpu'))).toEqual([`lib${cpuLibrary}.so`]);
    const report = await recognise(folder, {}, { count: 3 });
    expect(textsOf(report)).toEqual(texts.slice(0, 3));
  });
});
