import type { ErrorCode } from './errors.js';

/** Messages from the core to a worker, and back. Carried by structured clone, so typed arrays are welcome. */
export type ToWorker =
  { readonly id: number; readonly method: string; readonly params: unknown } | { readonly abort: number };
export type FromWorker =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly code: ErrorCode | 'aborted'; readonly detail: string };

/** The methods of one worker: each takes one value and answers with one. */
export type WorkerMethods = Record<string, { readonly params: unknown; readonly value: unknown }>;

export const workerNames = ['whisper', 'sherpa'] as const;
export type WorkerName = (typeof workerNames)[number];

/** The recogniser's worker. */
export type WhisperMethods = {
  load: {
    params: { readonly addonPath: string; readonly modelPath: string; readonly threads: number };
    /** The device that really computes. */
    value: { readonly device: string };
  };
  transcribe: {
    params: {
      /** 16 kHz mono, -1..1. */
      readonly samples: Float32Array;
      readonly language: 'auto' | 'en' | 'zh';
    };
    value: {
      /** Empty where nothing was said. */
      readonly text: string;
      readonly elapsedMs: number;
    };
  };
};

/** The voice's worker. */
export type SherpaMethods = {
  load: {
    params: { readonly model: string; readonly tokens: string; readonly lexicon: string; readonly threads: number };
    value: { readonly sampleRateHz: number; readonly device: string };
  };
  synthesise: {
    params: { readonly text: string };
    value: { readonly samples: Int16Array; readonly sampleRateHz: number };
  };
};
