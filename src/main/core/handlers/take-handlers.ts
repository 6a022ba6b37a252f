import type { Handlers } from '../../../shared/contract/contract.js';
import type { takeRequests } from '../../../shared/contract/take.js';
import type { Services } from './services.js';

export function takeHandlers({ profile }: Services): Handlers<keyof typeof takeRequests> {
  return {
    'take.start': ({ topicId }) => profile().takes.start(topicId),
    'take.append': async ({ takeId, sequence, pcm }) => {
      await profile().takes.append(takeId, sequence, pcm);
      return null;
    },
    'take.finish': ({ takeId }) => profile().takes.finish(takeId),
    'take.discard': async ({ takeId }) => {
      await profile().takes.discard(takeId);
      return null;
    },
    'take.transcribe': ({ takeId }) => profile().takes.transcribe(takeId),
    'take.read': async ({ takeId }) => ({ wav: await profile().takes.read(takeId) }),
  };
}
