import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../shared/errors.js';
import { readAnswer } from './completion-stream.js';

/** Forms of answers that the cases of `chat-streams.json` have siblings of; what is known of each is in its name. */

interface Outcome {
  readonly text: string;
  readonly error: string | null;
  readonly thought: boolean;
}

async function outcomeOf(response: Response): Promise<Outcome> {
  let text = '';
  let thought = false;
  try {
    for await (const part of readAnswer(response, () => undefined)) {
      if (typeof part === 'string') text += part;
      else if (part.news === 'taken-back') text = '';
      else thought ||= part.news === 'thinking';
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { text, error: error.code, thought };
  }
  return { text, error: null, thought };
}

/** The answer in one piece, and cut into single bytes: both must come to the same. */
async function answer(body: string, status = 200): Promise<Outcome> {
  const bytes = Buffer.from(body);
  const cut = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
      controller.close();
    },
  });
  const whole = await outcomeOf(new Response(bytes, { status }));
  const pieces = await outcomeOf(new Response(cut, { status }));
  expect(pieces).toEqual(whole);
  return whole;
}

const event = (payload: unknown) => `data: ${typeof payload === 'string' ? payload : JSON.stringify(payload)}\n\n`;
const delta = (fields: object, finish: unknown = null) =>
  event({ choices: [{ index: 0, delta: fields, finish_reason: finish }] });
const done = event('[DONE]');
const hello = { text: 'Hello.', error: null, thought: false };

describe('a reply is whole', () => {
  it.each([
    ['from a single completion with parts', '{"choices":[{"message":{"content":[{"type":"text","text":"Hello."}]}}]}'],
    ['with a part that is no list', delta({ content: { type: 'text', text: 'Hello.' } }) + done],
    ['with a text that is an object', delta({ content: [{ type: 'text', text: { value: 'Hello.' } }] }) + done],
    ['as an old completion', event({ choices: [{ text: 'Hello.', finish_reason: 'stop' }] })],
    ['as a refusal in words', delta({ content: null, refusal: 'Hello.' }, 'stop')],
    [
      'with chunks of usage and filters',
      event({ choices: [] }) + delta({ content: 'Hello.' }, 'stop') + event({ usage: {} }),
    ],
    ['with choices that are null', event({ choices: null, usage: {} }) + delta({ content: 'Hello.' }, 'stop')],
    ['with “null” for a reason', delta({ content: 'Hello' }, 'null') + delta({ content: '.' }, 'none') + done],
    ['with a reason in capitals', delta({ content: 'Hello.' }, 'STOP')],
    ['with another reason', delta({ content: 'Hello.' }, 'eos')],
    ['behind a mark in other letters', delta({ content: 'Hello.' }) + 'data:  [done] \n\n'],
    ['behind a mark in quotes', delta({ content: 'Hello.' }) + 'data: "[DONE]"\n\n'],
    ['wrapped up by a gateway', JSON.stringify({ code: 0, data: { choices: [{ message: { content: 'Hello.' } }] } })],
    ['in DashScope’s own form', JSON.stringify({ output: { choices: [{ message: { content: 'Hello.' } }] } })],
    [
      'in Ollama’s own form',
      '{"message":{"content":"Hel"},"done":false}\n{"message":{"content":"lo."},"done":true,"done_reason":"stop"}\n',
    ],
    ['with one chunk to a line and no marks', delta({ content: 'Hello.' }, 'stop').replace('data: ', '').trim()],
    ['with a bill that fails behind it', delta({ content: 'Hello.' }, 'stop') + event({ error: { code: 402 } })],
    ['with tool calls among it', delta({ tool_calls: [{ index: 0 }] }) + delta({ content: 'Hello.' }, 'tool_calls')],
    ['with names and numbers of events', `id: 1\nevent: chunk\nretry: 5\n${delta({ content: 'Hello.' }, 'stop')}`],
    [
      'over several lines of data',
      event('{"choices":\ndata: [{"delta":{"content":"Hello."},\ndata: "finish_reason":"stop"}]}'),
    ],
    [
      'with keep-alives',
      `:\n\n: ping\n\nevent: ping\ndata: {}\n\ndata: ping\n\n\n\n${delta({ content: 'Hello.' }, 'stop')}`,
    ],
    [
      'with an error that is null',
      event({ error: null, choices: [{ delta: { content: 'Hello.' }, finish_reason: 'stop' }] }),
    ],
  ])('%s', async (_what, body) => {
    expect(await answer(body)).toEqual(hello);
  });

  it('in every script', async () => {
    const text = 'Café 报销 🎉 naïve';
    expect(await answer(delta({ content: text }) + done)).toEqual({ ...hello, text });
  });

  it('though the connection breaks behind its end', async () => {
    const pieces = [Buffer.from(delta({ content: 'Hello.' }, 'stop'))];
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        const piece = pieces.shift();
        if (piece) controller.enqueue(piece);
        else controller.error(new TypeError('terminated'));
      },
    });
    expect(await outcomeOf(new Response(body))).toEqual(hello);
  });
});

describe('thinking is told and left out', () => {
  it.each([
    ['reasoning', { reasoning: 'Zebra' }],
    ['reasoning_details', { reasoning_details: [{ type: 'reasoning.text', text: 'Zebra' }] }],
    ['reasoning_text', { reasoning_text: 'Zebra' }],
    ['thinking', { thinking: 'Zebra' }],
    ['an object', { reasoning_content: { text: 'Zebra' } }],
    ['a part', { content: [{ type: 'reasoning', text: 'Zebra' }] }],
  ])('in the field: %s', async (_what, fields) => {
    expect(await answer(delta(fields) + delta({ content: 'Hello.' }) + done)).toEqual({ ...hello, thought: true });
  });

  it.each([
    '<think>Zebra</think>Hello.',
    '<Think>\nZebra\n</Think>\n\nHello.',
    '\n\n<thinking>Zebra</thinking> Hello.',
    '<thought>Zebra</thought>Hello.',
    '<reasoning effort="low">Zebra</reasoning>Hello.',
    '<seed:think>Zebra</seed:think>Hello.',
    '<think>Zebra < 5 </div> <b></think>Hello.',
    '[THINK]Zebra[/THINK]Hello.',
    '◁think▷Zebra◁/think▷Hello.',
    '<|begin_of_thought|>Zebra<|end_of_thought|><|begin_of_solution|>Hello.<|end_of_solution|>',
    '<|channel|>analysis<|message|>Zebra<|end|><|start|>assistant<|channel|>final<|message|>Hello.<|return|>',
    '<|start|>assistant<|channel|>commentary to=x <|constrain|>json<|message|>Zebra<|end|><|channel|>final<|message|>Hello.',
    '<|channel>thought\nZebra<channel|>Hello.',
  ])('in the text: %s', async (content) => {
    // What is over in the same piece is not told.
    expect(await answer(delta({ content }) + done)).toEqual(hello);
    const letters = Array.from(content, (letter) => delta({ content: letter })).join('');
    expect(await answer(letters + done)).toEqual({ ...hello, thought: true });
  });

  it.each([
    ['without an opening mark', 'Zebra\n</think>\n\nHello.'],
    ['without an opening mark, in gpt-oss’ words', '<|channel|>final<|message|>Hello.<|end|>'],
    ['that is empty', '<think>\n\n</think>\n\nHello.'],
    ['twice', '<think>Zebra</think><think>Zebra</think>Hello.'],
    ['within thinking', '<think>Zebra <think>zebra</think> zebra</think>Hello.'],
  ])('%s', async (_what, content) => {
    expect((await answer(delta({ content }) + done)).text.trim()).toBe('Hello.');
    const letters = Array.from(content, (letter) => delta({ content: letter })).join('');
    expect((await answer(letters + done)).text.trim()).toBe('Hello.');
  });

  it('never closed, and cut by the limit', async () => {
    expect(await answer(delta({ content: '<think>Zebra' }, 'length'))).toMatchObject({
      text: '',
      error: 'chat/length-limit',
    });
  });

  it.each([
    'If x < y and y <z then x <b>wins</b>.',
    'Write <thin or <a href="x">, [THIN or [1], and ◁ or <| or a | b.',
    'I think </i> so. Thinking [is] hard <3 ',
    'It ends with <',
    'It ends with <think',
    'It ends with [TH',
  ])('and nothing else is: %s', async (content) => {
    expect(await answer(delta({ content }) + done)).toEqual({ text: content, error: null, thought: false });
    const letters = Array.from(content, (letter) => delta({ content: letter })).join('');
    expect(await answer(letters + done)).toEqual({ text: content, error: null, thought: false });
  });
});

describe('a reply that is not whole says why', () => {
  it.each([
    ['length', 'chat/length-limit'],
    ['MAX_TOKENS', 'chat/length-limit'],
    ['model_context_window_exceeded', 'chat/length-limit'],
    ['content_filter', 'chat/filtered'],
    ['SAFETY', 'chat/filtered'],
    ['sensitive', 'chat/filtered'],
    ['insufficient_system_resource', 'chat/server'],
    ['network_error', 'chat/server'],
    ['abort', 'chat/cut-short'],
  ])('%s', async (reason, error) => {
    expect(await answer(delta({ content: 'Hel' }) + delta({}, reason) + done)).toMatchObject({ text: 'Hel', error });
  });

  it.each([
    [
      'an error that is a list',
      '[{"error":{"code":400,"message":"API key not valid.","status":"INVALID_ARGUMENT"}}]',
      'chat/unauthorised',
    ],
    ['an error that is a string', event({ error: 'model is overloaded' }), 'chat/server'],
    ['an error in plain words', 'event: error\ndata: Too Many Requests\n\n', 'chat/rate-limited'],
    ['an error in plain words without a name', 'data: [ERROR] 余额不足\n\n', 'chat/out-of-money'],
    ['a body with msg', '{"code":401,"msg":"令牌无效"}', 'chat/unauthorised'],
    ['an event with msg', event({ code: 30001, msg: '账户余额不足' }), 'chat/out-of-money'],
    [
      'an event of Baidu',
      event({ error_code: 336003, error_msg: 'the max input length is 20000, prompt too long' }),
      'chat/conversation-too-long',
    ],
    [
      'an event of vLLM',
      event({ object: 'error', message: 'Rate limit reached', type: 'x', code: 429 }),
      'chat/rate-limited',
    ],
    [
      'an event of Anthropic',
      event({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }),
      'chat/server',
    ],
    ['errors in a list', '{"errors":[{"message":"Invalid token"}]}', 'chat/unauthorised'],
    ['a number in words', event({ error: { code: '429', message: 'slow down' } }), 'chat/rate-limited'],
    ['a number beside', event({ error: { status: 503, message: 'x' } }), 'chat/server'],
    ['detail alone', '{"detail":"Not authenticated"}', 'chat/unauthorised'],
    ['success: false', '{"success":false,"message":"用户额度不足"}', 'chat/out-of-money'],
    ['a page', '\n<html><body>Login</body></html>', 'chat/wrong-address'],
    ['an answer of another service', '{"status":"ok"}', 'chat/bad-response'],
    ['JSON that is cut', '{"choices":[{"message":{"content":"Hel', 'chat/bad-response'],
    ['no events at all', 'Welcome to nginx!', 'chat/bad-response'],
    ['plain words', 'Insufficient balance.', 'chat/out-of-money'],
    ['nothing', '', 'chat/cut-short'],
    ['keep-alives alone', ': ping\n\n', 'chat/cut-short'],
  ])('%s', async (_what, body, error) => {
    expect(await answer(body)).toEqual({ text: '', error, thought: false });
  });
});
