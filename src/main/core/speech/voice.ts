import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { VoiceView } from '../../../shared/contract/app.js';
import type { VoiceModel } from '../../../shared/models.js';
import type { SherpaMethods } from '../../../shared/worker-contract.js';
import { AppError, type ErrorCode } from '../../../shared/errors.js';
import type { Log, WorkerProcess } from '../ports.js';
import { createEngine, type EngineCandidate, type EngineLimits } from './engine.js';
import { measureRealTimeFactor, openVoiceCalibrations, type VoiceCalibrations } from './voice-calibration.js';
import type { WorkerClient } from '../worker-client.js';

export interface Sound {
  readonly samples: Int16Array;
  readonly sampleRateHz: number;
}

/** Says English aloud. */
export interface Voice {
  readonly view: VoiceView;
  /** Seconds of work for a second of speech on the device in use; null until it was measured. */
  readonly realTimeFactor: number | null;
  /** Starts it, and measures it where it is new to this machine. Never throws: `view` tells. */
  warmUp(): Promise<void>;
  /** The learner wants it to work: tries again whatever failed. Never throws: `view` tells. */
  restart(): Promise<void>;
  /** Goes over to the model that `models` answers first now; see `Engine.exchange`. */
  changeModel(whenFree: () => Promise<void>): Promise<void>;
  /** Rejects with `voice/nothing-to-say` for text without a speakable word, else with another `voice/…` code. */
  synthesise(text: string, signal?: AbortSignal): Promise<Sound>;
  dispose(): void;
}

export interface VoiceOptions {
  /** What may be used, the wanted one first. */
  models(): readonly [VoiceModel, ...VoiceModel[]];
  /** Which of its speakers a model speaks with, from 0. */
  speaker(model: VoiceModel): number;
  /** The machine's own folder: `packs/` in it may hold a GPU build, and how fast the voice is is kept there. */
  readonly userData: string;
  readonly limits: EngineLimits;
  readonly log: Log;
  spawn(): WorkerProcess;
  onChange(): void;
}

/**
 * A second thread nearly halves the wait for the first clause (230 ms, then 124 ms, a Piper-sized voice on two cores), and
 * the recogniser is idle by then. What more are worth is not measured.
 */
export const voiceThreads = Math.min(2, availableParallelism());

/** How long nobody may have wanted the voice before it is measured, ms. */
const quietMs = 1500;

/** What another voice may do better. (One that crashes is started again: once is an accident.) */
const theModel: ReadonlySet<ErrorCode> = new Set(['voice/model-missing', 'voice/failed']);

export function createVoice({ models, speaker, userData, limits, log, spawn, onChange }: VoiceOptions): Voice {
  const packsFolder = join(userData, 'packs');
  /** The pack that the running worker found. */
  let packFolder: string | null = null;
  let calibrations: VoiceCalibrations | null = null;
  let measuring: AbortController | null = null;
  let wantedTime = 0;
  let disposed = false;

  const load = (worker: WorkerClient<SherpaMethods>, { files }: VoiceModel, folder: string | null) =>
    worker.call('load', { files, threads: voiceThreads, packFolder: folder }, { deadlineMs: limits.loadMs });

  const onGpu = (model: VoiceModel): EngineCandidate<SherpaMethods> => ({
    model,
    check: async (worker) => {
      packFolder = (await worker.call('findPack', { packsFolder }, { deadlineMs: limits.callMs })).folder;
      return packFolder === null ? 'absent' : 'use';
    },
    load: (worker) => load(worker, model, packFolder),
    // Whatever goes wrong with a GPU, the CPU may do.
    leave: ({ code, message }) =>
      packFolder === null || code === 'voice/nothing-to-say'
        ? null
        : { code: code === 'voice/gpu-slower' ? code : 'voice/gpu-unusable', detail: message },
  });

  const onCpu = (model: VoiceModel): EngineCandidate<SherpaMethods> => ({
    model,
    load: (worker) => load(worker, model, null),
    leave: ({ code, message }) => (theModel.has(code) ? { code, detail: message } : null),
  });

  const engine = createEngine<SherpaMethods>({
    limits,
    log,
    spawn,
    onChange,
    codes: { crashed: 'voice/crashed', timeout: 'voice/timeout', failed: 'voice/failed', stopped: 'voice/stopped' },
    candidates() {
      const [first, ...others] = models();
      return [onGpu(first), onCpu(first), ...others.map(onCpu)];
    },
  });

  /** The one that speaks now. */
  const current = () => models().find(({ id }) => id === engine.view.modelId) ?? null;

  function synthesise(text: string, signal: AbortSignal | undefined, retry: boolean): Promise<Sound> {
    const model = current();
    const params = { text, speaker: model === null ? 0 : speaker(model), speed: 1 };
    return engine.call('synthesise', params, { signal, deadlineMs: limits.callMs, retry });
  }

  function factor(): number | null {
    const { device } = engine.view;
    const model = current();
    return device && model && calibrations ? calibrations.get(model, device) : null;
  }

  /** Measures the voice where that was never done on its device, as soon as nobody else wants it. Never throws. */
  async function calibrate(): Promise<void> {
    calibrations ??= await openVoiceCalibrations(join(userData, 'voice-calibration.json'), log);
    onChange();
    const { device } = engine.view;
    const model = current();
    if (device === null || model === null || measuring !== null || factor() !== null) return;
    while (!disposed) {
      const { signal } = (measuring = new AbortController());
      try {
        const measured = await measureRealTimeFactor((text) => synthesise(text, signal, false));
        if (current() === model && engine.view.device?.name === device.name)
          await calibrations.set(model, device, measured);
        log.info('voice measured', { model: model.name, device: device.name, realTimeFactor: measured });
        break;
      } catch (error) {
        if (!signal.aborted) {
          log.warn('voice was not measured', { error: error instanceof AppError ? error.code : error });
          break;
        }
        // Somebody wanted to hear something.
        while (performance.now() - wantedTime < quietMs) await new Promise((resolve) => setTimeout(resolve, quietMs));
      }
    }
    measuring = null;
    onChange();
  }

  return {
    get view() {
      return { ...engine.view, realTimeFactor: factor() };
    },
    get realTimeFactor() {
      return factor();
    },
    async warmUp() {
      await engine.warmUp();
      await calibrate();
    },
    async restart() {
      await engine.restart();
      await calibrate();
    },
    async changeModel(whenFree) {
      await engine.exchange(whenFree);
      void calibrate();
    },
    synthesise(text, signal) {
      wantedTime = performance.now();
      measuring?.abort();
      return synthesise(text, signal, true);
    },
    dispose() {
      disposed = true;
      measuring?.abort();
      engine.dispose();
    },
  };
}
