import type { appRequests } from '../../../shared/contract/app.js';
import type { Handlers } from '../../../shared/contract/contract.js';
import { scenes } from '../chat/scenes.js';
import type { Services } from './services.js';

export function appHandlers({
  ports,
  profile,
  accounts,
  status,
  recogniser,
  voice,
}: Services): Handlers<keyof typeof appRequests> {
  return {
    'app.snapshot': async ({ fresh }) => {
      if (fresh) await profile().takes.giveBack();
      return {
        version: ports.version,
        host: ports.host,
        settings: profile().settings.current,
        chatKey: await profile().chat.keyState(),
        status: await status(),
        account: await accounts.view(),
        sync: profile().syncView,
        scenes: scenes.map(({ id, theme, setting }) => ({ id, theme, setting })),
        topics: await profile().topics.list(),
      };
    },
    'app.restartEngine': async ({ engine }) => {
      await { recogniser, voice }[engine].restart();
      return null;
    },
  };
}
