import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError, type ErrorCode } from '../../../shared/errors.js';
import type { SherpaMethods, ToWorker } from '../../../shared/worker-contract.js';
import type { WorkerProcess } from '../ports.js';
import { fakeWorker, type FakeWorker } from '../testing/fake-worker.js';
import { voiceModel } from '../testing/models.js';
import { engineLimits } from './engine.js';
import { measureRealTimeFactor, openVoiceCalibrations } from './voice-calibration.js';
import { createVoice } from './voice.js';

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const cpu = { kind: 'cpu', name: 'A processor' } as const;
const gpu = { kind: 'cuda', name: 'A card' } as const;
const tiny = voiceModel({ form: 'lexicon', model: 'm', tokens: 't', lexicon: 'l' }, { id: 'tiny', name: 'tiny' });
const second = { samples: new Int16Array(16_000), sampleRateHz: 16_000 };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'botchat voice '));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** A machine whose worker is told what to do; each call's method and parameters are noted. */
function machine(pack: 'none' | 'works' | 'crashes' | ErrorCode) {
  const calls: { readonly method: string; readonly params: unknown }[] = [];
  const answers = {
    findPack: () => ({ folder: pack === 'none' ? null : '/packs/x' }),
    load: ({ packFolder }: SherpaMethods['load']['params']) => {
      if (packFolder === null) return { sampleRateHz: 16_000, device: cpu };
      if (pack === 'works') return { sampleRateHz: 16_000, device: gpu };
      throw new AppError(pack as ErrorCode, 'no');
    },
    synthesise: () => second,
  };
  const spawn = (): WorkerProcess => {
    let tell: (message: unknown) => void = () => undefined;
    let exit: () => void = () => undefined;
    const answer = (message: Exclude<ToWorker, { abort: number }>) => {
      const { id, method, params } = message;
      calls.push({ method, params });
      if (pack === 'crashes' && method === 'load' && (params as { packFolder: unknown }).packFolder !== null) {
        exit();
        return;
      }
      try {
        tell({
          id,
          ok: true,
          value: (answers as Record<string, (params: never) => unknown>)[method]?.(params as never),
        });
      } catch (error) {
        tell({ id, ok: false, code: (error as AppError).code, detail: (error as AppError).message });
      }
    };
    return {
      pid: 1,
      post: (message) => {
        const sent = message as ToWorker;
        if (!('abort' in sent))
          setTimeout(() => {
            answer(sent);
          }, 1);
      },
      onMessage: (listener) => (tell = listener),
      onExit: (listener) => {
        const before = exit;
        exit = () => {
          before();
          listener(0);
        };
      },
      kill: () => {
        setTimeout(() => {
          exit();
        }, 1);
      },
    };
  };
  const voice = createVoice({
    models: () => [tiny],
    speaker: () => 0,
    userData: folder,
    limits: engineLimits,
    log,
    spawn,
    onChange: () => undefined,
  });
  return { voice, calls, spoken: () => calls.filter(({ method }) => method === 'synthesise').length };
}

describe('the voice', () => {
  it('computes on the CPU where there is no pack, and says nothing of it', async () => {
    const { voice, calls } = machine('none');
    await voice.warmUp();
    expect(voice.view).toMatchObject({ state: 'ready', device: cpu, fallback: null });
    expect(calls.filter(({ method }) => method === 'load')).toHaveLength(1);
    voice.dispose();
  });

  it('computes on the GPU where the pack for it works', async () => {
    const { voice } = machine('works');
    await voice.warmUp();
    expect(voice.view).toMatchObject({ state: 'ready', device: gpu, fallback: null });
    voice.dispose();
  });

  it.each([
    ['voice/gpu-unusable', 'voice/gpu-unusable'],
    ['voice/gpu-slower', 'voice/gpu-slower'],
    ['voice/not-installed', 'voice/gpu-unusable'],
    ['crashes', 'voice/gpu-unusable'],
  ] as const)('goes on with the CPU after a pack that fails (%s), and says why', async (pack, code) => {
    const { voice } = machine(pack);
    await voice.warmUp();
    expect(voice.view).toMatchObject({ state: 'ready', device: cpu, fallback: { code } });
    voice.dispose();
  });

  it('that crashes once is started again, and does not give way to another', async () => {
    const spawned: FakeWorker[] = [];
    const other = { ...tiny, id: 'demo', name: 'demo', demo: true };
    const voice = createVoice({
      models: () => [tiny, other],
      speaker: () => 0,
      userData: folder,
      limits: engineLimits,
      log,
      spawn() {
        const worker = fakeWorker((method) => {
          if (method === 'findPack') return { folder: null };
          return method === 'load' ? { sampleRateHz: 16_000, device: cpu } : second;
        });
        spawned.push(worker);
        return worker.process;
      },
      onChange: () => undefined,
    });
    await voice.warmUp();
    spawned[0]?.exit(139);
    await expect.poll(() => spawned.length).toBe(2);
    await voice.warmUp();
    expect(voice.view).toMatchObject({ state: 'ready', modelId: tiny.id, fallback: null });
    voice.dispose();
  });

  it('is measured once on each machine and device', async () => {
    const first = machine('none');
    await first.voice.warmUp();
    expect(first.voice.view.realTimeFactor).toBeGreaterThan(0);
    expect(first.voice.realTimeFactor).toBe(first.voice.view.realTimeFactor);
    expect(first.spoken()).toBe(6);
    first.voice.dispose();

    const again = machine('none');
    expect(again.voice.view.realTimeFactor).toBeNull();
    await again.voice.warmUp();
    expect(again.voice.view.realTimeFactor).toBe(first.voice.view.realTimeFactor);
    expect(again.spoken()).toBe(0);
    again.voice.dispose();

    const elsewhere = machine('works');
    await elsewhere.voice.warmUp();
    expect(elsewhere.spoken()).toBe(6);
    elsewhere.voice.dispose();
  });

  it('gives way to whoever wants to hear something while it is measured', async () => {
    const { voice, spoken } = machine('none');
    const warm = voice.warmUp();
    while (spoken() === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(await voice.synthesise('Hello.')).toEqual(second);
    const before = spoken();
    expect(voice.view.realTimeFactor).toBeNull();
    await warm;
    expect(spoken()).toBe(before + 6);
    expect(voice.view.realTimeFactor).toBeGreaterThan(0);
    voice.dispose();
  });
});

describe('the real-time factor', () => {
  it('is work over speech, in the better round', async () => {
    let time = 0;
    let each = 900;
    const factor = await measureRealTimeFactor(
      () => {
        time += each;
        each = Math.max(200, each - 200);
        return Promise.resolve(second);
      },
      () => time,
    );
    // The second round: 300, 200 and 200 ms for a second each.
    expect(factor).toBeCloseTo(0.7 / 3);
  });

  it.each(['', '{', '{"a":1}', '{"a":{"realTimeFactor":-1}}'])(
    'is forgotten with a damaged file (%j)',
    async (text) => {
      const path = join(folder, 'voice-calibration.json');
      await writeFile(path, text);
      const calibrations = await openVoiceCalibrations(path, log);
      expect(calibrations.get(tiny, cpu)).toBeNull();
      await calibrations.set(tiny, cpu, 0.5);
      expect((await openVoiceCalibrations(path, log)).get(tiny, cpu)).toBe(0.5);
      expect(await readFile(path, 'utf8')).toContain('A processor');
    },
  );
});
