import { setTimeout as sleep } from 'node:timers/promises';
import OpenAI from 'openai';
import { isNearby } from '../../../shared/chat-address.js';
import { AppError } from '../../../shared/errors.js';
import type { ChatModel, ChatRequest, ReplyPart } from './chat-model.js';
import { endpointClient, type EndpointAddress } from './endpoint/client.js';
import { readAnswer, type ModelHabits } from './endpoint/completion-stream.js';
import { networkError, refusalError } from './endpoint/failures.js';
import { bridgeMessages, replyMessages } from './prompts.js';

/** How long an endpoint is waited for, in ms. */
const usualPatience = {
  /** Without any sign of life. */
  silent: 30_000,
  /** The same of a server on this machine or in its network before it answers: it loads its model first. */
  loading: 5 * 60_000,
  /** Before its first word, whatever signs of life there are: it may think. */
  wordless: 5 * 60_000,
  /** After so long without an answer, a nearby server is said to be loading its model. */
  tellLoading: 3_000,
  /** Between two questions to a nearby server that says that it loads its model. */
  askAgain: 1_000,
};

export interface EndpointOptions extends EndpointAddress {
  readonly model: string;
  readonly habits?: ModelHabits;
  readonly patience?: typeof usualPatience;
}

/** A chat model behind any OpenAI-compatible endpoint. */
export function createEndpointPartner({
  baseUrl,
  key,
  model,
  fetch,
  habits = { thinksUnopened: false },
  patience = usualPatience,
}: EndpointOptions): ChatModel {
  const nearby = isNearby(baseUrl);
  const client = endpointClient({
    baseUrl,
    key,
    fetch,
    // The library's own limit would send the request again; ours is below it.
    timeoutMs: 2 * patience.loading,
    // A server that loads a model does not get the same request twice.
    retries: nearby ? 0 : 1,
  });

  async function* stream(
    messages: OpenAI.ChatCompletionMessageParam[],
    signal: AbortSignal,
  ): AsyncGenerator<ReplyPart> {
    // One signal ends the request for either reason: the learner's, or the endpoint's silence.
    const stalled = new AbortController();
    const either = AbortSignal.any([signal, stalled.signal]);
    const stall = () => {
      stalled.abort(new AppError('chat/timeout'));
    };
    const wordless = setTimeout(stall, patience.wordless);
    let silence = setTimeout(stall, nearby ? patience.loading : patience.silent);
    const onBytes = () => {
      clearTimeout(silence);
      silence = setTimeout(stall, patience.silent);
    };
    let isAnswering = false;
    try {
      const ask = () =>
        client.chat.completions.create({ model, messages, stream: true }, { signal: either }).asResponse();
      const asked = ask();
      if (nearby && (await isSlow(asked, patience.tellLoading))) yield { news: 'loading' };
      const response = yield* whenLoaded(asked, ask, either);
      isAnswering = true;
      onBytes();
      for await (const part of readAnswer(response, onBytes, habits)) {
        either.throwIfAborted();
        if (typeof part === 'string') clearTimeout(wordless);
        yield part;
      }
      either.throwIfAborted();
    } catch (error) {
      signal.throwIfAborted();
      throw stalled.signal.aborted ? stalled.signal.reason : chatError(error, isAnswering);
    } finally {
      clearTimeout(silence);
      clearTimeout(wordless);
      stalled.abort();
    }
  }

  /**
   * Waits for a server on this machine or in its network that refuses while it loads its model (llama-server). It does
   * not work at what it has refused, so it is asked again; the limit is that of its silence.
   */
  async function* whenLoaded(
    asked: Promise<Response>,
    again: () => Promise<Response>,
    signal: AbortSignal,
  ): AsyncGenerator<ReplyPart, Response> {
    for (let next = asked, hasTold = false; ; next = again()) {
      try {
        return await next;
      } catch (error) {
        if (!nearby || !saysLoading(error)) throw error;
        if (!hasTold) yield { news: 'loading' };
        hasTold = true;
        await sleep(patience.askAgain, undefined, { signal });
      }
    }
  }

  return {
    partner: { kind: 'endpoint', model },

    async toEnglish(request: ChatRequest, signal: AbortSignal) {
      let english = '';
      for await (const part of stream(bridgeMessages(request), signal)) {
        if (typeof part === 'string') english += part;
        else if (part.news === 'taken-back') english = '';
      }
      return english.trim() === '' ? null : english.trim();
    },

    reply: (request, signal) => stream(replyMessages(request), signal),

    suggestions: () => [],
  };
}

/** Whether an answer takes so long that the learner should know why. */
async function isSlow(asked: Promise<unknown>, afterMs: number): Promise<boolean> {
  const waited = Promise.withResolvers<boolean>();
  const timer = setTimeout(waited.resolve, afterMs, true);
  // What failed is told by whoever waits for it.
  const notSlow = () => false;
  try {
    return await Promise.race([waited.promise, asked.then(notSlow, notSlow)]);
  } finally {
    clearTimeout(timer);
  }
}

const saysLoading = (error: unknown): boolean =>
  error instanceof OpenAI.APIError && error.status === 503 && /loading model/i.test(error.message);

/** What a failure of the library or the network means to the learner. Nothing of the request is kept: it has the key. */
function chatError(error: unknown, isAnswering: boolean): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof OpenAI.APIConnectionTimeoutError) return new AppError('chat/timeout');
  if (error instanceof OpenAI.APIError && typeof error.status === 'number') {
    return refusalError({ status: error.status, payload: error.error ?? pageOr(error.message) });
  }
  const network = networkError(error, isAnswering);
  if (network) return network;
  if (error instanceof OpenAI.APIConnectionError) return new AppError('chat/unreachable');
  if (error instanceof TypeError && /terminated|network|fetch/i.test(error.message)) {
    return new AppError(isAnswering ? 'chat/cut-short' : 'chat/unreachable');
  }
  return new AppError('chat/bad-response', error instanceof Error ? error.name : undefined);
}

/** The library puts a body that is no JSON behind the status; a page says nothing worth reading. */
function pageOr(message: string): string | null {
  const body = message.replace(/^\d{3}\s*/, '');
  return body === '' || body.startsWith('<') || body === 'status code (no body)' ? null : body;
}
