import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { AppError } from '../../../shared/errors.js';

/**
 * The native part of sherpa-onnx. It is used directly: sherpa-onnx-node's own loader hides why a library cannot be
 * loaded, and knows no other build than the installed one.
 */
export interface SherpaAddon {
  readonly version: string;
  createOfflineTtsAsync(config: OfflineTtsConfig): Promise<OfflineTts>;
  getOfflineTtsSampleRate(voice: OfflineTts): number;
  getOfflineTtsNumSpeakers(voice: OfflineTts): number;
  /**
   * The synchronous way crashes on text without a speakable token (1.13.8), where this rejects. `callback` is asked
   * after each clause; answering 0 ends the synthesis with what there is.
   */
  offlineTtsGenerateAsync(
    voice: OfflineTts,
    request: {
      readonly text: string;
      readonly sid: number;
      readonly speed: number;
      /** Electron forbids buffers that point outside of V8's memory. */
      readonly enableExternalBuffer: boolean;
      readonly callback: () => 0 | 1;
    },
  ): Promise<{ readonly samples: Float32Array; readonly sampleRate: number }>;
}

/** A handle; the model behind it is freed with it. */
export interface OfflineTts {
  readonly __offlineTts?: never;
}

export interface OfflineTtsConfig {
  readonly model: {
    readonly vits?: {
      readonly model: string;
      readonly tokens: string;
      readonly lexicon?: string;
      readonly dataDir?: string;
    };
    readonly kokoro?: {
      readonly model: string;
      readonly voices: string;
      readonly tokens: string;
      readonly dataDir: string;
      /** Paths with commas between them. */
      readonly lexicon?: string;
    };
    readonly kitten?: {
      readonly model: string;
      readonly voices: string;
      readonly tokens: string;
      readonly dataDir: string;
    };
    readonly numThreads: number;
    readonly provider: 'cpu' | 'cuda';
    readonly debug: boolean;
  };
  readonly maxNumSentences: number;
}

// Not `require`: the bundler puts one of its own at the top of the bundle.
const requireHere = createRequire(import.meta.url);

/** The installed build, which computes on the CPU. Throws `voice/not-installed` with the loader's own words. */
export function loadAddon(): SherpaAddon {
  return loadNative(
    `sherpa-onnx-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}/sherpa-onnx.node`,
  );
}

/** The build in a pack's folder; its libraries lie beside it. Throws `voice/not-installed`, as `loadAddon` does. */
export function loadPackAddon(folder: string): SherpaAddon {
  return loadNative(join(folder, addonName));
}

/** A worker loads one build only: a second one would be given the first one's libraries. */
function loadNative(path: string): SherpaAddon {
  try {
    return requireHere(path) as SherpaAddon;
  } catch (error) {
    throw new AppError('voice/not-installed', String(error), { cause: error });
  }
}

const addonName = 'sherpa-onnx.node';

/** The pack for the installed version: `sherpa-onnx-cuda-<version>` with the addon in it. Null where there is none. */
export function findPack(packsFolder: string): string | null {
  const { version } = requireHere('sherpa-onnx-node/package.json') as { readonly version: string };
  const folder = join(packsFolder, `sherpa-onnx-cuda-${version}`);
  return existsSync(join(folder, addonName)) ? folder : null;
}

/**
 * Whether ONNX Runtime has really taken up CUDA: its provider for it is in this process. Where it cannot, sherpa-onnx
 * goes on with the CPU and says so on the standard error output only.
 */
export function isCudaLoaded(): boolean {
  // Else it asks the network for the names of its peers, and waits for them. (Node's types do not know it yet.)
  Object.assign(process.report, { excludeNetwork: true });
  const { sharedObjects } = process.report.getReport() as { readonly sharedObjects: readonly string[] };
  return sharedObjects.some((path) => /onnxruntime_providers_cuda\.(?:so|dll)/.test(path));
}
