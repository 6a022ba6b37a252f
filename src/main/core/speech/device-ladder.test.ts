import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../../../shared/errors.js';
import type { ComputeDevice, WhisperMethods } from '../../../shared/worker-contract.js';
import { fakeWorker, hang, type FakeBehaviour, type FakeWorker } from '../testing/fake-worker.js';
import { recogniserModel } from '../testing/models.js';
import { createDeviceLadder } from './device-ladder.js';
import { createEngine, type Engine, type EngineLimits } from './engine.js';
import { openProbeMemory } from './probe-memory.js';
import { warmUpCalls } from './warm-up.js';

const cpu: ComputeDevice = { kind: 'cpu', name: 'Intel' };
const gpu: ComputeDevice = { kind: 'vulkan', name: 'Radeon' };
const limits: EngineLimits = { callMs: 30, loadMs: 30, circuit: { crashes: 3, windowMs: 120_000 } };
const silentLog = { info: () => undefined, warn: () => undefined, error: () => undefined };
const codes = {
  crashed: 'recogniser/crashed',
  timeout: 'recogniser/timeout',
  failed: 'recogniser/failed',
  stopped: 'recogniser/stopped',
} as const;

/** What the machine's GPU does, by step; nothing given: it works. */
interface Machine {
  devices?: FakeBehaviour;
  load?: FakeBehaviour;
  transcribe?: FakeBehaviour;
  readonly gpu: ComputeDevice | null;
  readonly missingLibrary?: string;
}

const crash: FakeBehaviour = (_method, _params, worker) => {
  worker.exit(139);
  return hang;
};
const outOfMemory: FakeBehaviour = () => {
  throw new AppError('recogniser/out-of-memory', 'no room');
};

let folder: string;
let workers: FakeWorker[];
let engines: Engine<WhisperMethods>[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'botchat 显卡 '));
  await mkdir(join(folder, 'native'));
  for (const file of ['native/addon.node', 'large.bin', 'small.bin']) await writeFile(join(folder, file), file);
  workers = [];
  engines = [];
});
afterEach(async () => {
  for (const engine of engines) engine.dispose();
  await rm(folder, { recursive: true, force: true });
});

/** The recogniser's engine on a machine, as one start of the app has it. */
function start(
  machine: Machine,
  { names = ['large'], device = 'auto' }: { names?: readonly string[]; device?: 'auto' | 'cpu' } = {},
) {
  const [best = 'large', ...others] = names;
  const model = (name: string) => recogniserModel(join(folder, `${name}.bin`), { id: name, name });
  const memory = openProbeMemory(join(folder, 'gpu-trials.json'), silentLog);
  const first = workers.length;
  const spawn = () => {
    const onGpu = new Set<FakeWorker>();
    const worker: FakeWorker = fakeWorker((method, params, self) => {
      if (method === 'devices') {
        return (
          machine.devices?.(method, params, self) ?? {
            devices: machine.gpu ? [machine.gpu, cpu] : [cpu],
            missingLibrary: machine.missingLibrary ?? null,
          }
        );
      }
      if (method === 'load') {
        const { useGpu } = params as WhisperMethods['load']['params'];
        if (!useGpu || !machine.gpu) return { device: cpu };
        onGpu.add(self);
        return machine.load?.(method, params, self) ?? { device: machine.gpu };
      }
      return (
        (onGpu.has(self) ? machine.transcribe?.(method, params, self) : undefined) ?? { segments: [], elapsedMs: 1 }
      );
    });
    workers.push(worker);
    return worker.process;
  };
  let wanted = device;
  const ladder = createDeviceLadder({
    addonPath: join(folder, 'native/addon.node'),
    vadModelPath: 'vad',
    threads: 1,
    models: () => [model(best), ...others.map(model)],
    codes,
    memory,
    limits,
    log: silentLog,
    spawn,
  });
  const engine = createEngine<WhisperMethods>({
    codes,
    limits,
    log: silentLog,
    candidates: () => ladder.candidates(wanted),
    spawn,
    onChange: () => undefined,
  });
  engines.push(engine);
  return {
    engine,
    memory,
    setDevice: (next: 'auto' | 'cpu') => (wanted = next),
    started: () => workers.length - first,
    hear: () =>
      engine.call(
        'transcribe',
        { samples: new Float32Array(16), language: 'en', audioContext: 0, thorough: false, tokenTimes: false },
        { deadlineMs: 30, retry: true },
      ),
  };
}

const remembered = () => readFile(join(folder, 'gpu-trials.json'), 'utf8').catch(() => null);

describe('a machine without a GPU', () => {
  it('starts one process, tries nothing and writes nothing', async () => {
    const { engine, started } = start({ gpu: null });
    await engine.warmUp();
    expect(engine.view).toMatchObject({ state: 'ready', device: cpu, fallback: null });
    expect(started()).toBe(1);
    expect(await remembered()).toBeNull();
  });
});

describe('a machine whose GPU has a driver that lacks a library', () => {
  it('uses the CPU, and names the library', async () => {
    const { engine } = start({ gpu: null, missingLibrary: 'libX11.so.6' }, { names: ['large', 'small'] });
    await engine.warmUp();
    const fallback = { code: 'recogniser/gpu-library', detail: 'libX11.so.6' };
    expect(engine.view).toMatchObject({ state: 'ready', model: 'large', device: cpu, fallback });
    expect(await remembered()).toBeNull();
  });
});

describe('a learner who wants the CPU alone', () => {
  it('has no driver started', async () => {
    const { engine, started } = start({ gpu, devices: crash }, { device: 'cpu' });
    await engine.warmUp();
    expect(engine.view).toMatchObject({ state: 'ready', device: cpu, fallback: null });
    expect(started()).toBe(1);
    expect(workers[0]?.sent).toMatchObject([{ method: 'load', params: { useGpu: false } }]);
  });
});

describe('a GPU that works', () => {
  it('is tried once in a process of its own, with every kind of work, and not again', async () => {
    const first = start({ gpu });
    await first.engine.warmUp();
    expect(first.engine.view).toMatchObject({ state: 'ready', device: gpu, fallback: null });
    expect(first.started()).toBe(2);
    const trial = workers[1];
    expect(trial?.sent).toMatchObject([{ method: 'load' }, ...warmUpCalls().map(({ method }) => ({ method }))]);
    expect(trial?.alive).toBe(false);

    const second = start({ gpu });
    await second.engine.warmUp();
    expect(second.engine.view.device).toEqual(gpu);
    expect(second.started()).toBe(1);
  });

  it.each([
    ['another device', async () => Promise.resolve({ ...gpu, name: 'GeForce' })],
    [
      'another model file',
      async () => {
        await writeFile(join(folder, 'large.bin'), 'a longer one than before');
        return gpu;
      },
    ],
    [
      'a file as large, of another time',
      async () => {
        await utimes(join(folder, 'large.bin'), 1, 1);
        return gpu;
      },
    ],
    [
      'another build of the backends',
      async () => {
        await writeFile(join(folder, 'native/libggml-vulkan.so'), 'new');
        return gpu;
      },
    ],
  ] as const)('is tried again for %s', async (_what, change) => {
    await start({ gpu }).engine.warmUp();
    const again = start({ gpu: await change() });
    await again.engine.warmUp();
    expect(again.started()).toBe(2);
    expect(again.engine.view.fallback).toBeNull();
  });
});

describe('a GPU that does not work', () => {
  it.each([
    ['crashes while the model is loaded', { load: crash }],
    ['hangs while the model is loaded', { load: () => hang }],
    ['crashes over a second of sound', { transcribe: crash }],
    ['hangs over a second of sound', { transcribe: () => hang }],
    [
      'reports a failure',
      {
        transcribe: () => {
          throw new Error('device lost');
        },
      },
    ],
    ['leaves the work to the CPU', { load: () => ({ device: cpu }) }],
    ['crashes when it is looked for', { devices: crash }],
    ['hangs when it is looked for', { devices: () => hang }],
  ] as const)('and %s is left for the CPU, in words, and not tried again', async (_what, broken) => {
    const first = start({ gpu, ...broken });
    await first.engine.warmUp();
    expect(first.engine.view).toMatchObject({
      state: 'ready',
      device: cpu,
      fallback: { code: 'recogniser/gpu-failed' },
      error: null,
    });
    expect(workers.filter(({ alive }) => alive)).toHaveLength(1);

    const second = start({ gpu, ...broken });
    await second.engine.warmUp();
    expect(second.engine.view).toMatchObject({ device: cpu, fallback: { code: 'recogniser/gpu-failed' } });
    expect(second.started()).toBe(1);
  });

  it('is tried again when the learner asks for it', async () => {
    await start({ gpu, load: crash }).engine.warmUp();
    const mended = start({ gpu });
    await mended.engine.warmUp();
    expect(mended.engine.view.device).toEqual(cpu);
    await mended.memory.forget();
    await mended.engine.restart();
    expect(mended.engine.view).toMatchObject({ device: gpu, fallback: null });
  });

  it('for want of memory is tried again at the next start: it may be free by then', async () => {
    const full = start({ gpu, load: outOfMemory });
    await full.engine.warmUp();
    expect(full.engine.view).toMatchObject({ device: cpu, fallback: { code: 'recogniser/gpu-memory' } });
    for (let count = 0; count < 3; count += 1) await start({ gpu, load: outOfMemory }).engine.warmUp();
    const later = start({ gpu });
    await later.engine.warmUp();
    expect(later.engine.view).toMatchObject({ device: gpu, fallback: null });
  });

  it('and takes the whole machine along is given up after the second time', async () => {
    for (let count = 0; count < 2; count += 1) {
      // The trial has begun; nobody sees its end.
      const { memory, engine } = start({ gpu, load: () => hang });
      const begin = memory.begin.bind(memory);
      let key = '';
      memory.begin = async (name) => {
        key = name;
        await begin(name);
        throw new Error('the machine is gone');
      };
      await engine.warmUp();
      expect(key).not.toBe('');
    }
    const third = start({ gpu });
    await third.engine.warmUp();
    expect(third.engine.view).toMatchObject({ device: cpu, fallback: { code: 'recogniser/gpu-failed' } });
    expect(third.started()).toBe(1);
  });

  it('only at work is left for this run, tried again at the next start, and given up the second time', async () => {
    for (let count = 0; count < 2; count += 1) {
      let trial: FakeWorker | null = null;
      const run = start({
        gpu,
        transcribe: (...call) => ((trial ??= call[2]) === call[2] ? undefined : crash(...call)),
      });
      await run.engine.warmUp();
      expect(run.engine.view.device, String(count)).toEqual(gpu);
      await run.hear();
      expect(run.engine.view).toMatchObject({ device: cpu, fallback: { code: 'recogniser/gpu-failed' } });
      await vi.waitFor(async () => {
        expect(await remembered()).toContain('"outcome": "open"');
      });
    }
    const third = start({ gpu });
    await third.engine.warmUp();
    expect(third.engine.view).toMatchObject({ device: cpu, fallback: { code: 'recogniser/gpu-failed' } });
    expect(third.started()).toBe(1);
  });

  it('is not judged by a trial that the app itself ended', async () => {
    const closed = start({ gpu, load: () => hang });
    const started = closed.engine.warmUp();
    await vi.waitFor(
      () => {
        expect(workers[1]?.sent).toHaveLength(1);
      },
      { interval: 1 },
    );
    closed.engine.dispose();
    await started;
    const next = start({ gpu });
    await next.engine.warmUp();
    expect(next.engine.view).toMatchObject({ device: gpu, fallback: null });
  });
});

describe('a learner who asks for the CPU while the GPU is tried', () => {
  const untilAsked = async (trial: () => FakeWorker | undefined) => {
    await vi.waitFor(
      () => {
        expect(trial()?.sent).toHaveLength(1);
      },
      { interval: 1 },
    );
  };

  it.each([
    ['a trial that hangs', { load: () => hang }, 1],
    ['a driver that hangs when it is looked for', { devices: () => hang }, 0],
  ] as const)(
    'gets it at once after %s, with no word of the GPU, which is not judged by it',
    async (_what, broken, at) => {
      const run = start({ gpu, ...broken });
      const started = run.engine.warmUp();
      await untilAsked(() => workers[at]);
      run.setDevice('cpu');
      await run.engine.restart();
      expect(run.engine.view).toMatchObject({ state: 'ready', device: cpu, fallback: null });
      expect(workers.filter(({ alive }) => alive)).toHaveLength(1);
      await started;
      // Long after the old trial would have given its verdict.
      await new Promise((resolve) => setTimeout(resolve, 3 * limits.loadMs));
      expect(run.engine.view).toMatchObject({ state: 'ready', device: cpu, fallback: null });
      const next = start({ gpu });
      await next.engine.warmUp();
      expect(next.engine.view).toMatchObject({ device: gpu, fallback: null });
    },
  );

  it('keeps every candidate of the new ladder, also where the old verdict comes late', async () => {
    const verdict = Promise.withResolvers<undefined>();
    const run = start({ gpu, load: crash }, { names: ['large', 'small'] });
    const { undecided } = run.memory;
    run.memory.undecided = async (key) => {
      await verdict.promise;
      return undecided(key);
    };
    run.memory.failed = run.memory.undecided;
    const started = run.engine.warmUp();
    await untilAsked(() => workers[1]);
    run.setDevice('cpu');
    await run.engine.restart();
    expect(run.engine.view).toMatchObject({ model: 'large', device: cpu, fallback: null });
    verdict.resolve(undefined);
    await started;
    expect(run.engine.view).toMatchObject({ state: 'ready', model: 'large', device: cpu, fallback: null });
    expect(workers.filter(({ alive }) => alive)).toHaveLength(1);
  });
});

describe('several models', () => {
  const names = ['large', 'small'];
  const smallerOnGpu = {
    state: 'ready',
    model: 'small',
    device: gpu,
    fallback: { code: 'recogniser/smaller-model' },
  };
  const isLarge = (params: unknown) => (params as WhisperMethods['load']['params']).modelPath.endsWith('large.bin');

  it('the smaller one is used on the GPU where the larger one does not fit', async () => {
    const { engine } = start(
      { gpu, load: (method, params, worker) => (isLarge(params) ? outOfMemory(method, params, worker) : undefined) },
      { names },
    );
    await engine.warmUp();
    expect(engine.view).toMatchObject(smallerOnGpu);
  });

  /** A card that holds the large model, but not what it needs for beams over the whole window. */
  const isThorough = (params: unknown) => (params as { readonly thorough?: boolean }).thorough === true;
  const holdsLarge = new WeakSet<FakeWorker>();
  const noteLarge: FakeBehaviour = (_method, params, worker) => {
    if (isLarge(params)) holdsLarge.add(worker);
    return undefined;
  };

  it('the smaller one is used where the larger one fits, and its hardest work does not: the trial finds it', async () => {
    const { engine } = start(
      {
        gpu,
        load: noteLarge,
        transcribe: (method, params, worker) =>
          isThorough(params) && holdsLarge.has(worker) ? outOfMemory(method, params, worker) : undefined,
      },
      { names },
    );
    await engine.warmUp();
    expect(engine.view).toMatchObject(smallerOnGpu);
  });

  it('the smaller one goes on where the memory is gone in the middle of the work, and the take is heard', async () => {
    let trial: FakeWorker | null = null;
    const run = start(
      {
        gpu,
        load: noteLarge,
        transcribe: (method, params, worker) =>
          worker !== (trial ??= worker) && holdsLarge.has(worker) ? outOfMemory(method, params, worker) : undefined,
      },
      { names },
    );
    await run.engine.warmUp();
    expect(run.engine.view).toMatchObject({ model: 'large', device: gpu, fallback: null });
    await run.hear();
    expect(run.engine.view).toMatchObject(smallerOnGpu);
  });

  it('the best one is used on the CPU where the GPU runs none', async () => {
    const { engine } = start({ gpu, load: crash }, { names });
    await engine.warmUp();
    expect(engine.view).toMatchObject({ model: 'large', device: cpu, fallback: { code: 'recogniser/gpu-failed' } });
  });
});

describe('what is remembered', () => {
  it('is forgotten where its file is damaged, and the app works without it', async () => {
    await start({ gpu, load: crash }).engine.warmUp();
    await writeFile(join(folder, 'gpu-trials.json'), '{"version":1,"entries":{"a":');
    const { engine } = start({ gpu });
    await engine.warmUp();
    expect(engine.view.device).toEqual(gpu);
  });

  it('is done without where it cannot be written', async () => {
    await mkdir(join(folder, 'gpu-trials.json'));
    const { engine } = start({ gpu, load: crash });
    await engine.warmUp();
    expect(engine.view).toMatchObject({ state: 'ready', device: cpu });
  });

  it('does not grow without bound', async () => {
    const memory = openProbeMemory(join(folder, 'gpu-trials.json'), silentLog);
    for (let count = 0; count < 70; count += 1) await memory.works(`model ${String(count)}`);
    const kept = Object.keys((JSON.parse((await remembered()) ?? '') as { entries: object }).entries);
    expect(kept).toHaveLength(50);
    expect(kept.at(-1)).toBe('model 69');
  });
});
