import type { Handlers } from '../../../shared/contract/contract.js';
import type { takeRequests } from '../../../shared/contract/take.js';
import type { Services } from './services.js';

export function takeHandlers({ takes }: Services): Handlers<keyof typeof takeRequests> {
  return {
    'take.start': ({ topicId }) => takes.start(topicId),
    'take.append': async ({ takeId, sequence, pcm }) => {
      await takes.append(takeId, sequence, pcm);
      return null;
    },
    'take.finish': ({ takeId }) => takes.finish(takeId),
    'take.discard': async ({ takeId }) => {
      await takes.discard(takeId);
      return null;
    },
    'take.transcribe': ({ takeId }) => takes.transcribe(takeId),
    'take.read': async ({ takeId }) => ({ wav: await takes.read(takeId) }),
  };
}
