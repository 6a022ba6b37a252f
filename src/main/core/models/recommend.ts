/** What a recommendation goes by. */
export interface MachineFacts {
  /** Processors as the system counts them. */
  readonly cores: number;
  readonly memoryBytes: number;
  /** A GPU on which the recogniser has been seen to work; `memoryBytes` is null where that is not known. */
  readonly gpu: { readonly memoryBytes: number | null } | null;
  /** Of the disk that models are kept on; null where that is not known. */
  readonly freeBytes: number | null;
}

/** Ids of the catalogue. */
export interface Recommendation {
  readonly recogniser: string;
  readonly voice: string;
}

const GiB = 2 ** 30;

/** The pair that makes a laptop without a GPU usable, about 80 MB. */
export const starterPair: Recommendation = {
  recogniser: 'whisper-base-q5_1',
  voice: 'piper-en_US-kristin-medium-int8',
};

/** So much is left free on the disk. */
const reserveBytes = 2 * GiB;

/**
 * The pair that suits a machine. By what others have measured (docs/decisions/0013): with a GPU, large-v3-turbo; on a CPU,
 * small where there are processors enough to answer at once, else base. A voice must begin within a moment: Piper's,
 * since Kokoro works nearly as long as it speaks on the same processors.
 */
export function recommend({ cores, memoryBytes, gpu, freeBytes }: MachineFacts): Recommendation {
  const room = freeBytes ?? Number.POSITIVE_INFINITY;
  const isSmall = cores < 4 || memoryBytes < 6 * GiB;
  if (room < reserveBytes) return starterPair;
  const voice = isSmall ? starterPair.voice : 'piper-en_US-kristin-medium';
  if (gpu !== null && room > 2 * reserveBytes) {
    // The card must hold model and buffers: what is not known is taken for little.
    const isLarge = gpu.memoryBytes !== null && gpu.memoryBytes >= 6 * GiB;
    return { recogniser: isLarge ? 'whisper-large-v3-turbo-q8_0' : 'whisper-large-v3-turbo-q5_0', voice };
  }
  return { recogniser: isSmall ? starterPair.recogniser : 'whisper-small-q5_1', voice };
}
