import { z } from 'zod';
import type { ErrorView } from '../errors.js';
import { request } from './define.js';
import { topicId } from './topic.js';

/**
 * How much help a reply is shown with, in order: by ear alone, heard slowly, its English text.
 * Each rung includes those before it.
 */
export const rungs = ['audio', 'slow', 'english'] as const;
export type Rung = (typeof rungs)[number];

export const turnParts = ['prompt', 'bridge', 'response'] as const;
/** The three things of a turn that can be heard: the learner's words, the English for them, the reply. */
export type TurnPart = (typeof turnParts)[number];

/** A word in a sound: what the recogniser took it for, and when it was said. */
export interface ClipWord {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
  /**
   * How sure the recogniser was, 0..1; null for a word that is known because the app said it. It is about the machine's
   * hearing, and no measure of pronunciation.
   */
  readonly probability: number | null;
}

export interface ClipView {
  readonly durationMs: number;
  /** The loudness of `peakCount` equal stretches, 0..100. */
  readonly peaks: readonly number[];
}

export type SpokenLanguage = 'en' | 'zh' | 'mixed';

export interface PromptView {
  readonly text: string;
  readonly language: SpokenLanguage;
  /** The learner's recording; null where they typed. */
  readonly clip: ClipView | null;
  /** What the machine heard, word by word; null where it was typed, or heard elsewhere. */
  readonly words: readonly ClipWord[] | null;
}

/** Natural English for what was said in Chinese. */
export interface BridgeView {
  /** 'unknown': this partner has no English for it. */
  readonly state: 'pending' | 'ready' | 'unknown' | 'failed';
  readonly english: string | null;
  readonly clip: ClipView | null;
  readonly error: ErrorView | null;
}

export interface ResponseView {
  /**
   * 'pending': nothing has come yet. 'interrupted': the learner stopped it. 'failed': see `error`; what came before
   * the failure is kept apart from whole replies.
   */
  readonly state: 'pending' | 'streaming' | 'complete' | 'interrupted' | 'failed';
  /** What is shown now. */
  readonly rung: Rung;
  /** The most help that was ever asked for. */
  readonly helpRung: Rung;
  /** The length of each word, in letters: all that a hidden text tells about itself. */
  readonly blanks: readonly number[];
  /** The words; null until they are revealed. A hidden text does not leave the core. */
  readonly text: string | null;
  readonly clip: ClipView | null;
  /** When each word of its sound is said, in the order of `text`; null while hidden, or not known (yet). */
  readonly words: readonly ClipWord[] | null;
  /** Why there is no reply, or only part of one. */
  readonly error: ErrorView | null;
  /** Why it could not be spoken. */
  readonly voiceError: ErrorView | null;
  readonly scripted: boolean;
  /** Why no words come: the model is not loaded yet, or thinks before it speaks. Null where they come, or are all there. */
  readonly waitingFor: 'loading' | 'thinking' | null;
}

/** One exchange: what the learner said (null where the partner spoke first) and what was answered. */
export interface TurnView {
  readonly id: string;
  readonly topicId: string;
  /** Unix time, ms. */
  readonly createdTime: number;
  readonly prompt: PromptView | null;
  /** Null where the prompt was English. */
  readonly bridge: BridgeView | null;
  readonly response: ResponseView;
}

const turnId = z.uuid();

/** Of a typed turn, in characters. */
export const longestPrompt = 4000;

export const turnRequests = {
  /** A typed turn. Whatever turn was being answered or spoken is stopped. */
  'turn.type': request<TurnView>()(z.strictObject({ topicId, text: z.string().trim().min(1).max(longestPrompt) })),
  /** Asks again for a reply that failed or was stopped. */
  'turn.retry': request<TurnView>()(z.strictObject({ turnId })),
  /** Barge-in: stops whatever is being answered. `heardMs`: how much of the reply's sound was played until then. */
  'turn.stop': request<null>()(z.strictObject({ turnId, heardMs: z.number().min(0) })),
  /** The reply was played to its end. */
  'turn.heard': request<null>()(z.strictObject({ turnId })),
  /** Shows more of a reply, or hides it again. */
  'turn.reveal': request<TurnView>()(z.strictObject({ turnId, rung: z.enum(rungs) })),
  /** A part's sound as a WAV file; made again by the local voice where it is not on this machine. */
  'turn.read': request<{ readonly wav: Uint8Array }>()(z.strictObject({ turnId, part: z.enum(turnParts) })),
};

export interface TurnEvents {
  /** `takeId`: of the take that has just become this turn, which is no more. */
  'turn.changed': { readonly turn: TurnView; readonly takeId?: string };
  /**
   * The next piece of a turn's sound, to be played without a gap after the one before: Int16 little-endian, mono.
   * Pieces come in order: `sequence` counts from 0 in each turn, the English for what was said before the reply.
   */
  'turn.speech': {
    readonly turnId: string;
    readonly part: TurnPart;
    readonly sequence: number;
    readonly sampleRateHz: number;
    readonly pcm: Uint8Array;
  };
  /** No more sound will come for this turn. */
  'turn.speechEnd': { readonly turnId: string };
}
