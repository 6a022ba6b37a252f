/**
 * whisper.cpp as a Node-API addon. `npm run build:whisper` (scripts/build-whisper.mjs) makes
 * native/whisper/build/botchat_whisper.node; load that file with `createRequire` or `process.dlopen` and
 * give it this type.
 *
 * All work is done off the JS thread. No function throws: what fails, rejects, with a `WhisperError`.
 * (`loadBackends` and `devices` are the exceptions, to both.) whisper.cpp's own log goes to stderr if BOTCHAT_WHISPER_LOG=1, else nowhere.
 */
export interface WhisperAddon {
  /** whisper.cpp's version, e.g. '1.9.1'. */
  readonly version: string;

  /** What the ggml backends present were built with, e.g. 'WHISPER : … CPU : AVX2 = 1 | OPENMP = 1 | '. */
  systemInfo(): string;

  /**
   * Loads ggml's backend libraries from a folder (builds with BOTCHAT_BACKEND_DL; elsewhere it does
   * nothing). To be called before the first `load`. A library that does not load, for want of a driver for
   * instance, is passed over: answers which, and why. Starts the GPU's driver, which takes some 100 ms, and may
   * crash with it: on a machine not seen before, try it in a process that may die.
   *
   * @throws WhisperError NO_BACKEND where `directory` cannot be read. One that does not exist is an empty one.
   */
  loadBackends(directory: string, options?: BackendOptions): readonly UnusedBackend[];

  /**
   * What could compute, in the order in which `load` tries them: GPUs (CUDA before Vulkan), then the CPU. Empty in a build with
   * separate backends before `loadBackends`. That a device is listed does not prove that a model runs on it:
   * `WhisperModel.backend` does.
   */
  devices(): readonly Device[];

  /**
   * Loads a ggml whisper model. Its structure is checked first, so a damaged file is an error and not a
   * crash; that its weights are the right ones only a hash can tell.
   */
  load(options: LoadOptions): Promise<WhisperModel>;
}

export interface BackendOptions {
  /** false: only the CPU's backend is loaded, and no driver is started (unless an earlier call has). Default true. */
  readonly gpu?: boolean | undefined;
}

/** A backend whose library is there, but which can compute nothing on this machine. */
export interface UnusedBackend {
  readonly kind: 'cuda' | 'vulkan';
  /** For the log: the system's or ggml's words, e.g. 'failed to load …: libvulkan.so.1: cannot open shared object file: …'. */
  readonly reason: string;
}

export interface Device {
  readonly kind: Backend['kind'];
  /** The device's own name, e.g. 'AMD Radeon RX 7800 XT (RADV NAVI32)'. */
  readonly name: string;
  /** For `LoadOptions.gpuDevice`. null: this is the CPU. */
  readonly gpuDevice: number | null;
  /** 0 where the driver does not say. */
  readonly totalMemoryBytes: number;
  /** What a driver believes to be free; of a CPU, except on Windows, all of its memory. */
  readonly freeMemoryBytes: number;
}

export interface LoadOptions {
  /** Any characters the file system takes. */
  readonly modelPath: string;
  /** Use a GPU if this build has a backend for one and it works. Default true. `WhisperModel.backend` says what came of it. */
  readonly useGpu?: boolean | undefined;
  /** `Device.gpuDevice` of the only GPU to try; if it fails, the CPU. Default: each GPU in turn, then the CPU. */
  readonly gpuDevice?: number | undefined;
  /** Default true. */
  readonly flashAttention?: boolean | undefined;
}

/** The `code` of every rejection. */
export type WhisperErrorCode =
  /** No file at modelPath. */
  | 'MODEL_NOT_FOUND'
  /** A folder, no permission, or the disk failed. */
  | 'MODEL_UNREADABLE'
  /** Not a ggml whisper model, or not all of one. */
  | 'MODEL_CORRUPT'
  /** For the model, its working buffers, or a transcription's. A model stays usable after the latter. */
  | 'OUT_OF_MEMORY'
  /** A build with separate backends, and none was found: see loadBackends. */
  | 'NO_BACKEND'
  /** An option of a wrong type or outside its range; the message names it. */
  | 'INVALID_OPTION'
  /** abort() or release() came before the end. */
  | 'ABORTED'
  /** The model had been released before the call. */
  | 'RELEASED'
  /** whisper.cpp reported a failure; the message has its status. */
  | 'INFERENCE_FAILED';

export interface WhisperError extends Error {
  readonly code: WhisperErrorCode;
}

/** A loaded model. It stays in memory until released, or collected as garbage. */
export interface WhisperModel {
  /** Where it REALLY computes, whatever was asked for. */
  readonly backend: Backend;
  /**
   * Why the CPU computes although a GPU was there and wanted, or the one that `gpuDevice` names is not. null where a
   * GPU computes, none was wanted, or there is none.
   */
  readonly gpuFailure: GpuFailure | null;
  readonly multilingual: boolean;
  /** 'tiny', 'base', 'small', 'medium', 'large', or 'unknown': told by the number of audio layers alone. */
  readonly type: string;
  readonly audioLayers: number;
  readonly textLayers: number;
  /** The most that `TranscribeOptions.audioContext` may be; 50 per second, so usually 1500. */
  readonly audioContext: number;
  /** In tokens; half of it is room for prompt and context. */
  readonly textContext: number;

  /**
   * @param pcm 16 kHz mono, -1…1. It is copied, and may be reused at once. NaN becomes silence, anything
   *   beyond full scale is clamped. In less than 102.5 ms (1640 samples) nothing is heard.
   *
   * One call runs at a time; others wait, first come, first served.
   */
  transcribe(pcm: Float32Array, options?: TranscribeOptions): Promise<Transcript>;

  /**
   * Which language is spoken, without its text: each candidate's share among all of whisper's languages. Costs one run
   * of the encoder. Queued and aborted like `transcribe`, with the same `pcm`.
   *
   * Empty where the audio is too short to be heard; `{ en: 1 }`, at no cost, from a model for English only.
   */
  detectLanguage(pcm: Float32Array, options?: DetectOptions): Promise<Readonly<Record<string, number>>>;

  /**
   * The running call and the waiting ones reject with ABORTED; later calls are not concerned. On a CPU
   * this takes as long as one operation of a graph (milliseconds), on a GPU as long as one graph. Before that,
   * a call makes its spectrogram, which nothing stops: some 40 ms for each 30 s of audio.
   */
  abort(): void;

  /** Aborts, then frees everything; resolves when it is freed. Later transcribe calls reject with RELEASED. May be called again. */
  release(): Promise<void>;
}

export interface GpuFailure {
  /** OUT_OF_MEMORY: a smaller model may do. */
  readonly code: 'OUT_OF_MEMORY' | 'GPU_FAILED';
  /** For the log: the device, and what its driver or ggml said. */
  readonly message: string;
}

export interface Backend {
  readonly kind: 'cpu' | 'cuda' | 'vulkan' | 'metal' | 'other';
  /** The device's own name, e.g. 'AMD Ryzen 7 5800X 8-Core Processor'. */
  readonly device: string;
}

/**
 * Every default is whisper-cli's: the same audio gives the same text. For short utterances that must be
 * fast, `{ beamSize: 1, bestOf: 1, temperatureIncrement: 0, audioContext }` is the thing.
 */
export interface TranscribeOptions {
  /** ISO code as whisper has it ('en', 'zh', …), or 'auto' to detect it, which costs another run of the encoder. Default 'en'. A model for English only ignores it. */
  readonly language?: string | undefined;
  /** With 'auto': the detector chooses among these only. Default: all that the model knows. */
  readonly candidateLanguages?: readonly string[] | undefined;
  /** Text that the model takes to have come before. Default none. Of a long one only the end counts. */
  readonly initialPrompt?: string | undefined;
  /** 1…64. Default: min(4, processors). */
  readonly threads?: number | undefined;
  /**
   * Encoder positions, 50 per second of audio; 0 means all. Default 0. Must cover the whole audio: what
   * lies behind is not heard. Language detection always uses all.
   */
  readonly audioContext?: number | undefined;
  /** 0…1. Default 0. */
  readonly temperature?: number | undefined;
  /** Added after a failed decoding, up to a temperature of 1. 0 switches fallbacks off; else 0.05…1. Default 0.2. */
  readonly temperatureIncrement?: number | undefined;
  /** Candidates where temperature > 0; 1…8. Default 5. */
  readonly bestOf?: number | undefined;
  /** Beams where temperature is 0; 1…8, and 1 means greedy. Default 5. */
  readonly beamSize?: number | undefined;
  /** 0…1. Default 0.6. Silence is what is above this AND below logProbabilityThreshold. */
  readonly noSpeechThreshold?: number | undefined;
  /** Average log-probability below which a decoding has failed; -100…0. Default -1. */
  readonly logProbabilityThreshold?: number | undefined;
  /** Entropy of the last 32 tokens below which a decoding has failed (it loops); 0…100. Default 2.4. */
  readonly entropyThreshold?: number | undefined;
  /** Start without the text of the model's previous call. Default true. */
  readonly noContext?: boolean | undefined;
  /** Default false. */
  readonly singleSegment?: boolean | undefined;
  /** Suppress tokens that are not speech, such as music marks. Default false. */
  readonly suppressNonSpeech?: boolean | undefined;
  /** Tokens per 30 s window, timestamps included; 0 means no limit. Default 0. (whisper-cli has no such option.) */
  readonly maxTokens?: number | undefined;
  /** Faster by the timestamps' tokens; segments then last as long as their window. Default false. */
  readonly noTimestamps?: boolean | undefined;
  /** Estimate `Token.startMs` and `endMs`. Default false. */
  readonly tokenTimestamps?: boolean | undefined;
  /** Translate into English. Default false. */
  readonly translate?: boolean | undefined;
  /**
   * Called with each segment while the rest is being recognised, in order, before the promise settles.
   * Not after an abort. What it throws is an uncaught exception.
   */
  readonly onSegment?: ((segment: Segment) => void) | undefined;
}

export interface DetectOptions {
  /** 1…64. Default: min(4, processors). */
  readonly threads?: number | undefined;
  /** Report these only. Default: all that the model knows. */
  readonly candidateLanguages?: readonly string[] | undefined;
  /**
   * Encoder positions, 50 per second of audio; 0 means all. Default 0. Fewer are faster, but whisper was taught on
   * all of them: the shares shift.
   */
  readonly audioContext?: number | undefined;
}

export interface Transcript {
  /** All segments' texts, without white space at both ends. */
  readonly text: string;
  /** The one asked for, or detected. null: to be detected, but the audio was too short. */
  readonly language: string | null;
  /** If detected: each candidate's (or known language's) share among all of whisper's languages; candidates need not add up to 1. Else null. */
  readonly languageProbabilities: Readonly<Record<string, number>> | null;
  readonly segments: readonly Segment[];
  readonly timings: {
    /** All runs of the encoder, language detection's included. */
    readonly encodeMs: number;
    /** Prompt, tokens and sampling, fallbacks and language detection's included. */
    readonly decodeMs: number;
    /** From the call's turn to its end; waiting for earlier calls is not in it. */
    readonly totalMs: number;
  };
  readonly backend: Backend;
  readonly threads: number;
  /** What was used; never 0. */
  readonly audioContext: number;
}

export interface Segment {
  /** Whisper's English segments begin with a space. Equals its tokens' texts, joined. */
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
  /** 0…1, of the 30 s window the segment is in. */
  readonly noSpeechProbability: number;
  /** Natural logarithm, average over the segment's text tokens; ≤ 0. */
  readonly averageLogProbability: number;
  readonly tokens: readonly Token[];
}

/**
 * A piece of text as whisper cuts it: a word, its beginning, a comma. No special tokens, no timestamps.
 * Whisper cuts between bytes, even inside a character; such pieces come merged into one Token, so that its text
 * is whole characters. Bytes that are no UTF-8 at all are U+FFFD.
 */
export interface Token {
  readonly text: string;
  /** 0…1; of merged pieces the lowest. */
  readonly probability: number;
  /** null without `tokenTimestamps`. */
  readonly startMs: number | null;
  readonly endMs: number | null;
}
