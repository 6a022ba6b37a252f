import type { TurnPart } from '../../../shared/contract/turn.js';
import { samplesToMs } from '../../../shared/audio-format.js';
import { AppError, type ErrorView } from '../../../shared/errors.js';
import type { Sound, Voice } from '../speech/voice.js';
import { speakable } from './speakable.js';
import type { SpokenPiece } from './words.js';

/** A sound that is ready to be played, after all those with a smaller sequence. */
export interface SpeechPiece extends Sound {
  readonly part: TurnPart;
  readonly sequence: number;
}

/**
 * Says a turn's pieces, one after the other and ahead of playback: they are released in the order in which they were
 * given. A voice that fails falls silent for the rest of the turn; the text goes on without it.
 */
export interface SpeechQueue {
  /** Queues a piece of text; returns at once. */
  say(part: TurnPart, text: string): void;
  /** Resolves when everything that was given has been said, or will not be. */
  drained(): Promise<void>;
  /** All that was said of a part, as one sound; null where nothing was. */
  sound(part: TurnPart): Sound | null;
  /** The pieces of a part with the length of their sounds. */
  pieces(part: TurnPart): readonly SpokenPiece[];
  readonly error: ErrorView | null;
}

export interface SpeechQueueOptions {
  readonly voice: Pick<Voice, 'synthesise'>;
  readonly signal: AbortSignal;
  onPiece(piece: SpeechPiece): void;
}

export function createSpeechQueue({ voice, signal, onPiece }: SpeechQueueOptions): SpeechQueue {
  const said: { readonly part: TurnPart; readonly text: string; readonly sound: Sound | null }[] = [];
  let last: Promise<void> = Promise.resolve();
  let sequence = 0;
  let error: ErrorView | null = null;

  // A function, since the answer changes while we wait.
  const isStopped = () => signal.aborted;

  const sayNow = async (part: TurnPart, text: string): Promise<void> => {
    if (isStopped()) return;
    const words = speakable(text);
    const sound = words === '' || error ? null : await synthesise(words);
    if (isStopped()) return;
    said.push({ part, text, sound });
    if (sound) onPiece({ part, sequence: sequence++, ...sound });
  };

  const synthesise = async (words: string): Promise<Sound | null> => {
    try {
      return await voice.synthesise(words, signal);
    } catch (cause) {
      if (isStopped()) return null;
      if (!(cause instanceof AppError)) throw cause;
      // A piece without a word the voice knows (":-)", a lone name in Chinese) is skipped; the voice is not at fault.
      if (cause.code !== 'voice/nothing-to-say') error = { code: cause.code, detail: cause.message };
      return null;
    }
  };

  return {
    say(part, text) {
      last = last.then(() => sayNow(part, text));
    },
    drained: () => last,
    sound(part) {
      const sounds = said.flatMap((piece) => (piece.part === part && piece.sound ? [piece.sound] : []));
      const first = sounds[0];
      return first ? { samples: joined(sounds), sampleRateHz: first.sampleRateHz } : null;
    },
    pieces: (part) =>
      said
        .filter((piece) => piece.part === part)
        .map(({ text, sound }) => ({
          text,
          durationMs: sound ? samplesToMs(sound.samples.length, sound.sampleRateHz) : 0,
        })),
    get error() {
      return error;
    },
  };
}

function joined(sounds: readonly Sound[]): Int16Array {
  const whole = new Int16Array(sounds.reduce((length, { samples }) => length + samples.length, 0));
  let offset = 0;
  for (const { samples } of sounds) {
    whole.set(samples, offset);
    offset += samples.length;
  }
  return whole;
}
