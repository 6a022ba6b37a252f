import { cleanBaseUrl, isNearby } from '../../../shared/chat-address.js';
import type { ChatKeyState, Settings } from '../../../shared/contract/settings.js';

/** Whether an endpoint's address can be taken: empty (none), or one that can be made out of what was pasted. */
export const isBaseUrl = (text: string): boolean => text.trim() === '' || cleanBaseUrl(text) !== null;

/** Whether the endpoint wants a key that is not there. */
export function lacksKey(baseUrl: string, chatKey: ChatKeyState): boolean {
  const cleaned = cleanBaseUrl(baseUrl);
  return chatKey === 'none' && cleaned !== null && !isNearby(cleaned);
}

/** What of the chat fields has changed. */
export function chatPatch(
  settings: Settings,
  fields: { readonly baseUrl: string; readonly model: string },
): Partial<Settings> {
  const chatBaseUrl = cleanBaseUrl(fields.baseUrl) ?? '';
  const chatModel = fields.model.trim();
  return {
    ...(chatBaseUrl === settings.chatBaseUrl ? {} : { chatBaseUrl }),
    ...(chatModel === settings.chatModel ? {} : { chatModel }),
  };
}
