import type { Handlers } from '../../../shared/contract/contract.js';
import type { settingsRequests } from '../../../shared/contract/settings.js';
import type { Services } from './services.js';

export function settingsHandlers({ profile, announceSettings }: Services): Handlers<keyof typeof settingsRequests> {
  return {
    'settings.update': (changed) => profile().settings.update(changed),
    'settings.setChatKey': async ({ key }) => {
      const chatKey = await profile().chat.setKey(key);
      await announceSettings();
      return chatKey;
    },
    'settings.testChat': () => profile().chat.test(),
    'settings.chatModels': ({ baseUrl, key }) => profile().chat.models(baseUrl, key),
  };
}
