import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startChatServer, type ChatServer } from '../testing/chat-server.js';
import { createHarness, type Harness } from '../testing/harness.js';

let app: Harness;
let server: ChatServer;

beforeEach(async () => {
  server = await startChatServer();
  app = await createHarness({ fetch: globalThis.fetch });
});

afterEach(async () => {
  await app.close();
  await server.close();
});

const partner = async () => (await app.ask('app.snapshot', {})).status.partner;

describe('who answers', () => {
  it('is the script until an endpoint, a model and a key are set', async () => {
    await app.ask('settings.update', { chatBaseUrl: 'https://chat.invalid/v1', chatModel: 'm' });
    expect(await partner()).toEqual({ kind: 'scripted' });
    expect(await app.ask('settings.testChat', {})).toEqual({ error: { code: 'chat/not-set-up' } });
    expect(await app.ask('settings.setChatKey', { key: 'sk-1' })).toBe('session');
    expect(await partner()).toEqual({ kind: 'endpoint', model: 'm' });
    await app.event('app.status', ({ status }) => status.partner.kind === 'endpoint');
    expect(await app.ask('settings.setChatKey', { key: null })).toBe('none');
    expect(await partner()).toEqual({ kind: 'scripted' });
  });

  it('may be a local server that wants no key', async () => {
    await app.ask('settings.update', { chatBaseUrl: server.baseUrl, chatModel: 'local' });
    expect(await partner()).toEqual({ kind: 'endpoint', model: 'local' });
  });
});

describe('the connection test', () => {
  const latencyMs = expect.any(Number) as number;

  it('answers how long the first word takes, and whether more words come while the rest is written', async () => {
    await app.ask('settings.update', { chatBaseUrl: server.baseUrl, chatModel: 'local' });
    expect(await app.ask('settings.testChat', {})).toEqual({ latencyMs, streams: true });
    server.behave({
      kind: 'raw',
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: ['{"choices":[{"message":{"content":"One two three."},"finish_reason":"stop"}]}'],
    });
    expect(await app.ask('settings.testChat', {})).toEqual({ latencyMs, streams: false });
  });

  it('does not take thinking for words', async () => {
    await app.ask('settings.update', { chatBaseUrl: server.baseUrl, chatModel: 'local' });
    server.behave({ kind: 'reply', text: 'I should count. </think> One.' });
    expect(await app.ask('settings.testChat', {})).toEqual({ latencyMs, streams: false });
    server.behave({ kind: 'reply', text: '<think>I should count.' });
    expect(await app.ask('settings.testChat', {})).toEqual({ error: { code: 'chat/empty' } });
  });

  it('finds that replies break off', async () => {
    await app.ask('settings.update', { chatBaseUrl: server.baseUrl, chatModel: 'local' });
    server.behave({ kind: 'unfinished', text: 'One two three' });
    expect(await app.ask('settings.testChat', {})).toMatchObject({ error: { code: 'chat/cut-short' } });
  });

  it('says what is wrong', async () => {
    server.behave({ kind: 'status', status: 401 });
    await app.ask('settings.update', { chatBaseUrl: server.baseUrl, chatModel: 'local' });
    expect(await app.ask('settings.testChat', {})).toMatchObject({ error: { code: 'chat/unauthorised' } });
  });

  it('refuses an address that is none', async () => {
    expect(await app.request('settings.update', { chatBaseUrl: 'file:///etc/passwd' })).toMatchObject({ ok: false });
    expect(await app.request('settings.update', { chatBaseUrl: 'example.com' })).toMatchObject({ ok: false });
  });
});

describe('the list of models', () => {
  beforeEach(() => {
    server.offer({ kind: 'raw', status: 200, headers: {}, body: ['{"data":[{"id":"a"},{"id":"b"}]}'] });
  });

  it('can be had before anything is saved, from an address and a key as they were pasted', async () => {
    const baseUrl = ` ${server.baseUrl}/chat/completions `;
    expect(await app.ask('settings.chatModels', { baseUrl, key: 'Bearer sk-1' })).toEqual(['a', 'b']);
    expect(await app.ask('settings.chatModels', { baseUrl, key: null })).toEqual(['a', 'b']);
    expect(server.listings).toEqual(['Bearer sk-1', 'Bearer none']);
  });

  it('is asked for with the stored key at the stored address alone', async () => {
    await app.ask('settings.setChatKey', { key: 'sk-stored' });
    await app.ask('settings.chatModels', { baseUrl: server.baseUrl, key: null });
    await app.ask('settings.update', { chatBaseUrl: server.baseUrl });
    await app.ask('settings.chatModels', { baseUrl: server.baseUrl, key: null });
    expect(server.listings).toEqual(['Bearer none', 'Bearer sk-stored']);
  });

  it.each([
    ['javascript:alert(1)', null],
    ['', null],
    ['https://', 'sk-1'],
    ['http://127.0.0.1:9/v1', '密钥'],
    ['http://127.0.0.1:9/v1', 'sk-1 sk-2'],
  ])('is empty for %j with the key %j', async (baseUrl, key) => {
    expect(await app.ask('settings.chatModels', { baseUrl, key })).toEqual([]);
  });
});
