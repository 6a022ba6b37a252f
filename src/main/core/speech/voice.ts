import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { VoiceView } from '../../../shared/contract/app.js';
import type { ComputeDevice, SherpaMethods } from '../../../shared/worker-contract.js';
import { AppError } from '../../../shared/errors.js';
import type { Log, WorkerProcess } from '../ports.js';
import { createEngine, type EngineLimits } from './engine.js';
import { measureRealTimeFactor, openVoiceCalibrations, type VoiceCalibrations } from './voice-calibration.js';

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
  /** Rejects with `voice/nothing-to-say` for text without a speakable word, else with another `voice/…` code. */
  synthesise(text: string, signal?: AbortSignal): Promise<Sound>;
  dispose(): void;
}

export interface VoiceOptions {
  readonly model: {
    readonly name: string;
    readonly demo: boolean;
    readonly files: { readonly model: string; readonly tokens: string; readonly lexicon: string };
  };
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

export function createVoice({ model, userData, limits, log, spawn, onChange }: VoiceOptions): Voice {
  const packsFolder = join(userData, 'packs');
  /** The pack that the running worker found. */
  let packFolder: string | null = null;
  let calibrations: VoiceCalibrations | null = null;
  let measuring: AbortController | null = null;
  let wantedTime = 0;
  let disposed = false;

  const engine = createEngine<SherpaMethods>({
    limits,
    log,
    spawn,
    onChange,
    codes: { crashed: 'voice/crashed', timeout: 'voice/timeout', failed: 'voice/failed', stopped: 'voice/stopped' },
    candidates: () => [
      {
        model,
        check: async (worker) => {
          packFolder = (await worker.call('findPack', { packsFolder }, { deadlineMs: limits.callMs })).folder;
          return packFolder === null ? 'absent' : 'use';
        },
        load: (worker) =>
          worker.call('load', { ...model.files, threads: voiceThreads, packFolder }, { deadlineMs: limits.loadMs }),
        // Whatever goes wrong with a GPU, the CPU may do.
        leave: ({ code, message }) =>
          packFolder === null || code === 'voice/nothing-to-say'
            ? null
            : { code: code === 'voice/gpu-slower' ? code : 'voice/gpu-unusable', detail: message },
      },
      {
        model,
        load: (worker) =>
          worker.call(
            'load',
            { ...model.files, threads: voiceThreads, packFolder: null },
            { deadlineMs: limits.loadMs },
          ),
      },
    ],
  });

  const synthesise = (text: string, signal: AbortSignal | undefined, retry: boolean): Promise<Sound> =>
    engine.call('synthesise', { text }, { signal, deadlineMs: limits.callMs, retry });

  const factorOn = (device: ComputeDevice | null): number | null =>
    device && calibrations ? calibrations.get(model.name, device) : null;

  /** Measures the voice where that was never done on its device, as soon as nobody else wants it. Never throws. */
  async function calibrate(): Promise<void> {
    calibrations ??= await openVoiceCalibrations(join(userData, 'voice-calibration.json'), log);
    onChange();
    const { device } = engine.view;
    if (device === null || measuring !== null || factorOn(device) !== null) return;
    while (!disposed) {
      const { signal } = (measuring = new AbortController());
      try {
        const factor = await measureRealTimeFactor((text) => synthesise(text, signal, false));
        if (engine.view.device?.name === device.name) await calibrations.set(model.name, device, factor);
        log.info('voice measured', { model: model.name, device: device.name, realTimeFactor: factor });
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
      return { ...engine.view, realTimeFactor: factorOn(engine.view.device) };
    },
    get realTimeFactor() {
      return factorOn(engine.view.device);
    },
    async warmUp() {
      await engine.warmUp();
      await calibrate();
    },
    async restart() {
      await engine.restart();
      await calibrate();
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
