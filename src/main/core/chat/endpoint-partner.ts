import OpenAI from 'openai';
import { AppError, type ErrorCode } from '../../../shared/errors.js';
import type { ChatModel, ChatRequest } from './chat-model.js';
import { bridgeMessages, replyMessages } from './prompts.js';

/** How long the endpoint may take until it begins to answer, and between two deltas. */
const patienceMs = 30_000;

/** A spoken reply is a few sentences; something that does not end is not one. */
const longestReplyCharacters = 20_000;

export interface EndpointOptions {
  /** An OpenAI-compatible base URL, e.g. `https://api.example.com/v1`. */
  readonly baseUrl: string;
  /** Null for a local server that wants none. */
  readonly key: string | null;
  readonly model: string;
  readonly fetch: typeof fetch;
}

/** A chat model behind any OpenAI-compatible endpoint. */
export function createEndpointPartner({ baseUrl, key, model, fetch }: EndpointOptions): ChatModel {
  const client = new OpenAI({
    baseURL: baseUrl,
    apiKey: key ?? 'none',
    fetch,
    timeout: patienceMs,
    maxRetries: 1,
    // The library would log requests on its own when an environment variable asks for it.
    logLevel: 'off',
    organization: null,
    project: null,
  });

  async function* stream(messages: OpenAI.ChatCompletionMessageParam[], signal: AbortSignal): AsyncGenerator<string> {
    // One signal ends the request for either reason: the learner's, or the endpoint's silence.
    const stalled = new AbortController();
    const either = AbortSignal.any([signal, stalled.signal]);
    let timer = setTimeout(stall, patienceMs);
    function stall(): void {
      stalled.abort(new AppError('chat/timeout'));
    }
    try {
      const chunks = await client.chat.completions.create({ model, messages, stream: true }, { signal: either });
      let characters = 0;
      let finished = false;
      for await (const chunk of chunks) {
        clearTimeout(timer);
        timer = setTimeout(stall, patienceMs);
        // Some endpoints send chunks without choices (token counts), or choices without a delta.
        const choice = (chunk as Partial<typeof chunk>).choices?.[0] as
          Partial<OpenAI.ChatCompletionChunk.Choice> | undefined;
        const delta = choice?.delta?.content ?? '';
        characters += delta.length;
        if (characters > longestReplyCharacters) throw new AppError('chat/too-long');
        if (delta !== '') yield delta;
        if (choice?.finish_reason) finished = true;
      }
      // The library ends quietly when it is aborted, and when the connection is closed before the end.
      either.throwIfAborted();
      if (!finished) throw new AppError('chat/cut-short');
    } catch (error) {
      signal.throwIfAborted();
      throw stalled.signal.aborted ? stalled.signal.reason : chatError(error);
    } finally {
      clearTimeout(timer);
      stalled.abort();
    }
  }

  return {
    partner: { kind: 'endpoint', model },

    async toEnglish(request: ChatRequest, signal: AbortSignal) {
      let english = '';
      for await (const delta of stream(bridgeMessages(request), signal)) english += delta;
      return english.trim() === '' ? null : english.trim();
    },

    reply: (request, signal) => stream(replyMessages(request), signal),

    suggestions: () => [],
  };
}

/** What a failure of the library or the network means to the learner. Nothing of the request is kept: it has the key. */
function chatError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof OpenAI.APIConnectionTimeoutError) return new AppError('chat/timeout');
  if (error instanceof OpenAI.APIConnectionError) return new AppError(connectionCode(error), systemCode(error));
  const status = error instanceof OpenAI.APIError ? (error.status as number | undefined) : undefined;
  if (status !== undefined) return new AppError(statusCode(status), `HTTP ${String(status)}`);
  // A body that ends in the middle, is no JSON, or is no event stream.
  const code = systemCode(error);
  if (code !== undefined && /^(UND_ERR|ECONN|EPIPE)/.test(code)) return new AppError('chat/cut-short', code);
  if (error instanceof TypeError && /terminated|network|fetch/i.test(error.message)) {
    return new AppError('chat/cut-short');
  }
  return new AppError('chat/bad-response', error instanceof Error ? error.name : undefined);
}

function statusCode(status: number): ErrorCode {
  if (status === 401 || status === 403) return 'chat/unauthorised';
  if (status === 404) return 'chat/model-not-found';
  if (status === 408) return 'chat/timeout';
  if (status === 429) return 'chat/rate-limited';
  return status >= 500 ? 'chat/server' : 'chat/bad-response';
}

function connectionCode(error: unknown): ErrorCode {
  const code = systemCode(error) ?? '';
  return /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|SSL/.test(code) ? 'chat/untrusted' : 'chat/unreachable';
}

/** The system's code (`ECONNREFUSED`, …) of an error or of what caused it. */
function systemCode(error: unknown): string | undefined {
  for (let each = error; each instanceof Error; each = each.cause) {
    const code = (each as { code?: unknown }).code;
    if (typeof code === 'string') return code;
  }
  return undefined;
}
