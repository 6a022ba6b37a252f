import type { TurnPart } from '../../../shared/contract/turn.js';
import { samplesToMs } from '../../../shared/audio-format.js';
import { AppError, type ErrorView } from '../../../shared/errors.js';
import type { Sound, Voice } from '../speech/voice.js';
import { speakable, type Utterance } from '../spoken-text/speakable.js';
import { mayBegin } from './speech-pacing.js';
import { audibleOf, type SaidStretch } from './word-times.js';
import type { SpokenPiece } from './words.js';

/** A sound that is ready to be played, after all those with a smaller sequence. */
export interface SpeechPiece extends Sound {
  readonly part: TurnPart;
  readonly sequence: number;
}

/** A piece of a text, the sound that says it, and where its words are in that. */
export interface SaidPiece extends SpokenPiece, SaidStretch {}

/**
 * Says a turn's pieces, one after the other and ahead of playback: they are released in the order in which they were
 * given. Where the voice is too slow to stay ahead, the first is held back until playback will not run dry. A voice
 * that fails falls silent for the rest of the turn; the text goes on without it.
 */
export interface SpeechQueue {
  /** Queues a piece of text; returns at once. */
  say(part: TurnPart, text: string): void;
  /** What was given of a part was not meant to be said: what waits is dropped, and its sound begins anew. */
  takeBack(part: TurnPart): void;
  /** No more pieces will come. Resolves when everything that was given has been said, or will not be. */
  drained(): Promise<void>;
  /** A whole part, as one sound; null where something of it was not said: stopped, or failed midway. */
  sound(part: TurnPart): Sound | null;
  /** The pieces of a part with their sounds' lengths, as far as they have been said. */
  pieces(part: TurnPart): readonly SaidPiece[];
  /** Why something was not said; where all was given and nothing of it can be said, that. */
  readonly error: ErrorView | null;
}

export interface SpeechQueueOptions {
  readonly voice: Pick<Voice, 'synthesise' | 'realTimeFactor'>;
  readonly signal: AbortSignal;
  onPiece(piece: SpeechPiece): void;
}

/** Before anything was said: English at an easy pace. */
const usualMsPerCharacter = 65;

export function createSpeechQueue({ voice, signal, onPiece }: SpeechQueueOptions): SpeechQueue {
  let said: { readonly part: TurnPart; readonly piece: SaidPiece; readonly sound: Sound | null }[] = [];
  /** The parts of which something will never be said. */
  const broken = new Set<TurnPart>();
  const waiting: Utterance[] = [];
  /** How often a part was taken back: what was given before is not said. */
  const rounds: Record<TurnPart, number> = { prompt: 0, bridge: 0, response: 0 };
  let held: SpeechPiece[] = [];
  let last: Promise<void> = Promise.resolve();
  let sequence = 0;
  let isWhole = false;
  let hasBegun = false;
  let error: ErrorView | null = null;

  // A function, since the answer changes while we wait.
  const isStopped = () => signal.aborted;

  const sayNow = async (part: TurnPart, text: string, utterance: Utterance, round: number): Promise<void> => {
    const isUnwanted = () => isStopped() || rounds[part] !== round;
    const sound = utterance.text === '' || error || isUnwanted() ? null : await synthesise(utterance.text);
    waiting.shift();
    if (isStopped() || error) broken.add(part);
    if (isUnwanted()) return;
    said.push({ part, piece: saidPiece(text, utterance, sound), sound });
    if (sound) held.push({ part, sequence: sequence++, ...sound });
    release();
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

  /** Releases what is ready, if playback will not run dry; once it has begun, everything at once. */
  const release = (): void => {
    if (isStopped()) return;
    hasBegun ||= held.length > 0 && (error !== null || mayBegin(pacing()));
    if (hasBegun) for (const piece of held.splice(0)) onPiece(piece);
  };

  const pacing = () => {
    const spoken = said.filter(({ sound }) => sound !== null);
    const spokenMs = spoken.reduce((sum, { piece }) => sum + piece.durationMs, 0);
    const characters = spoken.reduce((sum, { piece }) => sum + piece.text.length, 0);
    const msPerCharacter = characters === 0 ? usualMsPerCharacter : spokenMs / characters;
    return {
      realTimeFactor: voice.realTimeFactor,
      readyMs: held.reduce((sum, piece) => sum + samplesToMs(piece.samples.length, piece.sampleRateHz), 0),
      waitingMs: waiting.map(({ text }) => text.length * msPerCharacter),
      isWhole,
    };
  };

  /** Whether of a whole reply that has words not one was said: whoever cannot see it must be told. */
  const isSilent = () => {
    const pieces = said.filter(({ part }) => part === 'response');
    return pieces.some(({ piece }) => piece.text.trim() !== '') && pieces.every(({ sound }) => sound === null);
  };

  return {
    say(part, text) {
      const utterance = speakable(text);
      const round = rounds[part];
      waiting.push(utterance);
      last = last.then(() => sayNow(part, text, utterance, round));
    },
    takeBack(part) {
      rounds[part] += 1;
      said = said.filter((each) => each.part !== part);
      held = held.filter((each) => each.part !== part);
    },
    drained() {
      isWhole = true;
      release();
      return last;
    },
    sound(part) {
      if (broken.has(part)) return null;
      const sounds = said.flatMap((each) => (each.part === part && each.sound ? [each.sound] : []));
      const first = sounds[0];
      return first ? { samples: joined(sounds), sampleRateHz: first.sampleRateHz } : null;
    },
    pieces: (part) => said.filter((each) => each.part === part).map(({ piece }) => piece),
    get error() {
      return error ?? (isWhole && isSilent() ? { code: 'voice/nothing-to-say' } : null);
    },
  };
}

const nothingAudible = { startMs: 0, endMs: 0, pauses: [] };

function saidPiece(text: string, { words }: Utterance, sound: Sound | null): SaidPiece {
  return {
    text,
    // Words that could not be said are in no sound.
    words: sound ? words.map(({ start, end, ...word }) => ({ ...word, text: text.slice(start, end) })) : [],
    durationMs: sound ? samplesToMs(sound.samples.length, sound.sampleRateHz) : 0,
    audible: sound ? audibleOf(sound) : nothingAudible,
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
