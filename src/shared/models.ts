/** Where the files of a voice are, by how sherpa-onnx has to be told of them. All are absolute paths. */
export type VoiceFiles =
  /** Every word that it can say stands in a lexicon (MeloTTS' way). */
  | { readonly form: 'lexicon'; readonly model: string; readonly tokens: string; readonly lexicon: string }
  /** Piper's: espeak-ng, whose data is in `dataDir`, turns any text into phonemes. */
  | { readonly form: 'piper'; readonly model: string; readonly tokens: string; readonly dataDir: string }
  /** Kokoro's: one model, and many speakers in `voices`; a word that stands in none of `lexicons` goes to espeak-ng. */
  | {
      readonly form: 'kokoro';
      readonly model: string;
      readonly voices: string;
      readonly tokens: string;
      readonly dataDir: string;
      readonly lexicons: readonly string[];
    }
  /** Kitten's: small, with some speakers. */
  | {
      readonly form: 'kitten';
      readonly model: string;
      readonly voices: string;
      readonly tokens: string;
      readonly dataDir: string;
    };

/** What is true of any model on this machine. */
interface ModelFacts {
  /** The catalogue's id, or one made from the content of what was imported. Unique. */
  readonly id: string;
  /** As people call it, e.g. `Whisper small (q5_1)`. */
  readonly name: string;
  /** One of the small built-in ones: it keeps the loop alive until a real one is installed. */
  readonly demo: boolean;
  /** SHA-256 of its model file, as 64 hexadecimal digits: another file under the same id is another model. */
  readonly sha256: string;
  /** Of all its files. */
  readonly bytes: number;
}

/** A voice that can be used now. */
export interface VoiceModel extends ModelFacts {
  readonly kind: 'voice';
  readonly files: VoiceFiles;
  /** At least 1. They are numbered from 0. */
  readonly speakers: number;
}

/** A whisper file that can be used now. */
export interface RecogniserModel extends ModelFacts {
  readonly kind: 'recogniser';
  readonly path: string;
  /** False for the English-only ones: they hear no Chinese. */
  readonly multilingual: boolean;
  /** As whisper.cpp names it, e.g. `q5_1`; `f16` where it is not quantised. */
  readonly quantisation: string;
}

export type Model = VoiceModel | RecogniserModel;
