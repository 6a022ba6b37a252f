import { open } from 'node:fs/promises';

/** What the head of a whisper.cpp model says of it. */
export interface WhisperFacts {
  readonly multilingual: boolean;
  /** As whisper.cpp names it; `f16` where it is not quantised. */
  readonly quantisation: string;
  /** Positions of the encoder's layers: which of Whisper's sizes it is. */
  readonly audioLayers: number;
}

/** `ggml`, as a number in the machine's order. */
const magic = 0x67676d6c;
/** ggml's own numbers for how weights are kept (ggml.h, `ggml_ftype`), by Whisper models in use. */
const quantisations: Readonly<Record<number, string>> = {
  0: 'f32',
  1: 'f16',
  2: 'q4_0',
  3: 'q4_1',
  7: 'q8_0',
  8: 'q5_0',
  9: 'q5_1',
  10: 'q2_k',
  11: 'q3_k',
  12: 'q4_k',
  13: 'q5_k',
  14: 'q6_k',
};
/** Above it ggml keeps the version of the quantisation. */
const versionFactor = 1000;
/** Whisper's English vocabulary has one entry less than the others'. */
const englishVocabulary = 51864;

/** Reads the head of a file: null where it is no whisper.cpp model. Rejects as the file system does. */
export async function readWhisperFacts(path: string): Promise<WhisperFacts | null> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(48), 0, 48, 0);
    if (bytesRead < 48 || buffer.readUInt32LE(0) !== magic) return null;
    const [vocabulary, audioContext, , , audioLayers] = [4, 8, 12, 16, 20].map((at) => buffer.readInt32LE(at));
    const quantisation = quantisations[buffer.readInt32LE(44) % versionFactor];
    // Whisper's encoder has 1500 positions in every size.
    if (vocabulary === undefined || audioLayers === undefined || quantisation === undefined) return null;
    if (audioContext !== 1500) return null;
    return { multilingual: vocabulary > englishVocabulary, quantisation, audioLayers };
  } finally {
    await file.close();
  }
}
