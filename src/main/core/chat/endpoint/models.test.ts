import { afterAll, beforeAll, expect, it } from 'vitest';
import { startChatServer, type ChatServer } from '../../testing/chat-server.js';
import { listModels } from './models.js';

let server: ChatServer;
beforeAll(async () => {
  server = await startChatServer();
});
afterAll(() => server.close());

const list = (patienceMs = 60_000) =>
  listModels({ baseUrl: server.baseUrl, key: 'sk-1', fetch: globalThis.fetch, patienceMs });

function offer(body: unknown, status = 200): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  server.offer({ kind: 'raw', status, headers: { 'content-type': 'application/json' }, body: [text] });
}

it.each([
  ['as OpenAI has it', { object: 'list', data: [{ id: 'b', object: 'model' }, { id: 'a' }] }],
  ['as llama-server has it', { models: [{ name: 'x' }], object: 'list', data: [{ id: 'b' }, { id: 'a' }] }],
  ['as gateways have it', { models: [{ name: 'b' }, { name: 'a' }] }],
  ['as a bare list', [{ id: 'b' }, { id: 'a' }]],
  ['as names', { data: ['b', 'a'] }],
  ['with nonsense among it', { data: [null, 7, { id: 'b' }, { id: '' }, {}, { id: 'b' }, { id: ' a ' }] }],
])('a list %s is read, in its order', async (_what, body) => {
  offer(body);
  expect(await list()).toEqual(['b', 'a']);
  expect(server.listings.at(-1)).toBe('Bearer sk-1');
});

it.each([
  ['that refuses', '{"error":{"message":"Incorrect API key provided"}}', 401],
  ['that knows of no list', '404 page not found', 404],
  ['that fails', '{"error":"busy"}', 503],
  ['that is a page', '<!doctype html><title>Sign in</title>', 200],
  ['that answers nothing', '', 200],
  ['that answers another thing', '{"data":"none"}', 200],
  ['whose names are no names', { data: [{ id: 'x'.repeat(201) }, { id: 'a\u{202e}b' }, { id: 'a\nb' }] }, 200],
])('an endpoint %s has no models, and is asked once', async (_what, body, status) => {
  const before = server.listings.length;
  offer(body, status);
  expect(await list()).toEqual([]);
  expect(server.listings.length - before).toBe(1);
});

it('a list is cut to a length that can be chosen from', async () => {
  offer({ data: Array.from({ length: 5000 }, (_, index) => ({ id: `m${String(index)}` })) });
  expect((await list()).length).toBe(1000);
});

it('a list without an end is not read to it', async () => {
  server.offer({ kind: 'endless' });
  expect(await list()).toEqual([]);
});

it('an endpoint that is silent, before or within its answer, is waited for only so long', async () => {
  server.offer({ kind: 'silent' });
  expect(await list(50)).toEqual([]);
  const never = new Promise(() => undefined);
  server.offer({ kind: 'raw', status: 200, headers: {}, body: ['{"data":[', { wait: never }] });
  expect(await list(50)).toEqual([]);
});

it('an endpoint that is not there has no models', async () => {
  expect(await listModels({ baseUrl: 'http://127.0.0.1:9/v1', key: null, fetch: globalThis.fetch })).toEqual([]);
});
