import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type {
  GpuFailure,
  TranscribeOptions,
  WhisperAddon,
  WhisperError,
  WhisperModel,
} from '../../../../native/whisper/index.js';
import { AppError, type ErrorCode } from '../../../shared/errors.js';
import type { WhisperMethods } from '../../../shared/worker-contract.js';
import type { WorkerHandlers } from '../serve.js';
import { createSpeechDetector } from '../sherpa/speech-detector.js';
import { missingDriverLibrary } from './driver-libraries.js';
import { createSpeechStreams, type SpeechStreams } from './speech-streams.js';

interface Loaded {
  readonly model: WhisperModel;
  readonly threads: number;
  readonly streams: SpeechStreams;
}

/** Greedy, once: five times the decoder's work less than whisper-cli's beams, for text that may still change. */
const quick = { beamSize: 1, bestOf: 1, temperatureIncrement: 0 } satisfies TranscribeOptions;

/** The recogniser: one model, resident, and the detector that tells it where speech is. */
export function createWhisperHandlers(): WorkerHandlers<WhisperMethods> {
  let loaded: Loaded | null = null;
  let opened: WhisperAddon | null = null;

  /** The addon with its backends. Without `gpu`, and before it was ever wanted, no GPU's driver is touched. */
  const openAddon = (path: string, gpu: boolean): WhisperAddon => {
    if (!opened) {
      const addon = requireAddon(path);
      addon.loadBackends(dirname(path), { gpu });
      opened = addon;
    }
    return opened;
  };

  const ready = (): Loaded => {
    if (!loaded) throw new Error('no model is loaded');
    return loaded;
  };

  return {
    devices({ addonPath }) {
      const devices = openAddon(addonPath, true).devices();
      const hasGpu = devices.some(({ kind }) => kind !== 'cpu');
      return Promise.resolve({
        devices: devices.map(({ kind, name }) => ({ kind, name })),
        missingLibrary: hasGpu ? null : missingDriverLibrary(),
      });
    },

    async load({ addonPath, modelPath, vadModelPath, threads, useGpu }) {
      const addon = openAddon(addonPath, useGpu);
      const streams = createSpeechStreams(() => createSpeechDetector(vadModelPath));
      const model = await addon.load({ modelPath, useGpu }).catch(rethrow);
      if (model.gpuFailure !== null) {
        await model.release();
        throw new AppError(gpuFailures[model.gpuFailure.code], model.gpuFailure.message);
      }
      // The first run allocates and touches everything: half a second of silence, before the learner waits for it.
      await model.transcribe(new Float32Array(8000), { language: 'en', threads, maxTokens: 1 }).catch(rethrow);
      loaded = { model, threads, streams };
      return { device: { kind: model.backend.kind, name: model.backend.device } };
    },

    detectSpeech({ stream, samples }) {
      return Promise.resolve({ speech: ready().streams.of(stream).detect(samples) });
    },

    async detectLanguage({ samples, audioContext }, signal) {
      const { model, threads } = ready();
      if (!model.multilingual) return { en: 1, zh: 0 };
      const candidateLanguages = ['en', 'zh'];
      const { en = 0, zh = 0 } = await abortable(model, signal, () =>
        model.detectLanguage(samples, {
          candidateLanguages,
          threads,
          audioContext: Math.min(audioContext, model.audioContext),
        }),
      );
      return { en, zh };
    },

    async transcribe({ samples, language, audioContext, thorough, prompt, tokenTimes }, signal) {
      const { model, threads } = ready();
      const startTime = performance.now();
      const { segments } = await abortable(model, signal, () =>
        model.transcribe(samples, {
          language: model.multilingual ? language : 'en',
          threads,
          audioContext: Math.min(audioContext, model.audioContext),
          tokenTimestamps: tokenTimes,
          initialPrompt: prompt,
          ...(thorough ? {} : quick),
        }),
      );
      return { segments, elapsedMs: performance.now() - startTime };
    },
  };
}

/** Runs one call of the model that ends with `signal`. */
async function abortable<T>(model: WhisperModel, signal: AbortSignal, run: () => Promise<T>): Promise<T> {
  const abort = () => {
    model.abort();
  };
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await run();
  } catch (error) {
    throw asAppError(error);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function requireAddon(path: string): WhisperAddon {
  if (!existsSync(path)) throw new AppError('recogniser/not-installed', path);
  // GNU's OpenMP lets a thread that waits for the others spin for milliseconds. Where something else needs the
  // processor, that is time taken from the one waited for: docs/decisions/0008. Read when the library is loaded.
  process.env.GOMP_SPINCOUNT ??= '1000';
  try {
    return createRequire(import.meta.url)(path) as WhisperAddon;
  } catch (error) {
    throw new AppError('recogniser/not-installed', String(error), { cause: error });
  }
}

const codes: Partial<Record<WhisperError['code'], ErrorCode>> = {
  MODEL_NOT_FOUND: 'recogniser/model-missing',
  MODEL_UNREADABLE: 'recogniser/model-missing',
  MODEL_CORRUPT: 'recogniser/model-damaged',
  OUT_OF_MEMORY: 'recogniser/out-of-memory',
  NO_BACKEND: 'recogniser/not-installed',
};

const gpuFailures = {
  OUT_OF_MEMORY: 'recogniser/out-of-memory',
  GPU_FAILED: 'recogniser/gpu-failed',
} as const satisfies Record<GpuFailure['code'], ErrorCode>;

function asAppError(error: unknown): unknown {
  const code = codes[(error as WhisperError).code];
  return code ? new AppError(code, (error as WhisperError).message, { cause: error }) : error;
}

function rethrow(error: unknown): never {
  throw asAppError(error);
}
