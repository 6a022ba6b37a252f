import type { ErrorCode } from './errors.js';
import type { VoiceFiles } from './models.js';

/** Messages from the core to a worker, and back. Carried by structured clone, so typed arrays are welcome. */
export type ToWorker =
  { readonly id: number; readonly method: string; readonly params: unknown } | { readonly abort: number };
export type FromWorker =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly code: ErrorCode | 'aborted'; readonly detail: string };

/** The methods of one worker: each takes one value and answers with one. */
export type WorkerMethods = Record<string, { readonly params: unknown; readonly value: unknown }>;

export const workerNames = ['whisper', 'sherpa', 'archive'] as const;
export type WorkerName = (typeof workerNames)[number];

/** What an engine computes on, as the engine itself reports it. */
export interface ComputeDevice {
  readonly kind: 'cpu' | 'cuda' | 'vulkan' | 'metal' | 'other';
  /** The device's own name, e.g. `AMD Ryzen 7 5800X 8-Core Processor`. */
  readonly name: string;
}

/** What the recogniser made of a sound. */
export interface Transcription {
  readonly segments: readonly TranscribedSegment[];
  readonly elapsedMs: number;
}

export interface TranscribedSegment {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
  /** 0..1, that there was no speech at all. */
  readonly noSpeechProbability: number;
  /** Natural logarithm, the average of its tokens; at most 0. */
  readonly averageLogProbability: number;
  readonly tokens: readonly TranscribedToken[];
}

/** A piece of text as Whisper cuts it: a word with the space before it, its beginning, a comma. */
export interface TranscribedToken {
  readonly text: string;
  /** 0..1. */
  readonly probability: number;
  /** Null where times were not asked for. */
  readonly startMs: number | null;
  readonly endMs: number | null;
}

/** The recogniser's worker, which also tells speech from other sound. */
export type WhisperMethods = {
  /** What could compute, in the order in which it is tried. Starts the GPUs' drivers, which may end the worker. */
  devices: {
    params: { readonly addonPath: string };
    value: {
      readonly devices: readonly ComputeDevice[];
      /** Where there is no GPU: what a driver that is installed lacks. */
      readonly missingLibrary: string | null;
    };
  };
  load: {
    params: {
      readonly addonPath: string;
      readonly modelPath: string;
      /** The Silero ONNX model that tells speech from everything else. */
      readonly vadModelPath: string;
      readonly threads: number;
      /** Use the GPU where there is one; rejects where it does not work. */
      readonly useGpu: boolean;
    };
    /** What really computes. */
    value: { readonly device: ComputeDevice };
  };
  /**
   * Which windows (of `vadWindowSamples`) hold speech: one value for each whole window. Calls with the same `stream`
   * belong together, however those of other streams mingle with them.
   */
  detectSpeech: {
    params: { readonly stream: string; readonly samples: Int16Array };
    value: { readonly speech: readonly boolean[] };
  };
  /** How likely each of the two languages is, 0..1; they need not add up to 1. Takes a run of the encoder. */
  detectLanguage: {
    params: {
      readonly samples: Float32Array;
      /** As in `transcribe`. */
      readonly audioContext: number;
    };
    value: { readonly en: number; readonly zh: number };
  };
  transcribe: {
    params: {
      /** 16 kHz mono, -1..1. */
      readonly samples: Float32Array;
      readonly language: 'en' | 'zh';
      /** Encoder positions, 50 per second of sound, for all of it; 0 for the model's whole window of 30 s. */
      readonly audioContext: number;
      /** With beam search and rising temperatures, as whisper-cli does; else greedy, once. */
      readonly thorough: boolean;
      /** What is taken to have come before: how it is written is how the model goes on. */
      readonly prompt?: string | undefined;
      /** Estimate when each token was said. */
      readonly tokenTimes: boolean;
    };
    value: Transcription;
  };
};

/** The voice's worker. */
export type SherpaMethods = {
  /** Looks for the GPU build of this very version of sherpa-onnx in a folder of packs. */
  findPack: {
    params: { readonly packsFolder: string };
    value: { readonly folder: string | null };
  };
  load: {
    params: {
      readonly files: VoiceFiles;
      readonly threads: number;
      /** The folder of the GPU build to run it with; null for the CPU build that is installed. */
      readonly packFolder: string | null;
    };
    value: { readonly sampleRateHz: number; readonly device: ComputeDevice };
  };
  synthesise: {
    params: {
      readonly text: string;
      /** From 0. One that the voice does not have is its first. */
      readonly speaker: number;
      /** 1 is the voice's own pace, 2 twice as fast. */
      readonly speed: number;
    };
    value: { readonly samples: Int16Array; readonly sampleRateHz: number };
  };
};

/** How large what an archive holds may become. */
export interface ArchiveLimits {
  readonly bytes: number;
  readonly entries: number;
}

export interface UnpackedFile {
  /** Below the folder, with `/`. */
  readonly path: string;
  readonly bytes: number;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
}

/** The worker that unpacks archives. */
export type ArchiveMethods = {
  unpack: {
    params: {
      readonly archive: string;
      /** Made by it. */
      readonly folder: string;
      readonly limits: ArchiveLimits;
    };
    value: { readonly files: readonly UnpackedFile[] };
  };
};
