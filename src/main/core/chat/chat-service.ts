import type { PartnerView } from '../../../shared/contract/app.js';
import type { ChatKeyState, Settings } from '../../../shared/contract/settings.js';
import { cleanBaseUrl, cleanKey, isNearby } from '../../../shared/chat-address.js';
import { AppError, type ErrorView } from '../../../shared/errors.js';
import type { Clock, SecretStore } from '../ports.js';
import type { ChatModel } from './chat-model.js';
import { createEndpointPartner } from './endpoint-partner.js';
import { createScriptedPartner } from './scripted-partner.js';

export interface ChatServiceOptions {
  readonly secrets: SecretStore;
  /** The key's name in the secret store. */
  readonly keyName: string;
  settings(): Pick<Settings, 'chatBaseUrl' | 'chatModel'>;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
}

/** Who answers: the learner's endpoint when one is set up, else the scripted partner. */
export interface ChatService {
  partner(): Promise<ChatModel>;
  partnerView(): Promise<PartnerView>;
  /** Keeps a key as it was pasted, cleaned; null forgets it. Rejects what no key looks like. */
  setKey(pasted: string | null): Promise<ChatKeyState>;
  keyState(): Promise<ChatKeyState>;
  /** Asks the endpoint for one word. */
  test(): Promise<{ readonly latencyMs: number } | { readonly error: ErrorView }>;
}

export function createChatService({ secrets, keyName, settings, fetch, clock }: ChatServiceOptions): ChatService {
  const scripted = createScriptedPartner();

  async function endpoint(): Promise<ChatModel | null> {
    const { chatBaseUrl, chatModel: model } = settings();
    const baseUrl = cleanBaseUrl(chatBaseUrl);
    if (baseUrl === null || model === '') return null;
    const key = await secrets.get(keyName);
    // A model on the learner's own machine or network wants no key; every other endpoint would refuse without one.
    return key === null && !isNearby(baseUrl) ? null : createEndpointPartner({ baseUrl, key, model, fetch });
  }

  const partner = async (): Promise<ChatModel> => (await endpoint()) ?? scripted;

  return {
    partner,
    partnerView: async () => (await partner()).partner,

    async setKey(pasted) {
      if (pasted === null) {
        await secrets.delete(keyName);
        return 'none';
      }
      const cleaned = cleanKey(pasted);
      if ('problem' in cleaned) throw new AppError(cleaned.problem === 'two-keys' ? 'chat/two-keys' : 'chat/bad-key');
      return secrets.set(keyName, cleaned.key);
    },

    keyState: () => secrets.whereIs(keyName),

    async test() {
      const model = await endpoint();
      if (!model) return { error: { code: 'chat/not-set-up' } };
      const start = clock.now();
      const enough = new AbortController();
      try {
        const request = { theme: 'a connection test', sceneId: null, history: [], prompt: 'Please say: OK.' };
        for await (const part of model.reply(request, enough.signal)) {
          if (typeof part === 'string' && part.trim() !== '') return { latencyMs: clock.now() - start };
        }
        return { error: { code: 'chat/empty' } };
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        return { error: { code: error.code, detail: error.message } };
      } finally {
        enough.abort();
      }
    },
  };
}
