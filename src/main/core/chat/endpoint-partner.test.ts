import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../../../shared/errors.js';
import { startChatServer, type ChatServer } from '../testing/chat-server.js';
import type { ChatRequest } from './chat-model.js';
import { createEndpointPartner } from './endpoint-partner.js';

const request: ChatRequest = { theme: 'Weather', sceneId: null, history: [], prompt: 'Hello.' };
const key = 'sk-canary-1234567890';

let server: ChatServer;

beforeAll(async () => {
  server = await startChatServer();
});

afterAll(() => server.close());

const partnerAt = (baseUrl: string) =>
  createEndpointPartner({ baseUrl, key, model: 'test-model', fetch: globalThis.fetch });

async function replyOf(baseUrl: string, signal = new AbortController().signal): Promise<string> {
  let text = '';
  for await (const part of partnerAt(baseUrl).reply(request, signal)) if (typeof part === 'string') text += part;
  return text;
}

describe('an OpenAI-compatible endpoint', () => {
  it('is asked with the key and the model, and streams', async () => {
    server.behave({ kind: 'reply', text: 'Nice weather today.' });
    expect(await replyOf(server.baseUrl)).toBe('Nice weather today.');
    expect(server.requests.at(-1)).toMatchObject({ authorization: `Bearer ${key}`, model: 'test-model' });
  });

  it.each([
    [{ kind: 'status', status: 401 }, 'chat/unauthorised'],
    [{ kind: 'status', status: 403 }, 'chat/unauthorised'],
    [{ kind: 'status', status: 404 }, 'chat/model-not-found'],
    [{ kind: 'status', status: 429 }, 'chat/rate-limited'],
    [{ kind: 'status', status: 503 }, 'chat/server'],
    [{ kind: 'cut', text: 'One two three' }, 'chat/cut-short'],
    [{ kind: 'unfinished', text: 'One two three' }, 'chat/cut-short'],
    [{ kind: 'garbage' }, 'chat/bad-response'],
  ] as const)('%o is %s, and the key is in no part of the error', async (behaviour, code) => {
    server.behave(behaviour);
    const error: unknown = await replyOf(server.baseUrl).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code });
    expect(`${JSON.stringify(error)} ${String(error)} ${(error as Error).stack ?? ''}`).not.toMatch(/sk-/);
  });

  it('stops at once when it is no longer wanted', async () => {
    server.behave({ kind: 'reply', text: 'one two three four five six', delayMs: 200 });
    const controller = new AbortController();
    const reason = new AppError('chat/interrupted');
    setTimeout(() => {
      controller.abort(reason);
    }, 300);
    const start = performance.now();
    await expect(replyOf(server.baseUrl, controller.signal)).rejects.toBe(reason);
    expect(performance.now() - start).toBeLessThan(900);
  });

  it('with a certificate that nobody vouches for is refused before the key is sent', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'botchat-tls-'));
    const [certificate, privateKey] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-days',
        '1',
        '-subj',
        '/CN=127.0.0.1',
        '-keyout',
        privateKey,
        '-out',
        certificate,
      ],
      { stdio: 'ignore' },
    );
    let asked = 0;
    const tls = createServer(
      { cert: readFileSync(certificate), key: readFileSync(privateKey) },
      (_request, response) => {
        asked += 1;
        response.end();
      },
    );
    await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve));
    const { port } = tls.address() as AddressInfo;
    await expect(replyOf(`https://127.0.0.1:${String(port)}/v1`)).rejects.toMatchObject({ code: 'chat/untrusted' });
    expect(asked).toBe(0);
    tls.close();
    rmSync(folder, { recursive: true });
  });
});
