import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { OfflineTts } from 'sherpa-onnx-node';
import { floatToPcm } from '../../../shared/audio-format.js';
import { AppError } from '../../../shared/errors.js';
import type { SherpaMethods } from '../../../shared/worker-contract.js';
import type { WorkerHandlers } from '../serve.js';

/** The voice: one model, resident. */
export function createSherpaHandlers(): WorkerHandlers<SherpaMethods> {
  let voice: OfflineTts | null = null;

  return {
    async load({ model, tokens, lexicon, threads }) {
      // sherpa-onnx ends the process over a model file that is not there.
      const missing = [model, tokens, lexicon].find((path) => !existsSync(path));
      if (missing !== undefined) throw new AppError('voice/model-missing', missing);
      const sherpa = requireSherpa();
      voice = await sherpa.OfflineTts.createAsync({
        model: { vits: { model, tokens, lexicon }, numThreads: threads, provider: 'cpu', debug: false },
        maxNumSentences: 1,
      });
      // The npm build of sherpa-onnx has no other provider than the CPU's.
      return { sampleRateHz: voice.sampleRate, device: 'CPU' };
    },

    async synthesise({ text }, signal) {
      if (!voice) throw new Error('no voice is loaded');
      // Only generateAsync: the synchronous generate() crashes on text without a speakable token
      // (sherpa-onnx-node 1.13.8), where this rejects.
      const { samples, sampleRate } = await voice
        .generateAsync({
          text,
          sid: 0,
          speed: 1,
          enableExternalBuffer: false,
          onProgress: () => (signal.aborted ? 0 : 1),
        })
        .catch((error: unknown) => {
          throw new AppError('voice/nothing-to-say', String(error), { cause: error });
        });
      if (samples.length === 0) throw new AppError('voice/nothing-to-say');
      return { samples: floatToPcm(samples), sampleRateHz: sampleRate };
    },
  };
}

/** Not an import: a loader that fails should be an error with a code, not the end of the worker. */
function requireSherpa(): typeof import('sherpa-onnx-node') {
  try {
    return createRequire(import.meta.url)('sherpa-onnx-node') as typeof import('sherpa-onnx-node');
  } catch (error) {
    throw new AppError('voice/not-installed', String(error), { cause: error });
  }
}
