import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Settings } from '../../../shared/contract/settings.js';
import type { RecogniserModel } from '../../../shared/models.js';
import { AppError, type ErrorCode, type ErrorView } from '../../../shared/errors.js';
import type { WhisperMethods } from '../../../shared/worker-contract.js';
import type { Log, WorkerProcess } from '../ports.js';
import type { EngineLimits, EngineCandidate } from './engine.js';
import type { ProbeMemory } from './probe-memory.js';
import { warmUpCalls } from './warm-up.js';
import { createWorkerClient, type WorkerClient, type WorkerCodes } from '../worker-client.js';

/**
 * The ways to run the recogniser, best first: each model on the GPU, then each on the CPU. A GPU is used for a model
 * only after a throw-away process has shown that it can: a driver that crashes or hangs takes that process and no
 * other, and is not asked again. Where there is no GPU, nothing is tried and nothing is waited for.
 */
export interface DeviceLadder {
  candidates(device: Settings['computeDevice']): readonly [WhisperCandidate, ...WhisperCandidate[]];
}

export type WhisperCandidate = EngineCandidate<WhisperMethods>;

export interface DeviceLadderOptions {
  readonly addonPath: string;
  readonly vadModelPath: string;
  readonly threads: number;
  /** What may be used, the wanted one first. Asked for at each start from the top. */
  models(): readonly [RecogniserModel, ...RecogniserModel[]];
  readonly codes: WorkerCodes;
  readonly memory: ProbeMemory;
  readonly limits: EngineLimits;
  readonly log: Log;
  spawn(): WorkerProcess;
}

/** Of these a GPU is no cause. (They are told when the CPU has failed for the same reason.) */
const notTheGpu: ReadonlySet<ErrorCode> = new Set([
  'recogniser/not-installed',
  'recogniser/model-missing',
  'recogniser/model-damaged',
]);
/** What another model may do better. (One that crashes on the CPU is no better for being smaller.) */
const theModel: ReadonlySet<ErrorCode> = new Set([
  'recogniser/out-of-memory',
  'recogniser/model-missing',
  'recogniser/model-damaged',
]);

export function createDeviceLadder(options: DeviceLadderOptions): DeviceLadder {
  const { addonPath, vadModelPath, threads, codes, memory, limits, log } = options;

  const load = (worker: WorkerClient<WhisperMethods>, model: RecogniserModel, useGpu: boolean) =>
    worker.call(
      'load',
      { addonPath, modelPath: model.path, vadModelPath, threads, useGpu },
      { deadlineMs: limits.loadMs },
    );

  /** Loads it on the GPU, or rejects: what the CPU did instead would be told as the GPU's. */
  async function loadOnGpu(worker: WorkerClient<WhisperMethods>, model: RecogniserModel) {
    const loaded = await load(worker, model, true);
    if (loaded.device.kind === 'cpu') throw new AppError('recogniser/gpu-failed', 'the model went to the CPU');
    return loaded;
  }

  /**
   * Has a process that may die load the model on the GPU and do every kind of work that will be asked of it. It ends with
   * the worker that waits for its verdict: a learner who asks for the CPU meanwhile waits for no driver.
   */
  async function tryOut(key: string, model: RecogniserModel, ended: AbortSignal): Promise<'works' | ErrorView> {
    await memory.begin(key);
    const trial = createWorkerClient<WhisperMethods>(options.spawn(), codes);
    const endTrial = () => {
      trial.kill();
    };
    ended.addEventListener('abort', endTrial);
    try {
      ended.throwIfAborted();
      const { device } = await loadOnGpu(trial, model);
      for (const { method, params } of warmUpCalls()) await trial.call(method, params, { deadlineMs: limits.callMs });
      log.info('the GPU works', { device, model: model.name });
      await memory.works(key);
      return 'works';
    } catch (error) {
      const reason = gpuTrouble(error);
      log.warn('the GPU does not work', { model: model.name, error });
      // Memory may be free another time, and a trial that we ended ourselves says nothing.
      if (ended.aborted || reason.code !== 'recogniser/gpu-failed') await memory.undecided(key);
      else await memory.failed(key, reason);
      return reason;
    } finally {
      ended.removeEventListener('abort', endTrial);
      trial.kill();
    }
  }

  /** `next`: the model that is tried after it on the GPU; null where the CPU comes then. */
  function onGpu(model: RecogniserModel, next: RecogniserModel | null): WhisperCandidate {
    let key: string | null = null;
    /** Why the next candidate is used: the model's being smaller is what the learner will notice most. */
    const down = (reason: ErrorView): ErrorView =>
      next === null ? reason : { code: 'recogniser/smaller-model', detail: reason.detail ?? reason.code };

    return {
      model,
      async check(worker) {
        const driver = await driverIdentity(addonPath);
        const known = await memory.verdict(driver);
        if (known !== 'works' && known !== 'unknown') return down(known);
        const { gpu, missingLibrary } = await findGpu(worker, driver);
        if (gpu === undefined)
          return missingLibrary === null ? 'absent' : { code: 'recogniser/gpu-library', detail: missingLibrary };
        key = JSON.stringify([gpu.kind, gpu.name, driver, model.id, model.sha256, await fileIdentity(model.path)]);
        let verdict = await memory.verdict(key);
        if (verdict === 'unknown') verdict = await tryOut(key, model, worker.ended);
        return verdict === 'works' ? 'use' : down(verdict);
      },
      load: (worker) => loadOnGpu(worker, model),
      leave(error) {
        const reason = gpuTrouble(error);
        if (key !== null && reason.code === 'recogniser/gpu-failed') void memory.doubt(key);
        return down(reason);
      },
    };
  }

  /** The first GPU, or what its driver lacks. A driver that does not survive the question is not asked again. */
  async function findGpu(worker: WorkerClient<WhisperMethods>, driver: string) {
    try {
      const { devices, missingLibrary } = await worker.call('devices', { addonPath }, { deadlineMs: limits.callMs });
      return { gpu: devices.find(({ kind }) => kind !== 'cpu'), missingLibrary };
    } catch (error) {
      const reason = gpuTrouble(error);
      const isEnd = error instanceof AppError && (error.code === codes.crashed || error.code === codes.timeout);
      if (isEnd && !worker.isKilled) await memory.failed(driver, reason);
      throw error;
    }
  }

  function onCpu(model: RecogniserModel): WhisperCandidate {
    return {
      model,
      load: (worker) => load(worker, model, false),
      leave: (error) => {
        if (!theModel.has(error.code)) return null;
        const code = error.code === 'recogniser/out-of-memory' ? 'recogniser/smaller-model' : error.code;
        return { code, detail: error.message };
      },
    };
  }

  return {
    candidates(device) {
      const models = options.models();
      const [best, ...others] = models;
      const cpu: readonly [WhisperCandidate, ...WhisperCandidate[]] = [onCpu(best), ...others.map(onCpu)];
      if (device === 'cpu') return cpu;
      // The demo is where the CPU ends, too, and no reason to leave a real model on the GPU for.
      const forGpu = others.filter(({ demo }) => !demo);
      return [
        onGpu(best, forGpu[0] ?? null),
        ...forGpu.map((model, index) => onGpu(model, forGpu[index + 1] ?? null)),
        ...cpu,
      ];
    },
  };
}

/** What to say of a GPU that did not do what was asked. */
function gpuTrouble(error: unknown): ErrorView {
  if (error instanceof AppError && notTheGpu.has(error.code)) return { code: error.code, detail: error.message };
  const detail = error instanceof AppError ? `${error.code}: ${error.message}` : String(error);
  const isMemory = error instanceof AppError && error.code === 'recogniser/out-of-memory';
  return { code: isMemory ? 'recogniser/gpu-memory' : 'recogniser/gpu-failed', detail };
}

/**
 * Our own backends, and as much of the system's drivers as shows without loading them: what has to be the same for a
 * verdict to hold.
 */
async function driverIdentity(addonPath: string): Promise<string> {
  const system = process.env.SystemRoot ?? 'C:\\Windows';
  const drivers =
    process.platform === 'win32'
      ? [join(system, 'System32', 'nvcuda.dll'), join(system, 'System32', 'vulkan-1.dll')]
      : [...(await filesIn('/usr/share/vulkan/icd.d')), ...(await filesIn('/etc/vulkan/icd.d'))];
  const libraries = (await filesIn(dirname(addonPath))).filter((path) => /\.(node|so|dll|dylib)$/.test(path));
  const nvidia = await readFile('/proc/driver/nvidia/version', 'utf8').catch(() => '');
  return JSON.stringify([nvidia.split('\n')[0], ...(await Promise.all([...libraries, ...drivers].map(fileIdentity)))]);
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.sort().map((name) => join(folder, name));
}

/** What tells one file from another that has taken its place. */
async function fileIdentity(path: string): Promise<string> {
  const found = await stat(path).catch(() => null);
  return `${basename(path)} ${String(found?.size)} ${String(found?.mtimeMs)}`;
}
