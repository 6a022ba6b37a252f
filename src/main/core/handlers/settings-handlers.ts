import type { Handlers } from '../../../shared/contract/contract.js';
import type { settingsRequests } from '../../../shared/contract/settings.js';
import { isSameEndpoint } from '../chat/chat-service.js';
import type { Services } from './services.js';

export function settingsHandlers({ profile, announceSettings }: Services): Handlers<keyof typeof settingsRequests> {
  return {
    'settings.update': async (changed) => {
      const { settings, chat } = profile();
      const before = settings.current.chatBaseUrl;
      const now = await settings.update(changed);
      // A key is for whoever gave it: another endpoint must not be sent it.
      if (before !== '' && !isSameEndpoint(before, now.chatBaseUrl)) {
        await chat.setKey(null);
        await announceSettings();
      }
      return now;
    },
    'settings.setChatKey': async ({ key }) => {
      const chatKey = await profile().chat.setKey(key);
      await announceSettings();
      return chatKey;
    },
    'settings.testChat': () => profile().chat.test(),
    'settings.chatModels': ({ baseUrl, key }) => profile().chat.models(baseUrl, key),
  };
}
