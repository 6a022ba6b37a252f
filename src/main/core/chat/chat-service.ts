import type { PartnerView } from '../../../shared/contract/app.js';
import type { ChatKeyState, Settings } from '../../../shared/contract/settings.js';
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
  setKey(key: string | null): Promise<ChatKeyState>;
  keyState(): Promise<ChatKeyState>;
  /** Asks the endpoint for one word. */
  test(): Promise<{ readonly latencyMs: number } | { readonly error: ErrorView }>;
}

export function createChatService({ secrets, keyName, settings, fetch, clock }: ChatServiceOptions): ChatService {
  const scripted = createScriptedPartner();

  async function endpoint(): Promise<ChatModel | null> {
    const { chatBaseUrl: baseUrl, chatModel: model } = settings();
    if (baseUrl === '' || model === '') return null;
    const key = await secrets.get(keyName);
    // A model on the learner's own machine wants no key; every other endpoint would refuse without one.
    return key === null && !isLoopback(baseUrl) ? null : createEndpointPartner({ baseUrl, key, model, fetch });
  }

  const partner = async (): Promise<ChatModel> => (await endpoint()) ?? scripted;

  return {
    partner,
    partnerView: async () => (await partner()).partner,

    async setKey(key) {
      if (key !== null) return secrets.set(keyName, key);
      await secrets.delete(keyName);
      return 'none';
    },

    keyState: () => secrets.whereIs(keyName),

    async test() {
      const model = await endpoint();
      if (!model) return { error: { code: 'chat/not-set-up' } };
      const start = clock.now();
      const enough = new AbortController();
      try {
        const request = { theme: 'a connection test', sceneId: null, history: [], prompt: 'Please say: OK.' };
        for await (const _delta of model.reply(request, enough.signal)) return { latencyMs: clock.now() - start };
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

function isLoopback(baseUrl: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(baseUrl).hostname);
}
