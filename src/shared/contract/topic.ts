import { z } from 'zod';
import { request } from './define.js';
import type { TakeView } from './take.js';
import type { TurnView } from './turn.js';

export const sceneIds = ['free-talk', 'ordering-food', 'small-talk'] as const;
export type SceneId = (typeof sceneIds)[number];

/** A text in both languages of the interface. */
export interface Bilingual {
  readonly zh: string;
  readonly en: string;
}

export interface SceneView {
  readonly id: SceneId;
  readonly theme: Bilingual;
  /** One line: who the learner is, and who answers. */
  readonly setting: Bilingual;
}

/** What the list shows under a topic's name. A reply is told by its length, never by its words. */
export type TopicPreview =
  | { readonly kind: 'empty' }
  /** Nothing but recordings that wait to become text. */
  | { readonly kind: 'take' }
  | { readonly kind: 'prompt'; readonly text: string }
  | { readonly kind: 'reply'; readonly durationMs: number | null };

export interface TopicView {
  readonly id: string;
  readonly theme: string;
  readonly sceneId: SceneId | null;
  readonly preview: TopicPreview;
  /** Unix time, ms. */
  readonly createdTime: number;
  readonly usedTime: number;
}

/** A stretch of one topic's conversation, oldest turn first. */
export interface TopicPage {
  readonly topic: TopicView;
  readonly turns: readonly TurnView[];
  readonly hasEarlier: boolean;
  /** Recordings that have not become a turn: being recognised, or failed and waiting for "transcribe again". */
  readonly takes: readonly TakeView[];
}

/** A line the learner could say next. */
export interface SuggestionView {
  readonly english: string;
  readonly chinese: string;
}

export const topicId = z.uuid();
/** In characters. */
export const longestTheme = 120;
const theme = z.string().trim().min(1).max(longestTheme);

export const topicRequests = {
  /** A new topic: a scene (whose partner speaks first) or a blank one. */
  'topic.create': request<TopicView>()(z.strictObject({ sceneId: z.enum(sceneIds).nullable(), theme })),
  'topic.rename': request<TopicView>()(z.strictObject({ topicId, theme })),
  /** Removes the topic, its conversation and its recordings for good. */
  'topic.delete': request<null>()(z.strictObject({ topicId })),
  /** The newest turns, or with `beforeTurnId` those before that turn. */
  'topic.open': request<TopicPage>()(z.strictObject({ topicId, beforeTurnId: z.uuid().nullable() })),
  'topic.suggestions': request<readonly SuggestionView[]>()(z.strictObject({ topicId })),
};

export interface TopicEvents {
  'topic.changed': { readonly topic: TopicView };
  'topic.removed': { readonly topicId: string };
}
