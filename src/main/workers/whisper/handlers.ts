import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import type { WhisperAddon, WhisperError, WhisperModel } from '../../../../native/whisper/index.js';
import { AppError, type ErrorCode } from '../../../shared/errors.js';
import type { WhisperMethods } from '../../../shared/worker-contract.js';
import type { WorkerHandlers } from '../serve.js';

/** The recogniser: one model, resident. */
export function createWhisperHandlers(): WorkerHandlers<WhisperMethods> {
  let loaded: { readonly model: WhisperModel; readonly threads: number } | null = null;

  return {
    async load({ addonPath, modelPath, threads }) {
      const addon = requireAddon(addonPath);
      const model = await addon.load({ modelPath }).catch(rethrow);
      // The first run allocates and touches everything: half a second of silence, before the learner waits for it.
      await model.transcribe(new Float32Array(8000), { language: 'en', threads, maxTokens: 1 }).catch(rethrow);
      loaded = { model, threads };
      return {
        device: `${model.backend.kind === 'cpu' ? 'CPU' : model.backend.kind.toUpperCase()} · ${model.backend.device}`,
      };
    },

    async transcribe({ samples, language }, signal) {
      if (!loaded) throw new Error('no model is loaded');
      const { model, threads } = loaded;
      const abort = () => {
        model.abort();
      };
      signal.addEventListener('abort', abort, { once: true });
      const startTime = performance.now();
      try {
        const transcript = await model.transcribe(samples, {
          language: language === 'auto' && !model.multilingual ? 'en' : language,
          // A learner of English who speaks Chinese: nothing else is worth a guess.
          candidateLanguages: ['en', 'zh'],
          threads,
        });
        return {
          text: transcript.text.trim(),
          language: transcript.language,
          elapsedMs: performance.now() - startTime,
        };
      } catch (error) {
        throw asAppError(error);
      } finally {
        signal.removeEventListener('abort', abort);
      }
    },
  };
}

function requireAddon(path: string): WhisperAddon {
  if (!existsSync(path)) throw new AppError('recogniser/not-installed', path);
  return createRequire(import.meta.url)(path) as WhisperAddon;
}

const codes: Partial<Record<WhisperError['code'], ErrorCode>> = {
  MODEL_NOT_FOUND: 'recogniser/model-missing',
  MODEL_UNREADABLE: 'recogniser/model-missing',
  MODEL_CORRUPT: 'recogniser/model-damaged',
};

function asAppError(error: unknown): unknown {
  const code = codes[(error as WhisperError).code];
  return code ? new AppError(code, (error as WhisperError).message, { cause: error }) : error;
}

function rethrow(error: unknown): never {
  throw asAppError(error);
}
