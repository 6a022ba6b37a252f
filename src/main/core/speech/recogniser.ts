import { availableParallelism } from 'node:os';
import type { RecogniserView } from '../../../shared/contract/app.js';
import type { Settings } from '../../../shared/contract/settings.js';
import type { ClipWord } from '../../../shared/contract/turn.js';
import { pcmToFloat, recordingSampleRateHz } from '../../../shared/audio-format.js';
import { AppError } from '../../../shared/errors.js';
import type { RecogniserModel } from '../../../shared/models.js';
import type { ComputeDevice, WhisperMethods } from '../../../shared/worker-contract.js';
import type { Log, WorkerProcess } from '../ports.js';
import { createChineseMarks } from './chinese-marks.js';
import { createDeviceLadder } from './device-ladder.js';
import { createEngine, type EngineLimits } from './engine.js';
import { createEngineQueue, displaced, type Urgency } from './engine-queue.js';
import {
  attemptOf,
  better,
  englishOnly,
  likelyLanguages,
  nothing,
  type Attempt,
  type LikelyLanguage,
  type SpokenCode,
} from './languages.js';
import { createListening, type Ears, type HearOptions, type Listening } from './listening.js';
import type { ProbeMemory } from './probe-memory.js';
import { readTranscription, type Transcript } from './transcript.js';
import { warmUpCalls } from './warm-up.js';

/** Turns recordings into words. */
export interface Recogniser {
  readonly view: RecogniserView;
  warmUp(): Promise<void>;
  /** The learner wants it to work: tries again whatever failed, the GPU included. Never throws: `view` tells. */
  restart(): Promise<void>;
  /** What to compute on from now on. Starts the recogniser again where that changes something. */
  setComputeDevice(device: Settings['computeDevice']): void;
  /** Goes over to the model that `models` answers first now; see `Engine.exchange`. */
  changeModel(whenFree: () => Promise<void>): Promise<void>;
  /** Begins to listen to a recording of 16 kHz sound that is being made. */
  listen(options: ListenOptions): Listening;
  /**
   * The English words in a sound of the app's own, and when each is said. Gives way to every recording: rejects with
   * `displaced` then. Rejects with a `recogniser/…` code when the engine fails.
   */
  wordTimes(samples: Int16Array, signal: AbortSignal): Promise<readonly ClipWord[]>;
  dispose(): void;
}

export interface ListenOptions {
  readonly language: Settings['spokenLanguage'];
  /** What has been understood so far; may still change. */
  onPartial?(text: string): void;
  /** The next windows of sound (`vadWindowSamples` each): whether they hold speech. */
  onWindows?(speech: readonly boolean[]): void;
}

export interface RecogniserOptions {
  readonly addonPath: string;
  readonly vadModelPath: string;
  /** What may be used, the wanted one first. */
  models(): readonly [RecogniserModel, ...RecogniserModel[]];
  readonly memory: ProbeMemory;
  readonly limits: EngineLimits;
  readonly log: Log;
  spawn(): WorkerProcess;
  onChange(): void;
}

export function createRecogniser(options: RecogniserOptions): Recogniser {
  const { memory, limits, log, spawn, onChange } = options;
  const codes = {
    crashed: 'recogniser/crashed',
    timeout: 'recogniser/timeout',
    failed: 'recogniser/failed',
    stopped: 'recogniser/stopped',
  } as const;
  const ladder = createDeviceLadder({ ...options, threads: recognitionThreads(), codes });
  let computeDevice: Settings['computeDevice'] = 'auto';
  let isWanted = false;
  const engine = createEngine<WhisperMethods>({
    codes,
    limits,
    log,
    candidates: () => ladder.candidates(computeDevice),
    spawn,
    onChange() {
      onChange();
      const { state, device } = engine.view;
      if (state === 'ready' && device !== null && device.kind !== 'cpu') void warmEveryShape(device);
    },
  });
  const isEnglishOnly = () =>
    options.models().some(({ id, multilingual }) => id === engine.view.modelId && !multilingual);
  const queue = createEngineQueue();
  const closing = new AbortController();
  const marks = createChineseMarks();

  /** The device that is, or was, made ready. Each worker answers one of its own. */
  let warmed: ComputeDevice | null = null;
  let warmingUp = false;

  /**
   * Has a GPU do each kind of work once, as soon as the app can be used. Whatever a learner says goes first. (A processor
   * has nothing to prepare: there it would only be work.)
   */
  async function warmEveryShape(device: ComputeDevice): Promise<void> {
    if (device === warmed) return;
    warmed = device;
    warmingUp = true;
    onChange();
    const startTime = performance.now();
    const waiting = [...warmUpCalls()];
    const isCurrent = () => engine.view.device === device && !closing.signal.aborted;
    try {
      for (let call = waiting[0]; call !== undefined && isCurrent(); call = waiting[0]) {
        const { method, params } = call;
        const run = (signal: AbortSignal) =>
          engine.call(method, params, { signal, deadlineMs: deadlineMs(params.samples.length) });
        await queue.run('background', closing.signal, run).then(
          () => waiting.shift(),
          (error: unknown) => {
            if (error !== displaced) throw error;
          },
        );
      }
      log.info('the GPU is warm', {
        device,
        elapsedMs: Math.round(performance.now() - startTime),
        left: waiting.length,
      });
    } catch (error) {
      // The engine has stepped down, or says itself what is wrong.
      log.warn('the GPU was not made ready', { device, error });
    } finally {
      if (warmed === device) {
        warmingUp = false;
        onChange();
      }
    }
  }

  /** Half a minute, or six times the sound: past it the engine hangs. */
  const deadlineMs = (samples: number) => Math.max(limits.callMs, (6 * samples * 1000) / recordingSampleRateHz);

  async function decode(
    piece: Int16Array,
    language: SpokenCode,
    offsetMs: number,
    thorough: boolean,
    speechMs: number | null,
    prompt: string | undefined,
    call: { readonly signal: AbortSignal; readonly retry: boolean },
  ) {
    const { segments, elapsedMs } = await engine.call(
      'transcribe',
      {
        samples: pcmToFloat(piece),
        language,
        audioContext: thorough ? 0 : trimmedContext(piece.length),
        thorough,
        prompt,
        tokenTimes: true,
      },
      { ...call, deadlineMs: deadlineMs(piece.length) },
    );
    const heard = readTranscription(segments, offsetMs, speechMs);
    if (language === 'zh') marks.learn(heard.text);
    // How long and how sure, but never what: the log may be sent to others.
    log.info('recognised', {
      audioMs: Math.round(piece.length / 16),
      elapsedMs: Math.round(elapsedMs),
      language,
      thorough,
      characters: heard.text.length,
      averageLogProbability: heard.averageLogProbability,
    });
    return heard;
  }

  async function hear(piece: Int16Array, { offsetMs, speechMs, languages, urgency, careful, signal }: HearOptions) {
    return queue.run(urgency, signal, async (running) => {
      const candidates = isEnglishOnly() ? englishOnly : languages();
      // Only where it is Chinese for certain: shown Chinese, the model would write English in it.
      const prompt = candidates.some(({ code }) => code === 'en') ? undefined : marks.prompt;
      // A take hangs on it: worth a second try. A guess is made again by itself.
      const call = { signal: running, retry: urgency === 'final' };
      const quick = await best(candidates, (language) =>
        decode(piece, language, offsetMs, false, speechMs, prompt, call),
      );
      if (!careful || (!quick.heard.doubtful && quick.heard.text !== '')) return quick.heard;
      const thorough = await best(candidates, (language) =>
        decode(piece, language, offsetMs, true, speechMs, prompt, call),
      );
      return better(quick, thorough).heard;
    });
  }

  const ears: Ears = {
    // A new worker begins another stream by itself.
    detectSpeech: async (stream, samples) =>
      (await engine.call('detectSpeech', { stream, samples }, { deadlineMs: limits.callMs, retry: true })).speech,
    detectLanguages: async (samples, signal) => {
      // Such a model has no word for a language.
      if (isEnglishOnly()) return englishOnly;
      return queue.run('guess', signal, async (running) =>
        likelyLanguages(
          await engine.call(
            'detectLanguage',
            { samples: pcmToFloat(samples), audioContext: trimmedContext(samples.length) },
            { signal: running, deadlineMs: deadlineMs(samples.length) },
          ),
        ),
      );
    },
    hear,
  };

  return {
    get view() {
      return { ...engine.view, warmingUp };
    },
    warmUp: () => {
      isWanted = true;
      return engine.warmUp();
    },
    async restart() {
      await memory.forget();
      await engine.restart();
    },
    changeModel: (whenFree) => engine.exchange(whenFree),
    setComputeDevice(device) {
      if (device === computeDevice) return;
      computeDevice = device;
      if (isWanted) void engine.restart();
    },
    listen: ({ language, onPartial, onWindows }) =>
      createListening({
        ears,
        language: language === 'auto' ? null : language,
        onPartial: (text) => onPartial?.(text),
        onWindows: (speech) => onWindows?.(speech),
      }),
    wordTimes: (samples, signal) =>
      queue.run(
        'background' satisfies Urgency,
        signal,
        async (running) =>
          (await decode(samples, 'en', 0, false, null, undefined, { signal: running, retry: false })).words,
      ),
    dispose: () => {
      closing.abort(new AppError('app/internal', 'closing'));
      engine.dispose();
    },
  };
}

/** As many as there are processors, up to eight. Measured with two only: more may be worth less on a laptop's slow cores. */
function recognitionThreads(): number {
  return Math.max(1, Math.min(8, availableParallelism()));
}

/**
 * Encoder positions for a sound of so many samples: 50 per second, some 7 s of the silence that Whisper expects behind
 * it, in steps of 64; 0 (all) from where that is all. The encoder's time falls with them; with too few the decoder
 * begins to loop (ggml-org/whisper.cpp issue 1117) or takes one sentence for another (docs/decisions/0007).
 */
export function trimmedContext(samples: number): number {
  const positions = Math.ceil((50 * (samples / recordingSampleRateHz + 1) + 320) / 64) * 64;
  return positions >= 1500 ? 0 : positions;
}

/** Hears it in each of the languages that it may be, and answers what fits best. */
async function best(
  candidates: readonly LikelyLanguage[],
  decode: (code: SpokenCode) => Promise<Transcript>,
): Promise<Attempt> {
  let found = nothing;
  for (const { code, probability } of candidates) found = better(found, attemptOf(await decode(code), probability));
  return found;
}
