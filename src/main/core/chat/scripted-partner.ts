import type { ChatModel, ChatRequest } from './chat-model.js';
import { englishFor } from './phrasebook.js';
import { replay, scriptFor, step, suggestionsAt } from './script-player.js';

export interface ScriptedPartnerOptions {
  /** Pause between words, so that the reply streams as a model's does. */
  readonly delayMs?: number;
}

const spokenPaceMs = 25;

/**
 * The partner for a learner without a chat key. It plays a script with branches, keeps no state (where a conversation
 * is follows from its history) and answers the same request with the same words.
 */
export function createScriptedPartner({ delayMs = spokenPaceMs }: ScriptedPartnerOptions = {}): ChatModel {
  return {
    partner: { kind: 'scripted' },
    toEnglish: async ({ prompt }, signal) => {
      signal.throwIfAborted();
      return Promise.resolve(englishFor(prompt));
    },
    reply: (request, signal) => speak(replyTo(request), delayMs, signal),
    suggestions: ({ sceneId, history }) => {
      const script = scriptFor(sceneId);
      return suggestionsAt(script, replay(script, history));
    },
  };
}

function replyTo({ sceneId, history, prompt }: ChatRequest): string {
  const script = scriptFor(sceneId);
  return step(script, replay(script, history), prompt).reply;
}

async function* speak(reply: string, delayMs: number, signal: AbortSignal): AsyncGenerator<string> {
  for (const [index, word] of reply.split(/(?<= )/).entries()) {
    if (index > 0 && delayMs > 0) await pause(delayMs, signal);
    signal.throwIfAborted();
    yield word;
  }
}

/** Rejects with the signal's own reason, which the promise timers of Node would wrap in an error of their own. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
