import type { PartnerView } from '../../../shared/contract/app.js';
import type { ChatKeyState, ChatTest, Settings } from '../../../shared/contract/settings.js';
import { cleanBaseUrl, cleanKey, isNearby } from '../../../shared/chat-address.js';
import { AppError } from '../../../shared/errors.js';
import type { Clock, SecretStore } from '../ports.js';
import type { ChatModel } from './chat-model.js';
import { createEndpointPartner } from './endpoint-partner.js';
import type { ModelHabits } from './endpoint/completion-stream.js';
import { listModels } from './endpoint/models.js';
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
  /** Has the endpoint answer a short question, to the end: so a reply that breaks off is found, too. */
  test(): Promise<ChatTest>;
  /** The names of the models at a base URL as it was pasted; none where there is none to be had. */
  models(pastedBaseUrl: string, pastedKey: string | null): Promise<readonly string[]>;
}

/** Its answer is short, and long enough to come in more than one piece from whoever streams. */
const testRequest = {
  theme: 'a connection test',
  sceneId: null,
  history: [],
  prompt: 'Please count from one to ten in words, and say nothing else.',
};

export function createChatService({ secrets, keyName, settings, fetch, clock }: ChatServiceOptions): ChatService {
  const scripted = createScriptedPartner();
  /** By address and model. */
  const habits = new Map<string, ModelHabits>();

  async function endpoint(): Promise<ChatModel | null> {
    const { chatBaseUrl, chatModel: model } = settings();
    const baseUrl = cleanBaseUrl(chatBaseUrl);
    if (baseUrl === null || model === '') return null;
    const key = await secrets.get(keyName);
    // A model on the learner's own machine or network wants no key; every other endpoint would refuse without one.
    if (key === null && !isNearby(baseUrl)) return null;
    const name = `${baseUrl} ${model}`;
    const known = habits.get(name) ?? { thinksUnopened: false };
    habits.set(name, known);
    return createEndpointPartner({ baseUrl, key, model, fetch, habits: known });
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
      let latencyMs: number | null = null;
      let pieces = 0;
      try {
        for await (const part of model.reply(testRequest, new AbortController().signal)) {
          if (typeof part !== 'string') {
            // What was taken for the first word was thinking.
            if (part.news === 'taken-back') [latencyMs, pieces] = [null, 0];
          } else if (part.trim() !== '') {
            latencyMs ??= clock.now() - start;
            pieces += 1;
          }
        }
        return latencyMs === null ? { error: { code: 'chat/empty' } } : { latencyMs, streams: pieces > 1 };
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        return { error: { code: error.code, detail: error.message } };
      }
    },

    async models(pastedBaseUrl, pastedKey) {
      const baseUrl = cleanBaseUrl(pastedBaseUrl);
      if (baseUrl === null) return [];
      const cleaned = pastedKey === null ? null : cleanKey(pastedKey);
      if (cleaned !== null && 'problem' in cleaned) return [];
      // A stored key is for the stored address alone.
      const isStored = baseUrl === cleanBaseUrl(settings().chatBaseUrl);
      const key = cleaned?.key ?? (isStored ? await secrets.get(keyName) : null);
      return listModels({ baseUrl, key, fetch });
    },
  };
}

/** Whether two base URLs lead to the same server, so that a key for the one is for the other, too. */
export function isSameEndpoint(one: string, other: string): boolean {
  return URL.canParse(one) && URL.canParse(other) && new URL(one).origin === new URL(other).origin;
}
