import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requests } from '../../src/shared/contract/contract.js';
import { requestChannel } from '../../src/shared/contract/wire.js';
import { hostileAddresses, hostileUrls } from './hostile.js';
import type { SenderKind } from './control.js';
import { startHost, type HostProcess } from './host-process.js';

// The Electron host's two doors: its own scheme, and the channel of the contract. Whatever comes, from whomever, is
// answered, and the process lives.

const seed = 20_261_126;
const addresses = 4000;
const messages = 6000;
const atOnce = 100;

const folder = mkdtempSync(join(tmpdir(), 'botchat 门 '));
let host: HostProcess;
let ended: number | null | undefined;

beforeAll(async () => {
  host = startHost({ env: { BOTCHAT_USER_DATA: join(folder, 'data') } });
  void host.exit.then((code) => (ended = code));
  await host.started();
});
afterAll(() => {
  host.kill();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** Does each of them, so many at once; answers how many were answered. */
async function eachOf<T>(all: readonly T[], act: (one: T) => Promise<void>): Promise<number> {
  let answered = 0;
  for (let start = 0; start < all.length; start += atOnce) {
    await Promise.all(
      all.slice(start, start + atOnce).map(async (one) => {
        await act(one);
        answered += 1;
      }),
    );
  }
  return answered;
}

async function expectAlive(): Promise<void> {
  expect(ended, host.output()).toBeUndefined();
  expect(await host.call('request', 'app.snapshot', {})).toMatchObject({ ok: true });
}

describe('the Electron host’s doors', () => {
  it(`${String(addresses)} addresses end it not once, and none but the interface's own is answered with a file`, async () => {
    const url = fc.oneof(
      fc.constantFrom(...hostileAddresses(), ...hostileUrls.filter((each) => each.startsWith('app:'))),
      fc.webPath().map((path) => `app://botchat${path}`),
      fc.string({ unit: 'binary', maxLength: 60 }).map((text) => `app://botchat/${text}`),
      fc.webUrl({ withQueryParameters: true, withFragments: true }).map((text) => text.replace(/^https?/, 'app')),
    );
    const request = fc.record({ url, method: fc.constantFrom('GET', 'GET', 'HEAD', 'POST', 'DELETE', 'PATCH') });
    const own = /^app:\/\/botchat\/(index\.html|assets\/[\w.-]+|icon\.svg)?([?#].*)?$/s;
    const all = fc.sample(request, { seed, numRuns: addresses });
    const answered = await eachOf(all, async ({ url, method }) => {
      // Chromium asks for no address that is none, and with no credentials in it.
      if (!URL.canParse(url) || new URL(url).username !== '' || new URL(url).password !== '') return;
      const { status } = await host.call('fetch', url, method);
      if (status !== 404) expect(new URL(url).href).toMatch(own);
    });
    expect(answered).toBe(addresses);
    await expectAlive();
  });

  it(`${String(messages)} messages end it not once, and a stranger's is never looked at`, async () => {
    const routes = Object.keys(requests).filter((name) => name !== 'app.restartEngine' && !name.startsWith('account.'));
    const message = fc.record({
      from: fc.constantFrom<SenderKind>(
        ...(['page', 'page', 'page', 'sub-frame', 'foreign-origin', 'other-contents', 'gone-frame'] as const),
      ),
      args: fc.oneof(
        {
          weight: 4,
          arbitrary: fc.tuple(fc.constantFrom(...routes), fc.anything({ withBigInt: true, withMap: true })),
        },
        fc.array(fc.anything({ withDate: true, withSet: true, withTypedArray: true }), { maxLength: 4 }),
      ),
    });
    const all = fc.sample(message, { seed, numRuns: messages });
    const answered = await eachOf(all, async ({ from, args }) => {
      const result = await host.call('invoke', from, requestChannel, ...args);
      if (from === 'page') expect(result).toHaveProperty('ok');
      else expect(result).toEqual({ ok: false, error: { code: 'app/bad-request', detail: 'unknown sender' } });
    });
    expect(answered).toBe(messages);
    await expectAlive();
  });
});
