import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { pcmToFloat, recordingSampleRateHz, vadWindowSamples } from '../../../shared/audio-format.js';
import { AppError } from '../../../shared/errors.js';
import { loadSherpa } from './load-sherpa.js';

/** Tells speech from every other sound, in windows of 32 ms. */
export interface SpeechDetector {
  /** Whether each window holds speech. A stretch at the end that fills no window is ignored. */
  detect(samples: Int16Array): readonly boolean[];
  /** Forgets what came before. */
  reset(): void;
}

/** SHA-256 of the model that comes with the app (resources/vad/NOTICE.txt). */
const modelHash = '2623a2953f6ff3d2c1e61740c6cdb7168133479b267dfef114a4a3cc5bdd788f';

/**
 * The Silero voice activity detector. Throws `recogniser/model-missing` where its model is not there,
 * `recogniser/model-damaged` where it is not the one that comes with the app, and `recogniser/not-installed` where
 * sherpa-onnx cannot be loaded.
 */
export function createSpeechDetector(modelPath: string): SpeechDetector {
  // sherpa-onnx ends the process over a model file that is not there, or is no model.
  if (!existsSync(modelPath)) throw new AppError('recogniser/model-missing', modelPath);
  const hash = createHash('sha256').update(readFileSync(modelPath)).digest('hex');
  if (hash !== modelHash) throw new AppError('recogniser/model-damaged', modelPath);
  const { Vad } = loadSherpa('recogniser/not-installed');
  const vad = new Vad(
    {
      sileroVad: {
        model: modelPath,
        threshold: 0.5,
        // As short as it takes: how long a pause must be is decided by whoever listens, not here.
        minSilenceDuration: 0.05,
        // One window, then another to be sure: a voice is told 108 ms after it began (median of 69, 169 ms for 95 %). With
        // 0.05 that is 32 ms later, and no less of silence, fans, noise, music or clicks is taken for a voice.
        minSpeechDuration: 0.03,
        // Never: past it the detector would ask for louder speech.
        maxSpeechDuration: 3600,
        windowSize: vadWindowSamples,
      },
      sampleRate: recordingSampleRateHz,
      numThreads: 1,
      debug: false,
    },
    30,
  );
  return {
    detect(samples) {
      const windows = Math.floor(samples.length / vadWindowSamples);
      return Array.from({ length: windows }, (_, index) => {
        const start = index * vadWindowSamples;
        vad.acceptWaveform(pcmToFloat(samples.subarray(start, start + vadWindowSamples)));
        const speech = vad.isDetected();
        // It collects the sound of finished segments, which nobody asks for.
        while (!vad.isEmpty()) vad.pop();
        return speech;
      });
    },
    reset() {
      vad.reset();
    },
  };
}
