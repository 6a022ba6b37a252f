import type { Settings } from '../../../shared/contract/settings.js';

/** Whether an endpoint's address can be taken: empty (none), or a whole http(s) URL. */
export function isBaseUrl(text: string): boolean {
  if (text === '') return true;
  const url = URL.parse(text);
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:') && url.hostname !== '';
}

/** What of the chat fields has changed. */
export function chatPatch(
  settings: Settings,
  fields: { readonly baseUrl: string; readonly model: string },
): Partial<Settings> {
  const chatBaseUrl = fields.baseUrl.trim();
  const chatModel = fields.model.trim();
  return {
    ...(chatBaseUrl === settings.chatBaseUrl ? {} : { chatBaseUrl }),
    ...(chatModel === settings.chatModel ? {} : { chatModel }),
  };
}
