import { availableParallelism } from 'node:os';
import type { EngineView } from '../../../shared/contract/app.js';
import type { Settings } from '../../../shared/contract/settings.js';
import { pcmToFloat, recordingSampleRateHz } from '../../../shared/audio-format.js';
import { AppError } from '../../../shared/errors.js';
import type { WhisperMethods } from '../../../shared/worker-contract.js';
import type { Log, WorkerProcess } from '../ports.js';
import { createEngine } from './engine.js';

/** Turns recordings into words. */
export interface Recogniser {
  readonly view: EngineView;
  warmUp(): Promise<void>;
  /**
   * The words in a 16 kHz recording. Rejects with `recogniser/nothing-heard` where there are none, and with another
   * `recogniser/…` code when the engine fails or takes too long.
   */
  recognise(samples: Int16Array, language: Settings['spokenLanguage'], signal: AbortSignal): Promise<string>;
  dispose(): void;
}

export interface RecogniserOptions {
  readonly addonPath: string;
  readonly model: { readonly name: string; readonly demo: boolean; readonly path: string };
  readonly log: Log;
  spawn(): WorkerProcess;
  onChange(): void;
}

export function createRecogniser({ addonPath, model, log, spawn, onChange }: RecogniserOptions): Recogniser {
  const engine = createEngine<WhisperMethods>({
    model,
    log,
    spawn,
    onChange,
    codes: { crashed: 'recogniser/crashed', timeout: 'recogniser/timeout', failed: 'recogniser/failed' },
    load: (worker) =>
      worker.call('load', { addonPath, modelPath: model.path, threads: recognitionThreads() }, { deadlineMs: 120_000 }),
  });

  return {
    get view() {
      return engine.view;
    },
    warmUp: () => engine.warmUp(),

    async recognise(samples, language, signal) {
      const { text, elapsedMs } = await engine.call(
        'transcribe',
        { samples: pcmToFloat(samples), language },
        { signal, deadlineMs: deadlineMs(samples.length) },
      );
      log.info('recognised', {
        audioMs: samples.length / 16,
        elapsedMs: Math.round(elapsedMs),
        characters: text.length,
      });
      const words = heardWords(text);
      if (words === '') throw new AppError('recogniser/nothing-heard');
      return words;
    },

    dispose: () => {
      engine.dispose();
    },
  };
}

/** Half a minute, or six times the recording: past it the engine hangs. */
function deadlineMs(samples: number): number {
  return Math.max(30_000, (6 * samples * 1000) / recordingSampleRateHz);
}

/** Whisper gains nothing beyond the physical cores, and the app needs one to stay alive. */
function recognitionThreads(): number {
  return Math.max(1, Math.min(8, availableParallelism()));
}

/**
 * The words without what Whisper writes for sounds that are none: `[BLANK_AUDIO]`, `(music)`, `♪`. Empty where no
 * letter or digit is left.
 */
export function heardWords(text: string): string {
  const words = text
    .replaceAll(/\[[^\]]*\]|\([^)]*\)|（[^）]*）|[♪♫]/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return /[\p{Letter}\p{Number}]/u.test(words) ? words : '';
}
