import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError, type ErrorCode } from '../../../../shared/errors.js';
import { startChatServer, type ChatServer } from '../../testing/chat-server.js';
import type { ChatRequest, ReplyPart } from '../chat-model.js';
import { createEndpointPartner } from '../endpoint-partner.js';

/** What endpoints answer, as users of other apps have reported it. Times are a twentieth of what they were. */
interface StreamCase {
  readonly id: string;
  readonly what: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: readonly (string | { readonly waitMs: number })[];
  readonly waitMsBeforeHeaders?: number;
  readonly request?: 'bridge';
  readonly reply?: string;
  readonly error?: string;
  readonly partial?: string;
}
const cases = JSON.parse(
  readFileSync(join(import.meta.dirname, 'cases/chat-streams.json'), 'utf8'),
) as readonly StreamCase[];

/** What the cases that say it in words want. */
const codes: Readonly<Record<string, ErrorCode>> = {
  'error-in-stream-context': 'chat/conversation-too-long',
  'wrong-path-json': 'chat/wrong-address',
  'html-page': 'chat/wrong-address',
  'no-money-402': 'chat/out-of-money',
  'no-money-403': 'chat/out-of-money',
  'region-403': 'chat/region',
  length: 'chat/length-limit',
  'content-filter': 'chat/filtered',
};

const request: ChatRequest = { theme: 'Weather', sceneId: null, history: [], prompt: 'Hello.' };
/** A twentieth of the real limits, so that a busy machine is not taken for an endpoint that stalls. */
const patience = { silent: 1500, loading: 15_000, wordless: 15_000, tellLoading: 600_000, askAgain: 1 };

let server: ChatServer;
beforeAll(async () => {
  server = await startChatServer();
});
afterAll(() => server.close());

const partner = () =>
  createEndpointPartner({ baseUrl: server.baseUrl, key: 'k', model: 'm', fetch: globalThis.fetch, patience });

interface Outcome {
  readonly text: string;
  readonly error: string | null;
  readonly news: readonly string[];
}

async function outcomeOf(parts: AsyncIterable<ReplyPart>): Promise<Outcome> {
  let text = '';
  const news: string[] = [];
  try {
    for await (const part of parts) {
      if (typeof part === 'string') text += part;
      else {
        news.push(part.news);
        if (part.news === 'taken-back') text = '';
      }
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { text, error: error.code, news };
  }
  return { text, error: text.trim() === '' ? 'chat/empty' : null, news };
}

const never = new AbortController().signal;

/** Answers a reply with these pieces. */
function answerTo(each: StreamCase, body: readonly (string | Uint8Array | { readonly waitMs: number })[]) {
  const waitMsBeforeHeaders = each.waitMsBeforeHeaders === undefined ? undefined : each.waitMsBeforeHeaders / 20;
  server.behave({ kind: 'raw', status: each.status, headers: each.headers, waitMsBeforeHeaders, body });
  return outcomeOf(partner().reply(request, never));
}

const scaled = (each: StreamCase) =>
  (each.body ?? []).map((piece) => (typeof piece === 'string' ? piece : { waitMs: piece.waitMs / 20 }));

const streams = cases.filter(({ body }) => body !== undefined);

describe('an endpoint’s answer', () => {
  it.each(streams)('$id: $what', async (each) => {
    const before = server.requests.length;
    if (each.request === 'bridge') {
      server.behave({ kind: 'raw', status: 200, headers: each.headers, body: scaled(each) });
      expect(await partner().toEnglish(request, never)).toBe(each.reply);
      return;
    }
    const { text, error } = await answerTo(each, scaled(each));
    const code = codes[each.id] ?? each.error ?? null;
    expect({ text: text.trim(), error }).toEqual({ text: each.reply ?? each.partial ?? '', error: code });
    // What an endpoint refuses for good is not asked twice, nor is one that loads its model.
    if (each.id !== 'error-in-stream-rate') expect(server.requests.length - before).toBe(1);
  });

  it('is the same however its bytes are cut', async () => {
    for (const each of streams.filter(({ id, request }) => request === undefined && !/35s|slow/.test(id))) {
      const whole = Buffer.from((each.body ?? []).filter((piece) => typeof piece === 'string').join(''));
      const whenWhole = await answerTo(each, [whole]);
      for (const size of [1, 7, 64]) {
        const pieces = Array.from({ length: Math.ceil(whole.length / size) }, (_, index) =>
          whole.subarray(index * size, (index + 1) * size),
        );
        const cut = await answerTo(each, pieces);
        expect({ id: each.id, size, ...cut, news: [] }).toEqual({ id: each.id, size, ...whenWhole, news: [] });
      }
    }
  });

  it('may have any line ends, no space behind “data:”, and a mark of its byte order', async () => {
    const [plain] = streams;
    if (!plain) throw new Error('no cases');
    for (const change of [
      (text: string) => text.replaceAll('\n', '\r\n'),
      (text: string) => text.replaceAll('\n', '\r'),
      (text: string) => text.replaceAll('data: ', 'data:'),
      (text: string) => `\u{feff}${text}`,
      (text: string) => `id: 7\nretry: 100\nevent: message\n${text}`,
    ]) {
      const body = [change((plain.body ?? []).filter((piece) => typeof piece === 'string').join(''))];
      expect(await answerTo(plain, body)).toMatchObject({ text: 'Hello.', error: null });
    }
  });
});

const chunk = (delta: object, finish: string | null = null) =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
const streamed = { status: 200, headers: { 'content-type': 'text/event-stream' } };
const answerWith = (...body: readonly string[]) => answerTo({ id: '', what: '', ...streamed }, body);

describe('thinking', () => {
  const done = [chunk({}, 'stop'), 'data: [DONE]\n\n'];

  it('is told, and never part of the reply', async () => {
    for (const deltas of [
      [{ reasoning_content: 'Let me' }, { reasoning_content: ' see.' }, { content: 'Hello.' }],
      [{ reasoning: 'Let me see.' }, { content: 'Hello.' }],
      [{ content: '<thinking>Let me' }, { content: ' see.</thinking>\n\nHello.' }],
      [{ content: '<' }, { content: 'think' }, { content: '>So.<' }, { content: '/think' }, { content: '>Hello.' }],
    ]) {
      const outcome = await answerWith(...deltas.map((delta) => chunk(delta)), ...done);
      expect(outcome).toEqual({ text: 'Hello.', error: null, news: ['thinking'] });
    }
  });

  it('that began without its tag is taken back when its end comes', async () => {
    const outcome = await answerWith(
      ...['Okay, the user ', 'greets.', '\n</th', 'ink>\n', '\nHello.'].map((content) => chunk({ content })),
      ...done,
    );
    expect(outcome).toEqual({ text: 'Hello.', error: null, news: ['taken-back'] });
  });

  it('is not suspected where a word is less than another', async () => {
    const outcome = await answerWith(...['3 ', '<', ' 5, and x<', 'y.'].map((content) => chunk({ content })), ...done);
    expect(outcome.text).toBe('3 < 5, and x<y.');
  });
});

describe('a failure', () => {
  const refused = (status: number, body: string, type = 'application/json') =>
    answerTo({ id: '', what: '', status, headers: { 'content-type': type } }, [body]);

  it.each([
    [
      400,
      '{"error":{"code":"Arrearage","message":"Access denied, please make sure your account is in good standing."}}',
      'chat/out-of-money',
    ],
    [429, '{"error":{"code":"insufficient_quota","message":"You exceeded your current quota"}}', 'chat/out-of-money'],
    [429, '{"error":{"code":"1113","message":"您的账户已欠费，请充值后重试。"}}', 'chat/out-of-money'],
    [403, '{"error":{"message":"用户额度不足, 剩余额度: ¥0.00"}}', 'chat/out-of-money'],
    [
      400,
      '{"error":{"code":"context_length_exceeded","message":"This model\'s maximum context length is 4096 tokens."}}',
      'chat/conversation-too-long',
    ],
    [
      400,
      '{"error":{"message":"Range of input length should be [1, 30720]","code":"invalid_parameter_error"}}',
      'chat/conversation-too-long',
    ],
    [403, '{"error":{"message":"The model is not available in your region."}}', 'chat/region'],
    [401, '{"error":{"message":"Authentication Fails (no such user)"}}', 'chat/unauthorised'],
    [400, '{"error":{"message":"API key not valid. Please pass a valid API key."}}', 'chat/unauthorised'],
    [404, '{"error":"model \\"qwen9\\" not found, try pulling it first"}', 'chat/model-not-found'],
    [404, '{"detail":"Not Found"}', 'chat/wrong-address'],
    [404, '404 page not found', 'chat/wrong-address'],
    [405, '<html><title>405 Not Allowed</title></html>', 'chat/wrong-address'],
    [502, '<html><title>502 Bad Gateway</title></html>', 'chat/proxy'],
    [503, '', 'chat/proxy'],
    [500, '{"error":{"message":"Internal"}}', 'chat/server'],
    [503, '{"error":{"message":"Service is too busy."}}', 'chat/server'],
  ] as const)('%i %s is %s', async (status, body, code) => {
    expect(await refused(status, body)).toEqual({ text: '', error: code, news: [] });
  });
});

describe('a network of Electron', () => {
  it.each([
    ['net::ERR_CONNECTION_REFUSED', 'chat/unreachable'],
    ['net::ERR_NAME_NOT_RESOLVED', 'chat/unreachable'],
    ['net::ERR_INTERNET_DISCONNECTED', 'chat/unreachable'],
    ['net::ERR_CERT_AUTHORITY_INVALID', 'chat/untrusted'],
    ['net::ERR_CERT_DATE_INVALID', 'chat/untrusted'],
    ['net::ERR_SSL_PROTOCOL_ERROR', 'chat/untrusted'],
    ['net::ERR_PROXY_CONNECTION_FAILED', 'chat/proxy'],
    ['net::ERR_TUNNEL_CONNECTION_FAILED', 'chat/proxy'],
    ['net::ERR_CONNECTION_TIMED_OUT', 'chat/timeout'],
  ])('that fails with %s, without a code, is %s', async (message, code) => {
    const fetch = () => Promise.reject(new Error(message));
    const model = createEndpointPartner({ baseUrl: 'http://127.0.0.1:9/v1', key: null, model: 'm', fetch, patience });
    expect(await outcomeOf(model.reply(request, never))).toMatchObject({ error: code });
  });
});

it('a nearby model that loads is told, and asked once', async () => {
  const before = server.requests.length;
  const told = Promise.withResolvers<undefined>();
  server.behave({
    kind: 'raw',
    ...streamed,
    after: told.promise,
    body: [chunk({ content: 'Hello.' }, 'stop'), 'data: [DONE]\n\n'],
  });
  const loading = { ...patience, tellLoading: 1 };
  const reply = createEndpointPartner({
    baseUrl: server.baseUrl,
    key: null,
    model: 'm',
    fetch: globalThis.fetch,
    patience: loading,
  }).reply(request, never);
  async function* watched() {
    for await (const part of reply) {
      if (typeof part !== 'string' && part.news === 'loading') told.resolve(undefined);
      yield part;
    }
  }
  expect(await outcomeOf(watched())).toEqual({ text: 'Hello.', error: null, news: ['loading'] });
  expect(server.requests.length - before).toBe(1);
});

it('a nearby server that refuses while it loads its model is asked again, and that is told once', async () => {
  const before = server.requests.length;
  let refusals = 3;
  server.behave({
    kind: 'raw',
    status: 503,
    headers: { 'content-type': 'application/json' },
    body: [JSON.stringify({ error: { code: 503, message: 'Loading model', type: 'unavailable_error' } })],
  });
  const reply = partner().reply(request, never);
  async function* watched() {
    for await (const part of reply) yield part;
  }
  const outcome = outcomeOf(watched());
  while (server.requests.length - before < refusals) await new Promise((go) => setTimeout(go, 1));
  refusals = 0;
  server.behave({ kind: 'raw', ...streamed, body: [chunk({ content: 'Hello.' }, 'stop'), 'data: [DONE]\n\n'] });
  expect(await outcome).toEqual({ text: 'Hello.', error: null, news: ['loading'] });
});

it('an endpoint that closes a thinking which it never opened is not begun to be said the next time', async () => {
  const habits = { thinksUnopened: false };
  const ask = async (...contents: readonly string[]) => {
    const chunks = contents.map((content) => chunk({ content }, null));
    server.behave({ kind: 'raw', ...streamed, body: [...chunks, chunk({}, 'stop'), 'data: [DONE]\n\n'] });
    const said: string[] = [];
    const options = { baseUrl: server.baseUrl, key: 'k', model: 'm', fetch: globalThis.fetch, patience, habits };
    for await (const part of createEndpointPartner(options).reply(request, never)) {
      said.push(typeof part === 'string' ? part : `(${part.news})`);
    }
    return said;
  };
  expect(await ask('They ask how I am.', '</think>', 'Fine, thanks.')).toContain('(taken-back)');
  const second = await ask('They ask again. ', 'So I say', '</thi', 'nk>\n\nStill fine.');
  expect(second).toEqual(['(thinking)', 'Still fine.']);
  // Without a mark it was the answer after all; and one that is opened is what it says.
  expect((await ask('Hello ', 'there.')).at(-1)).toBe('Hello there.');
  expect(habits.thinksUnopened).toBe(false);
  expect((await ask('<think>Hm.</think>', 'Hello.')).join('')).toBe('Hello.');
});
