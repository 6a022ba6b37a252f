import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode, encode } from '@msgpack/msgpack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createHarness, type Harness } from '../core/testing/harness.js';
import { startWebServer, type WebServer } from './server.js';

let app: Harness;
let server: WebServer;
let rendererFolder: string;
let origin: string;

beforeAll(async () => {
  app = await createHarness();
  rendererFolder = await mkdtemp(join(tmpdir(), 'botchat-renderer-'));
  await mkdir(join(rendererFolder, 'assets'));
  await writeFile(join(rendererFolder, 'index.html'), '<!doctype html><title>BotChat</title>');
  await writeFile(join(rendererFolder, 'assets/app.js'), '1;');
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  server = await startWebServer({ core: app.core, log, rendererFolder, port: 0 });
  origin = new URL(server.openUrl()).origin;
});

afterAll(async () => {
  await server.close();
  await app.close();
  await rm(rendererFolder, { recursive: true });
});

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}

/** Not `fetch`: that would not let a test lie about its Host. */
function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(origin, { path, headers, method }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
      });
    });
    request.on('error', reject);
    request.end();
  });
}

async function signIn(): Promise<string> {
  const { search } = new URL(server.openUrl());
  const { headers } = await get(`/${search}`);
  return String(headers['set-cookie']).split(';')[0] ?? '';
}

function connect(headers: Record<string, string>, path = '/contract'): Promise<WebSocket | number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${origin.replace('http', 'ws')}${path}`, { headers });
    socket.on('open', () => {
      resolve(socket);
    });
    socket.on('error', (error) => {
      resolve(Number(/\d{3}/.exec(error.message)?.[0] ?? 0));
    });
  });
}

describe('the web host', () => {
  it('opens with its address once, and then with the cookie', async () => {
    const { search } = new URL(server.openUrl());
    const first = await get(`/${search}`);
    expect(first).toMatchObject({ status: 303, headers: { location: '/' } });
    expect(String(first.headers['set-cookie'])).toMatch(/HttpOnly; SameSite=Strict/);
    expect((await get(`/${search}`)).status).toBe(403);
    const cookie = String(first.headers['set-cookie']).split(';')[0] ?? '';
    const page = await get('/', { cookie });
    expect(page).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } });
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(await get('/assets/app.js', { cookie })).toMatchObject({ status: 200, body: '1;' });
  });

  it.each(['/', '/index.html', '/assets/app.js', '/?token=wrong', '/?token='])(
    'shows a stranger nothing: %s',
    async (path) => {
      const answer = await get(path);
      expect(answer.status).toBe(403);
      expect(answer.body).toMatch(/printed when it started/);
    },
  );

  it('answers only under its own name, to its own page', async () => {
    const cookie = await signIn();
    const { host } = new URL(origin);
    expect((await get('/', { cookie, host: 'evil.example' })).status).toBe(403);
    expect((await get('/', { cookie, host: '127.0.0.1' })).status).toBe(403);
    expect((await get('/', { cookie, origin: 'http://evil.example' })).status).toBe(403);
    expect((await get('/', { cookie, origin: 'null' })).status).toBe(403);
    expect((await get('/', { cookie, origin: `http://${host}` })).status).toBe(200);
    expect((await get('/', { cookie }, 'POST')).status).toBe(405);
  });

  it.each([
    '/../package.json',
    '/%2e%2e/package.json',
    '/assets/..%2f..%2fpackage.json',
    '/assets/',
    '//etc/passwd',
    '/%00',
    '/..\\..\\x',
  ])('has no way out of its folder: %s', async (path) => {
    expect((await get(path, { cookie: await signIn() })).status).toBe(404);
  });

  it('refuses a socket without cookie, from another origin, without any, or elsewhere', async () => {
    const cookie = await signIn();
    expect(await connect({ origin })).toBe(403);
    expect(await connect({ origin, cookie: 'botchat=wrong' })).toBe(403);
    expect(await connect({ origin: 'http://evil.example', cookie })).toBe(403);
    expect(await connect({ cookie })).toBe(403);
    expect(await connect({ origin, cookie }, '/other')).toBe(403);
  });

  it('carries the contract, and its events', async () => {
    const socket = await connect({ origin, cookie: await signIn() });
    if (typeof socket === 'number') throw new Error(`refused: ${String(socket)}`);
    const messages: unknown[] = [];
    socket.on('message', (data: Buffer) => messages.push(decode(data)));
    socket.send(encode({ id: 7, route: 'topic.create', input: { sceneId: null, theme: '网页' } }));
    socket.send(encode({ id: 8, route: 'no.such', input: null }));
    await expect.poll(() => messages.length).toBeGreaterThanOrEqual(3);
    expect(messages).toContainEqual({
      id: 7,
      result: { ok: true, value: expect.objectContaining({ theme: '网页' }) as object },
    });
    expect(messages).toContainEqual({
      id: 8,
      result: { ok: false, error: { code: 'app/bad-request', detail: 'unknown route' } },
    });
    expect(messages).toContainEqual({
      event: 'topic.changed',
      payload: { topic: expect.objectContaining({ theme: '网页' }) as object },
    });
    socket.close();
  });

  it('closes a socket that sends what is no message, and lives', async () => {
    const socket = await connect({ origin, cookie: await signIn() });
    if (typeof socket === 'number') throw new Error('refused');
    const closed = new Promise<number>((resolve) => socket.on('close', resolve));
    socket.send('garbage');
    expect(await closed).toBe(1008);
    expect((await get('/', { cookie: await signIn() })).status).toBe(200);
  });

  it('lets a newer page take over from an older', async () => {
    const cookie = await signIn();
    const older = await connect({ origin, cookie });
    if (typeof older === 'number') throw new Error('refused');
    const closed = new Promise<number>((resolve) => older.on('close', resolve));
    const newer = await connect({ origin, cookie });
    expect(await closed).toBe(4001);
    if (typeof newer !== 'number') newer.close();
  });
});
