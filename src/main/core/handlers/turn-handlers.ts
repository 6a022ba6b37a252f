import type { Handlers } from '../../../shared/contract/contract.js';
import type { turnRequests } from '../../../shared/contract/turn.js';
import type { Services } from './services.js';

export function turnHandlers({ profile }: Services): Handlers<keyof typeof turnRequests> {
  return {
    'turn.type': ({ topicId, text }) => profile().turns.begin({ topicId, text, take: null }),
    'turn.retry': ({ turnId }) => profile().turns.retry(turnId),
    'turn.stop': async ({ turnId, heardMs }) => {
      await profile().turns.stop(turnId, heardMs);
      return null;
    },
    'turn.heard': async ({ turnId }) => {
      await profile().turns.heard(turnId);
      return null;
    },
    'turn.reveal': ({ turnId, rung }) => profile().turns.reveal(turnId, rung),
    'turn.read': async ({ turnId, part }) => ({ wav: await profile().turns.read(turnId, part) }),
  };
}
