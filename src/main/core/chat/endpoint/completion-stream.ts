import { createParser } from 'eventsource-parser';
import { AppError } from '../../../../shared/errors.js';
import type { ReplyPart } from '../chat-model.js';
import { isRefusal, refusalError } from './failures.js';
import { createThinkingFilter } from './thinking.js';

/** An answer that is larger, or does not end, is no spoken reply. */
const largestAnswerBytes = 20 * 1024 * 1024;
/** A spoken reply is a few sentences. */
const longestReplyCharacters = 20_000;
/** How long an answer that is whole is still waited for to end. */
const lingerMs = 2_000;

/** The parts of a chunk or a completion that are used; endpoints leave out any of them, or send them as null. */
interface Choice {
  readonly delta?: Message | null;
  readonly message?: Message | null;
  readonly text?: unknown;
  readonly finish_reason?: unknown;
}
interface Message {
  readonly content?: unknown;
  readonly reasoning_content?: unknown;
  readonly reasoning?: unknown;
}

/**
 * Reads an endpoint's answer, whatever it is: a stream of events as OpenAI documents it and as others take it, a whole
 * completion in JSON, a failure, or a web page. Yields the reply's parts as they come; throws an `AppError` with a
 * `chat/…` code. `onBytes` is told of every sign of life.
 */
export async function* readAnswer(response: Response, onBytes: () => void): AsyncGenerator<ReplyPart> {
  if (!response.ok) throw refusalError({ status: response.status, payload: await readPayload(response) });
  const reader = createReplyReader();
  const decoder = new TextDecoder();
  const parser = createParser({
    onEvent: ({ event, data }) => {
      reader.event(event, data);
    },
  });
  let kind: 'unknown' | 'events' | 'whole' = 'unknown';
  let text = '';
  let bytes = 0;
  for await (const chunk of chunksOf(response, () => reader.isWhole)) {
    onBytes();
    bytes += chunk.byteLength;
    if (bytes > largestAnswerBytes) throw new AppError('chat/too-long');
    const more = decoder.decode(chunk, { stream: true });
    text += more;
    // Events never begin with a bracket; whole bodies in JSON and web pages do.
    if (kind === 'unknown' && text.trimStart() !== '') kind = /^\s*[{[<]/.test(text) ? 'whole' : 'events';
    if (kind !== 'events') continue;
    parser.feed(text);
    text = '';
    yield* reader.take();
    if (reader.isDone) break;
  }
  if (kind === 'whole') reader.whole(text);
  // What a last event lacks of its end does not make it less of an event.
  else if (!reader.isDone) parser.feed('\n\n');
  yield* reader.take();
  yield* reader.end();
}

/** A body's chunks. Once the reply is whole, an endpoint that keeps the connection open is not waited for. */
async function* chunksOf(response: Response, isWhole: () => boolean): AsyncGenerator<Uint8Array> {
  const body = response.body?.getReader();
  if (!body) return;
  try {
    for (;;) {
      const next = body.read();
      const chunk = isWhole() ? await Promise.race([next, lingering()]) : await next;
      if (chunk === null || chunk.done) return;
      yield chunk.value;
    }
  } finally {
    body.cancel().catch(() => undefined);
  }
}

const lingering = () => new Promise<null>((resolve) => setTimeout(resolve, lingerMs, null));

/** Makes parts of events; see `readAnswer`. */
function createReplyReader() {
  const thinking = createThinkingFilter();
  let parts: ReplyPart[] = [];
  let characters = 0;
  let toldThinking = false;
  let finish: string | null = null;
  let isDone = false;
  let sawNonsense = false;
  let failure: AppError | null = null;

  function say(text: string): void {
    if (text === '') return;
    characters += text.length;
    if (characters > longestReplyCharacters) throw new AppError('chat/too-long');
    parts.push(text);
  }

  function tellThinking(isThinking: boolean): void {
    if (isThinking && !toldThinking) parts.push({ news: 'thinking' });
    toldThinking = isThinking;
  }

  function read(payload: object): void {
    const { choices } = payload as { readonly choices?: unknown };
    const choice = (Array.isArray(choices) ? choices[0] : undefined) as Choice | undefined;
    const message = choice?.delta ?? choice?.message ?? {};
    const { text, takenBack } = thinking.push(wordsIn(message.content ?? choice?.text));
    if (takenBack) {
      parts.push({ news: 'taken-back' });
      characters = 0;
    }
    const reasons =
      wordsIn(message.reasoning_content) + wordsIn(message.reasoning) !== '' || hasThoughts(message.content);
    tellThinking(thinking.isThinking || (reasons && text === ''));
    say(text);
    if (isRefusal(payload)) throw refusalError({ status: 200, payload });
    if (typeof choice?.finish_reason === 'string' && choice.finish_reason !== '') finish = choice.finish_reason;
  }

  function readData(data: string, isError: boolean): void {
    const payload = parseJson(data);
    if (typeof payload === 'object' && payload !== null) {
      if (isError && !isRefusal(payload)) throw refusalError({ status: 200, payload });
      read(payload);
    } else if (isError) throw refusalError({ status: 200, payload: data });
    else if (/^\s*[{[<]/.test(data)) sawNonsense = true;
  }

  return {
    /** Nothing that is wanted will follow. */
    get isDone() {
      return isDone || failure !== null;
    },
    /** The reply has its end, though more may follow. */
    get isWhole() {
      return finish !== null;
    },
    event(name: string | undefined, data: string): void {
      if (this.isDone) return;
      try {
        // Where the empty line between two events is missing, both are in one.
        const lines = parseJson(data) === undefined && data.includes('\n') ? data.split('\n') : [data];
        for (const line of lines) {
          if (line.trim() === '[DONE]') isDone = true;
          else readData(line, name === 'error');
        }
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        // What came before it is told first.
        failure = error;
      }
    },
    whole(body: string): void {
      const payload = parseJson(body);
      if (typeof payload !== 'object' || payload === null) {
        throw /^\s*</.test(body) ? refusalError({ status: 200, payload: null }) : new AppError('chat/bad-response');
      }
      const { choices } = payload as { readonly choices?: unknown };
      if (!Array.isArray(choices)) throw refusalError({ status: 200, payload });
      read(payload);
      finish ??= 'stop';
    },
    take(): ReplyPart[] {
      const taken = parts;
      parts = [];
      return taken;
    },
    /** The last words; throws where the reply is not whole. */
    *end(): Generator<ReplyPart> {
      const rest = thinking.end();
      if (rest !== '') yield rest;
      if (failure) throw failure;
      if (finish === 'length' || finish === 'max_tokens') throw new AppError('chat/length-limit');
      if (finish === 'content_filter' || finish === 'sensitive') throw new AppError('chat/filtered');
      if (finish === 'error') throw new AppError('chat/server');
      if (!isDone && finish === null)
        throw new AppError(characters === 0 && sawNonsense ? 'chat/bad-response' : 'chat/cut-short');
    },
  };
}

/** Undefined where it is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

async function readPayload(response: Response): Promise<unknown> {
  const text = await response.text().catch(() => '');
  const payload = parseJson(text);
  // A sentence is worth reading; a page is not.
  return payload ?? (text.trim() === '' || /^\s*</.test(text) ? null : text);
}

/** The words of a content: a string, or a list of parts of which those of thinking are left out. */
function wordsIn(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part: unknown) => {
      if (typeof part === 'string') return part;
      const { type, text } = (part ?? {}) as { readonly type?: unknown; readonly text?: unknown };
      return typeof text === 'string' && (type === undefined || type === 'text' || type === 'output_text') ? text : '';
    })
    .join('');
}

const hasThoughts = (content: unknown): boolean =>
  Array.isArray(content) &&
  content.some((part) => /think|reason/.test(String((part as { type?: unknown } | null)?.type)));
