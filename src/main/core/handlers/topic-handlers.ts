import type { Handlers } from '../../../shared/contract/contract.js';
import type { topicRequests } from '../../../shared/contract/topic.js';
import type { Services } from './services.js';

export function topicHandlers({ topics }: Services): Handlers<keyof typeof topicRequests> {
  return {
    'topic.create': (topic) => topics.create(topic),
    'topic.rename': ({ topicId, theme }) => topics.rename(topicId, theme),
    'topic.delete': async ({ topicId }) => {
      await topics.remove(topicId);
      return null;
    },
    'topic.open': ({ topicId, beforeTurnId }) => topics.open(topicId, beforeTurnId),
    'topic.suggestions': ({ topicId }) => topics.suggestions(topicId),
  };
}
