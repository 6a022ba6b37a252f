import type { PartnerView } from '../../../shared/contract/app.js';
import type { SceneId } from '../../../shared/contract/topic.js';

/** One earlier exchange, as far as it was heard; `prompt` is null where the partner spoke first. */
export interface Exchange {
  readonly prompt: string | null;
  readonly response: string | null;
}

/** Everything a partner may know when it answers. */
export interface ChatRequest {
  readonly theme: string;
  /** The built-in scene this topic plays, or null for free conversation. */
  readonly sceneId: SceneId | null;
  /** Oldest first. */
  readonly history: readonly Exchange[];
  /** What the learner just said or typed, in English, Chinese or a mix. */
  readonly prompt: string;
}

/**
 * What comes of a reply: its next words, or news of what happens instead. 'loading': the model is not ready yet;
 * 'thinking': it thinks before it speaks; 'taken-back': all words so far were thinking, and are not said.
 */
export type ReplyPart = string | { readonly news: 'loading' | 'thinking' | 'taken-back' };

/** A line the learner could say next. */
export interface Suggestion {
  readonly english: string;
  readonly chinese: string;
}

/** The port through which a turn talks to whoever answers it. Failures are thrown as `AppError` with a `chat/…` code. */
export interface ChatModel {
  readonly partner: PartnerView;
  /** Natural English for Chinese or mixed words; null when this partner has none to offer. */
  toEnglish(request: ChatRequest, signal: AbortSignal): Promise<string | null>;
  /** Streams the reply. Throws when `signal` aborts, and for a reply that is not whole. */
  reply(request: ChatRequest, signal: AbortSignal): AsyncIterable<ReplyPart>;
  /** Lines that would move this conversation on; empty when this partner has none. `prompt` is ignored. */
  suggestions(request: Omit<ChatRequest, 'prompt'>): readonly Suggestion[];
}
