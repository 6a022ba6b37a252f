import { createParser } from 'eventsource-parser';
import { AppError, type ErrorCode } from '../../../../shared/errors.js';
import type { ReplyPart } from '../chat-model.js';
import { isRefusal, refusalError } from './failures.js';
import { createThinkingFilter } from './thinking.js';

/** An answer that is larger, or does not end, is no spoken reply. */
const largestAnswerBytes = 20 * 1024 * 1024;
/** A spoken reply is a few sentences. */
const longestReplyCharacters = 20_000;
/** How long an answer that is whole is still waited for to end. */
const lingerMs = 2_000;

/** What is learnt of a model at an endpoint while the app runs. */
export interface ModelHabits {
  /** It closes a thinking that it never opened. */
  thinksUnopened: boolean;
}

/** The parts of a chunk or a completion that are used; endpoints leave out any of them, or send them as null. */
interface Choice {
  readonly delta?: Message | null;
  readonly message?: Message | null;
  readonly text?: unknown;
  readonly finish_reason?: unknown;
}
interface Message {
  readonly content?: unknown;
  readonly refusal?: unknown;
  readonly reasoning_content?: unknown;
  readonly reasoning?: unknown;
  readonly reasoning_details?: unknown;
  readonly reasoning_text?: unknown;
  readonly thinking?: unknown;
  readonly thoughts?: unknown;
}

/** Reasons for which a reply ends before its end, in lower case, with the codes they mean; every other is a good one. */
const badEnds: Readonly<Record<string, ErrorCode>> = {
  length: 'chat/length-limit',
  max_tokens: 'chat/length-limit',
  max_output_tokens: 'chat/length-limit',
  max_completion_tokens: 'chat/length-limit',
  model_length: 'chat/length-limit',
  model_context_window_exceeded: 'chat/length-limit',
  content_filter: 'chat/filtered',
  'content-filter': 'chat/filtered',
  sensitive: 'chat/filtered',
  safety: 'chat/filtered',
  recitation: 'chat/filtered',
  prohibited_content: 'chat/filtered',
  blocklist: 'chat/filtered',
  error: 'chat/server',
  network_error: 'chat/server',
  insufficient_system_resource: 'chat/server',
  abort: 'chat/cut-short',
  aborted: 'chat/cut-short',
  cancelled: 'chat/cut-short',
};

/**
 * Reads an endpoint's answer, whatever it is: a stream of events as OpenAI documents it and as others take it, a whole
 * completion in JSON, a failure, or a web page. Yields the reply's parts as they come; throws an `AppError` with a
 * `chat/…` code. `onBytes` is told of every sign of life; what is learnt of the model's habits is noted.
 */
export async function* readAnswer(
  response: Response,
  onBytes: () => void,
  habits: ModelHabits = { thinksUnopened: false },
): AsyncGenerator<ReplyPart> {
  if (!response.ok) throw refusalError({ status: response.status, payload: await readPayload(response) });
  const reader = createReplyReader(habits);
  const decoder = new TextDecoder();
  const seen = { isStream: false };
  const parser = createParser({
    onEvent: ({ event, data }) => {
      seen.isStream = true;
      reader.event(event, data);
    },
    onComment: () => {
      seen.isStream = true;
    },
  });
  let opening = '';
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
    if (!seen.isStream && opening.length < 1000) opening += text;
    text = '';
    yield* reader.take();
    if (reader.isDone) break;
  }
  if (kind === 'whole') reader.whole(text);
  // What a last event lacks of its end does not make it less of an event.
  else if (!reader.isDone) parser.feed('\n\n');
  yield* reader.take();
  // Something was answered, and it is neither a stream nor JSON.
  if (kind === 'events' && !seen.isStream) throw refusalError({ status: 200, payload: opening });
  yield* reader.end();
}

/** A body's chunks. Once the reply is whole, an endpoint that keeps the connection open is not waited for. */
async function* chunksOf(response: Response, isWhole: () => boolean): AsyncGenerator<Uint8Array> {
  const body = response.body?.getReader();
  if (!body) return;
  try {
    for (;;) {
      const next = body.read();
      // A connection that breaks once the reply is whole takes nothing of it away.
      const chunk = isWhole() ? await Promise.race([next.catch(() => null), lingering()]) : await next;
      if (chunk === null || chunk.done) return;
      yield chunk.value;
    }
  } finally {
    body.cancel().catch(() => undefined);
  }
}

const lingering = () => new Promise<null>((resolve) => setTimeout(resolve, lingerMs, null));

/** Makes parts of events; see `readAnswer`. */
function createReplyReader(habits: ModelHabits) {
  const thinking = createThinkingFilter({ unopened: habits.thinksUnopened });
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
    const choice = choiceIn(payload);
    const message = choice?.delta ?? choice?.message ?? {};
    const { text, takenBack } = thinking.push(wordsIn(message.content ?? message.refusal ?? choice?.text));
    if (takenBack) {
      // From the next reply on it is not even begun to be said.
      habits.thinksUnopened = true;
      parts.push({ news: 'taken-back' });
      characters = 0;
    }
    tellThinking(thinking.isThinking || (text === '' && hasThoughts(message)));
    say(text);
    // What goes wrong behind the end of a reply, with its bill for instance, is no matter of the learner's.
    if (finish === null && isRefusal(payload)) throw refusalError({ status: 200, payload });
    const reason = choice?.finish_reason;
    // Some write "none" or "null" while there is none.
    if (typeof reason === 'string' && !/^(?:|null|none)$/i.test(reason)) finish ??= reason.toLowerCase();
  }

  function readData(data: string, isError: boolean): void {
    const payload = parseJson(data);
    if (typeof payload === 'object' && payload !== null) {
      if (isError && !isRefusal(payload)) throw refusalError({ status: 200, payload });
      read(payload);
    } else if (isError || /^\s*\[?error\b/i.test(data)) throw refusalError({ status: 200, payload: data });
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
          if (/^\s*"?\[DONE\]"?\s*$/i.test(line)) isDone = true;
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
        if (/^\s*</.test(body)) throw refusalError({ status: 200, payload: null });
        // A stream of one JSON to a line, without the marks of events.
        for (const line of body.split('\n')) if (line.trim() !== '') this.event(undefined, line);
        if (sawNonsense) throw new AppError('chat/bad-response');
        return;
      }
      if (!choiceIn(payload)) throw refusalError({ status: 200, payload });
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
      if (thinking.wasAnswer) habits.thinksUnopened = false;
      if (rest !== '') yield rest;
      if (failure) throw failure;
      const bad = badEnds[finish ?? ''];
      if (bad) throw new AppError(bad);
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

/** A chunk's or completion's first choice, also where a gateway has wrapped it up or the message stands alone. */
function choiceIn(payload: object): Choice | undefined {
  const { choices, message, done, done_reason, output, data, result } = payload as Readonly<Record<string, unknown>>;
  if (Array.isArray(choices)) return (choices as unknown[])[0] ?? {};
  if (typeof message === 'object' && message !== null) {
    return { message, finish_reason: done === true ? (done_reason ?? 'stop') : null };
  }
  const inner = [output, data, result].find((each) => typeof each === 'object' && each !== null && 'choices' in each);
  return inner ? choiceIn(inner) : undefined;
}

/** The words of a content: a string, a part, or a list of parts of which those of thinking are left out. */
function wordsIn(content: unknown): string {
  if (typeof content === 'string') return content;
  if (Array.isArray(content)) return content.map(wordsIn).join('');
  if (typeof content !== 'object' || content === null) return '';
  const { type, text, refusal } = content as Readonly<Record<string, unknown>>;
  if (type === 'refusal') return wordsIn(refusal);
  if (type !== undefined && type !== 'text' && type !== 'output_text') return '';
  if (typeof text === 'string') return text;
  const { value } = (text ?? {}) as { readonly value?: unknown };
  return typeof value === 'string' ? value : '';
}

/** Whether a message holds thinking, in whichever of the fields that endpoints have for it. */
function hasThoughts(message: Message): boolean {
  const { content, reasoning_content, reasoning, reasoning_details, reasoning_text, thinking, thoughts } = message;
  return (
    [reasoning_content, reasoning, reasoning_details, reasoning_text, thinking, thoughts].some(holdsAnything) ||
    (Array.isArray(content) &&
      content.some((part) => /think|reason/.test(String((part as { type?: unknown } | null)?.type))))
  );
}

const holdsAnything = (value: unknown): boolean =>
  typeof value === 'string'
    ? value !== ''
    : Array.isArray(value)
      ? value.length > 0
      : typeof value === 'object' && value !== null && Object.values(value).some(holdsAnything);
