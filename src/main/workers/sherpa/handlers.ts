import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { floatToPcm } from '../../../shared/audio-format.js';
import { AppError } from '../../../shared/errors.js';
import type { VoiceFiles } from '../../../shared/models.js';
import type { ComputeDevice, SherpaMethods } from '../../../shared/worker-contract.js';
import type { WorkerHandlers } from '../serve.js';
import {
  findPack,
  isCudaLoaded,
  loadAddon,
  loadPackAddon,
  type OfflineTts,
  type OfflineTtsConfig,
  type SherpaAddon,
} from './sherpa-addon.js';

type LoadParams = SherpaMethods['load']['params'];

/** A voice that can speak. */
interface Loaded {
  readonly addon: SherpaAddon;
  readonly voice: OfflineTts;
  readonly device: ComputeDevice;
  readonly speakers: number;
  /** espeak-ng turns its texts into phonemes. */
  readonly hasEspeak: boolean;
}

/** Of several lengths: a GPU prepares itself for each anew. Every English voice can say them. */
const warmUpTexts = [
  'Hello.',
  'I would like to have a cup of coffee.',
  'It is very nice to meet you, and I hope that we will see each other again next week.',
] as const;

/** The voice: one model, resident. */
export function createSherpaHandlers(): WorkerHandlers<SherpaMethods> {
  let loaded: Loaded | null = null;

  return {
    findPack: ({ packsFolder }) => Promise.resolve({ folder: findPack(packsFolder) }),

    async load(params) {
      const { files, packFolder } = params;
      // sherpa-onnx ends the process over a model file that is not there.
      const missing = pathsOf(files).find((path) => !existsSync(path));
      if (missing !== undefined) throw new AppError('voice/model-missing', missing);
      loaded =
        packFolder === null ? await loadOnCpu(loadAddon(), params) : await loadOnGpu(loadPackAddon(packFolder), params);
      return { sampleRateHz: loaded.addon.getOfflineTtsSampleRate(loaded.voice), device: loaded.device };
    },

    async synthesise({ text, speaker, speed }, signal) {
      const voice = loaded;
      if (!voice) throw new Error('no voice is loaded');
      // English voices over espeak-ng say `Chinese letter` for each hanzi: a pause is better.
      const sayable = voice.hasEspeak ? text.replace(/\p{Script=Han}+/gu, ', ') : text;
      if (!/[\p{Letter}\p{Number}]/u.test(sayable)) throw new AppError('voice/nothing-to-say');
      const sound = await generate(voice, sayable, { speaker, speed, signal }).catch(async (error: unknown) => {
        signal.throwIfAborted();
        // It rejects in the same way whether the text has no word in it that the voice knows, or the voice is broken.
        const canSpeak = await generate(voice, warmUpTexts[0]).then(
          ({ samples }) => samples.length > 0,
          () => false,
        );
        throw new AppError(canSpeak ? 'voice/nothing-to-say' : 'voice/failed', String(error), { cause: error });
      });
      signal.throwIfAborted();
      if (sound.samples.length === 0) throw new AppError('voice/nothing-to-say');
      return { samples: floatToPcm(sound.samples), sampleRateHz: sound.sampleRate };
    },
  };
}

async function loadOnCpu(addon: SherpaAddon, params: LoadParams): Promise<Loaded> {
  const voice = await createVoice(addon, params, 'cpu');
  const loaded: Loaded = {
    addon,
    voice,
    device: { kind: 'cpu', name: cpus()[0]?.model.trim() ?? 'CPU' },
    speakers: addon.getOfflineTtsNumSpeakers(voice),
    hasEspeak: params.files.form !== 'lexicon',
  };
  // The first run allocates: before the learner waits for it.
  await generate(loaded, warmUpTexts[0]);
  return loaded;
}

/**
 * The voice on the GPU, where that is true and pays off. Throws `voice/gpu-unusable` where CUDA is not in use whatever
 * was asked for, and `voice/gpu-slower` where the same build's CPU says the same texts sooner.
 */
async function loadOnGpu(addon: SherpaAddon, params: LoadParams): Promise<Loaded> {
  const voice = await createVoice(addon, params, 'cuda');
  const gpu: Loaded = {
    addon,
    voice,
    device: { kind: 'cuda', name: 'NVIDIA GPU (CUDA)' },
    speakers: addon.getOfflineTtsNumSpeakers(voice),
    hasEspeak: params.files.form !== 'lexicon',
  };
  if (!isCudaLoaded()) throw new AppError('voice/gpu-unusable', 'ONNX Runtime did not take up CUDA');
  const cpu = await loadOnCpu(addon, params);
  const gpuMs = await timeOf(gpu);
  const cpuMs = await timeOf(cpu);
  if (gpuMs > cpuMs) {
    throw new AppError('voice/gpu-slower', `${String(Math.round(gpuMs))} ms, CPU ${String(Math.round(cpuMs))} ms`);
  }
  return gpu;
}

/** How long the voice takes for texts of several lengths, ms, once it is warm for each of them. */
async function timeOf(loaded: Loaded): Promise<number> {
  for (const text of warmUpTexts) await generate(loaded, text);
  const startTime = performance.now();
  for (const text of warmUpTexts) await generate(loaded, text);
  return performance.now() - startTime;
}

function createVoice(
  addon: SherpaAddon,
  { files, threads }: LoadParams,
  provider: 'cpu' | 'cuda',
): Promise<OfflineTts> {
  return addon.createOfflineTtsAsync({
    model: { ...modelConfig(files), numThreads: threads, provider, debug: false },
    maxNumSentences: 1,
  });
}

/** What sherpa-onnx wants to be told of a voice's files. */
function modelConfig(files: VoiceFiles): Pick<OfflineTtsConfig['model'], 'vits' | 'kokoro' | 'kitten'> {
  switch (files.form) {
    case 'lexicon':
      return { vits: { model: files.model, tokens: files.tokens, lexicon: files.lexicon } };
    case 'piper':
      return { vits: { model: files.model, tokens: files.tokens, dataDir: files.dataDir } };
    case 'kokoro': {
      const { model, voices, tokens, dataDir, lexicons } = files;
      const lexicon = lexicons.length === 0 ? {} : { lexicon: lexicons.join(',') };
      return { kokoro: { model, voices, tokens, dataDir, ...lexicon } };
    }
    case 'kitten': {
      const { model, voices, tokens, dataDir } = files;
      return { kitten: { model, voices, tokens, dataDir } };
    }
  }
}

/** All that has to be there. */
function pathsOf({ form: _, ...paths }: VoiceFiles): readonly string[] {
  return Object.values(paths).flat();
}

interface Manner {
  readonly speaker: number;
  readonly speed: number;
  readonly signal?: AbortSignal;
}

/** Says a text; aborted, it ends after the clause it is at. */
function generate(
  { addon, voice, speakers }: Loaded,
  text: string,
  { speaker, speed, signal }: Manner = { speaker: 0, speed: 1 },
) {
  return addon.offlineTtsGenerateAsync(voice, {
    text,
    sid: speaker < speakers ? speaker : 0,
    speed,
    enableExternalBuffer: false,
    callback: () => (signal?.aborted ? 0 : 1),
  });
}
