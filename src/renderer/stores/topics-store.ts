import { createStore } from 'zustand/vanilla';
import type { SceneId, TopicView } from '../../shared/contract/topic.js';
import type { Client } from '../client.js';
import type { Notices } from './notices-store.js';

/** The topics with one added or replaced, last used first. */
export function withTopic(topics: readonly TopicView[], topic: TopicView): readonly TopicView[] {
  return [...topics.filter((other) => other.id !== topic.id), topic].sort(
    (a, b) => b.usedTime - a.usedTime || (a.id < b.id ? 1 : -1),
  );
}

/** The list of topics. */
export function createTopicsStore(client: Client, notices: Notices) {
  const store = createStore<{ readonly topics: readonly TopicView[] }>(() => ({ topics: [] }));
  /** Topics that are being deleted here, and so are no surprise when they go. */
  const deleting = new Set<string>();

  function remove(topicId: string): void {
    store.setState(({ topics }) => ({ topics: topics.filter((topic) => topic.id !== topicId) }));
  }
  function put(topic: TopicView): void {
    store.setState(({ topics }) => ({ topics: withTopic(topics, topic) }));
  }

  client.on('topic.changed', ({ topic }) => {
    put(topic);
  });
  client.on('topic.removed', ({ topicId }) => {
    remove(topicId);
  });

  return {
    store,
    isBeingDeleted: (topicId: string): boolean => deleting.has(topicId),
    load(topics: readonly TopicView[]): void {
      store.setState({ topics });
    },
    async create(sceneId: SceneId | null, theme: string): Promise<TopicView | null> {
      const result = await client.request('topic.create', { sceneId, theme });
      if (!result.ok) {
        notices.error(result.error);
        return null;
      }
      put(result.value);
      return result.value;
    },
    async rename(topicId: string, theme: string): Promise<boolean> {
      const result = await client.request('topic.rename', { topicId, theme });
      if (result.ok) put(result.value);
      else notices.error(result.error);
      return result.ok;
    },
    async delete(topicId: string): Promise<boolean> {
      deleting.add(topicId);
      const result = await client.request('topic.delete', { topicId });
      deleting.delete(topicId);
      if (result.ok || result.error.code === 'topic/not-found') remove(topicId);
      if (!result.ok) notices.error(result.error);
      return result.ok;
    },
  };
}

export type Topics = ReturnType<typeof createTopicsStore>;
