import type { SceneId, SuggestionView, TopicPage, TopicView } from '../../../shared/contract/topic.js';
import { sceneById } from '../chat/scenes.js';
import type { ChatModel, ChatRequest } from '../chat/chat-model.js';
import { forgetUnusedClips } from '../data/clips.js';
import type { Commit } from '../data/commit.js';
import type { Db } from '../data/database.js';
import { findBlankTopic, getTopic, insertTopic, removeTopic, updateTopic } from '../data/topics.js';
import type { EventHub } from '../events.js';
import type { Clock } from '../ports.js';
import type { ClipStore } from '../speech/clip-store.js';
import type { TakeService } from './take-service.js';
import { readTopicView, readTopicViews } from './topic-view.js';
import type { TurnService } from './turn-service.js';

const pageTurns = 30;

export interface TopicServiceOptions {
  readonly db: Db;
  readonly commit: Commit;
  readonly userId: string;
  readonly turns: TurnService;
  readonly takes: TakeService;
  readonly clips: ClipStore;
  partner(): Promise<ChatModel>;
  readonly events: EventHub;
  readonly clock: Clock;
}

export interface TopicService {
  /** A scene's partner speaks first. A blank topic of the same theme that nobody has begun is used again. */
  create(topic: { readonly sceneId: SceneId | null; readonly theme: string }): Promise<TopicView>;
  rename(topicId: string, theme: string): Promise<TopicView>;
  /** Removes the conversation, its recordings and its sounds. */
  remove(topicId: string): Promise<void>;
  /** Last used first. */
  list(): Promise<readonly TopicView[]>;
  open(topicId: string, beforeTurnId: string | null): Promise<TopicPage>;
  suggestions(topicId: string): Promise<readonly SuggestionView[]>;
}

export function createTopicService(options: TopicServiceOptions): TopicService {
  const { db, commit, userId, turns, takes, clips, partner, events, clock } = options;

  async function announce(topicId: string): Promise<TopicView> {
    const topic = await readTopicView(db, topicId);
    events.emit('topic.changed', { topic });
    return topic;
  }

  return {
    async create({ sceneId, theme }) {
      const topic = await commit(async (tx) => {
        const now = clock.now();
        // One that nobody has begun is as good as a new one; else they would pile up.
        const blank = sceneId === null ? await findBlankTopic(tx, theme) : null;
        if (blank === null) return insertTopic(tx, { userId, theme, sceneId }, now);
        await updateTopic(tx, blank.id, { used_time: now }, now);
        return blank;
      });
      if (sceneId) await turns.open(topic.id, sceneById(sceneId).opening);
      return announce(topic.id);
    },

    async rename(topicId, theme) {
      await getTopic(db, topicId);
      await commit((tx) => updateTopic(tx, topicId, { theme }, clock.now()));
      return announce(topicId);
    },

    async remove(topicId) {
      await getTopic(db, topicId);
      await turns.settle(topicId);
      await takes.discardAll(topicId);
      const unused = await commit(async (tx) => {
        const used = await removeTopic(tx, topicId, clock.now());
        return forgetUnusedClips(tx, used);
      });
      await clips.remove(unused);
      events.emit('topic.removed', { topicId });
    },

    list: () => readTopicViews(db),

    async open(topicId, beforeTurnId) {
      const topic = await readTopicView(db, topicId);
      // One more than is shown tells whether there are earlier ones.
      const found = await turns.list(topicId, beforeTurnId, pageTurns + 1);
      return {
        topic,
        turns: found.slice(-pageTurns),
        hasEarlier: found.length > pageTurns,
        takes: await takes.list(topicId),
      };
    },

    async suggestions(topicId) {
      const topic = await getTopic(db, topicId);
      const history: ChatRequest['history'] = await turns.history(topicId);
      return (await partner()).suggestions({ theme: topic.theme, sceneId: topic.scene_id, history });
    },
  };
}
