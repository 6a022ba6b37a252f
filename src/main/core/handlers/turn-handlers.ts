import type { Handlers } from '../../../shared/contract/contract.js';
import type { turnRequests } from '../../../shared/contract/turn.js';
import type { Services } from './services.js';

export function turnHandlers({ turns }: Services): Handlers<keyof typeof turnRequests> {
  return {
    'turn.type': ({ topicId, text }) => turns.begin({ topicId, text, take: null }),
    'turn.retry': ({ turnId }) => turns.retry(turnId),
    'turn.stop': async ({ turnId, heardMs }) => {
      await turns.stop(turnId, heardMs);
      return null;
    },
    'turn.heard': async ({ turnId }) => {
      await turns.heard(turnId);
      return null;
    },
    'turn.reveal': ({ turnId, rung }) => turns.reveal(turnId, rung),
    'turn.read': async ({ turnId, part }) => ({ wav: await turns.read(turnId, part) }),
  };
}
