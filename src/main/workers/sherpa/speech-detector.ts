import { existsSync } from 'node:fs';
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

/**
 * The Silero voice activity detector. Throws `recogniser/model-missing` where its model is not there, and
 * `recogniser/not-installed` where sherpa-onnx cannot be loaded.
 */
export function createSpeechDetector(modelPath: string): SpeechDetector {
  // sherpa-onnx ends the process over a model file that is not there.
  if (!existsSync(modelPath)) throw new AppError('recogniser/model-missing', modelPath);
  const { Vad } = loadSherpa('recogniser/not-installed');
  const vad = new Vad(
    {
      sileroVad: {
        model: modelPath,
        threshold: 0.5,
        // As short as it takes: how long a pause must be is decided by whoever listens, not here.
        minSilenceDuration: 0.05,
        minSpeechDuration: 0.05,
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
