import type { Handlers } from '../../../shared/contract/contract.js';
import type { topicRequests } from '../../../shared/contract/topic.js';
import type { Services } from './services.js';

export function topicHandlers({ profile }: Services): Handlers<keyof typeof topicRequests> {
  return {
    'topic.create': (topic) => profile().topics.create(topic),
    'topic.rename': ({ topicId, theme }) => profile().topics.rename(topicId, theme),
    'topic.delete': async ({ topicId }) => {
      await profile().topics.remove(topicId);
      return null;
    },
    'topic.open': ({ topicId, beforeTurnId }) => profile().topics.open(topicId, beforeTurnId),
    'topic.suggestions': ({ topicId }) => profile().topics.suggestions(topicId),
  };
}
