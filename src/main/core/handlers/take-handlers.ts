import type { Handlers } from '../../../shared/contract/contract.js';
import type { takeRequests } from '../../../shared/contract/take.js';
import type { Services } from './services.js';

export function takeHandlers({ profile }: Services): Handlers<keyof typeof takeRequests> {
  return {
    'take.start': ({ topicId, handsFree }) => profile().takes.start(topicId, handsFree),
    'take.append': async ({ takeId, sequence, pcm }) => {
      await profile().takes.append(takeId, sequence, pcm);
      return null;
    },
    'take.finish': ({ takeId, overSpeech, appSilentFromMs }) =>
      profile().takes.finish(takeId, overSpeech ? { appSilentFromMs } : null),
    'take.holdOn': async ({ takeId }) => {
      await profile().takes.holdOn(takeId);
      return null;
    },
    'take.keep': ({ takeId }) => profile().takes.keep(takeId),
    'take.discard': async ({ takeId }) => {
      await profile().takes.discard(takeId);
      return null;
    },
    'take.transcribe': ({ takeId }) => profile().takes.transcribe(takeId),
    'take.read': async ({ takeId }) => ({ wav: await profile().takes.read(takeId) }),
  };
}
