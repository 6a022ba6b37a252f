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
  it('answers how long the first word takes', async () => {
    await app.ask('settings.update', { chatBaseUrl: server.baseUrl, chatModel: 'local' });
    expect(await app.ask('settings.testChat', {})).toMatchObject({ latencyMs: expect.any(Number) as number });
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
