import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { requests } from '../src/shared/contract/contract.js';
import { cookieOf, startWebHost, type WebHost } from './support/web-host.js';

// Any page in the learner's browser can reach the port, and so can every program on the machine. Whatever comes, the
// host answers or closes the connection, and lives.

const seed = 20_261_126;
const httpRequests = 7000;
const upgrades = 2500;
const frames = 500;
const atOnce = 25;

let host: WebHost;
let cookie: string;
let port: number;
const userData = mkdtempSync(join(tmpdir(), 'botchat 门 '));

beforeAll(async () => {
  host = await startWebHost(userData);
  port = Number(new URL(host.url).port);
  cookie = await cookieOf(host);
});
afterAll(async () => {
  await host.close();
  rmSync(userData, { recursive: true, force: true, maxRetries: 5 });
});

/** Bytes as a sender of bad will makes them, and how it leaves. */
interface Attack {
  readonly text: string;
  readonly leave: 'wait' | 'end' | 'reset';
}

const target = fc.oneof(
  fc.constantFrom(
    '/',
    '//',
    '///',
    '//a',
    '/\\',
    '/contract',
    '/contract?',
    '*',
    '',
    'http://',
    'http://[',
    '//:0',
    '?',
    '#',
  ),
  fc.constantFrom('/?token=', '/?token=%', '/%', '/%00', '/assets/../../x', '//user:pass@host:99999/', 'botchat:443'),
  fc.string({ unit: 'binary-ascii' }).map((text) => `/${text.replace(/[\r\n ]/g, '')}`),
  fc.webUrl(),
);
const method = fc.constantFrom(
  'GET',
  'GET',
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'OPTIONS',
  'CONNECT',
  'TRACE',
  'PRI',
  'get',
  '\u0000',
);
const ours = () => `127.0.0.1:${String(port)}`;

function header(isUpgrade: boolean): fc.Arbitrary<string> {
  const session = cookie.slice('botchat='.length);
  const plain = fc.oneof(
    fc.constantFrom(
      `Cookie: ${cookie}`,
      `Cookie: ${cookie}`,
      // As long as a good one, counted in letters.
      `Cookie: botchat=${'é'.repeat(session.length)}`,
      `Cookie: botchat=${'x'.repeat(session.length)}`,
      'Cookie: botchat=',
      'Cookie: ;;;=;botchat',
      `Origin: http://${ours()}`,
      `Origin: http://${ours()}`,
      'Origin: null',
      'Origin: http://evil.example',
      'Host: evil.example',
      'Content-Length: -1',
      'Content-Length: 99999999999999999999',
      'Transfer-Encoding: chunked',
      'Expect: 100-continue',
      'Expect: nothing',
      'Connection: close',
      'Range: bytes=0-',
      ': nameless',
      'No colon',
    ),
    fc.string({ unit: 'binary', maxLength: 40 }).map((text) => `X-Any: ${text}`),
  );
  const upgrade = fc.constantFrom(
    'Upgrade: websocket',
    'Upgrade: websocket',
    'Upgrade: h2c',
    'Upgrade:',
    'Connection: Upgrade',
    'Connection: Upgrade',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Version: 99',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Key: short',
    'Sec-WebSocket-Extensions: permessage-deflate; x=',
    'Sec-WebSocket-Protocol: ,,,',
  );
  return isUpgrade ? fc.oneof(upgrade, upgrade, plain) : plain;
}

const attacks = (isUpgrade: boolean): fc.Arbitrary<Attack> =>
  fc.record({
    text: fc.oneof(
      { weight: 12, arbitrary: requestText(isUpgrade) },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
    ),
    leave: fc.constantFrom<Attack['leave']>('wait', 'wait', 'end', 'reset'),
  });

function requestText(isUpgrade: boolean): fc.Arbitrary<string> {
  const sound = isUpgrade
    ? `Origin: http://${ours()}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n`
    : '';
  return fc
    .record({
      method: isUpgrade
        ? fc.oneof({ weight: 5, arbitrary: fc.constant('GET') }, { weight: 1, arbitrary: method })
        : method,
      target: isUpgrade ? fc.oneof(fc.constant('/contract'), target) : target,
      headers: fc.array(header(isUpgrade), { maxLength: 6 }),
      isSound: fc.boolean(),
      body: fc.oneof(fc.constant(''), fc.string({ unit: 'binary', maxLength: 300 })),
    })
    .map(
      ({ method, target, headers, isSound, body }) =>
        `${method} ${target} HTTP/1.1\r\nHost: ${ours()}\r\n${isSound ? sound : ''}${headers.join('\r\n')}${headers.length > 0 ? '\r\n' : ''}\r\n${body}`,
    );
}

/** Sends it and leaves; resolves when the connection is over. Answers the status it was given, 0 for none. */
function send({ text, leave }: Attack): Promise<number> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(Buffer.from(text, 'latin1'), () => {
        if (leave === 'end') socket.end();
        if (leave === 'reset') socket.resetAndDestroy();
      });
    });
    // An answer is all that is waited for; whoever is given none asks no further.
    socket.on('data', (data) => {
      answer += data.toString('latin1');
      socket.destroy();
    });
    socket.setTimeout(300, () => socket.destroy());
    socket.on('error', () => undefined);
    socket.on('close', () => {
      resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0));
    });
  });
}

async function sendAll(all: readonly Attack[]): Promise<ReadonlyMap<number, number>> {
  const statuses = new Map<number, number>();
  const waiting = [...all];
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let attack = waiting.pop(); attack !== undefined; attack = waiting.pop()) {
        const status = await send(attack);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    }),
  );
  return statuses;
}

/** Still the same process, and still of use to who may come in. */
async function expectAlive(): Promise<void> {
  expect([host.process.exitCode, host.process.signalCode], host.printed()).toEqual([null, null]);
  const page = await fetch(`http://${ours()}/`, { headers: { cookie } });
  expect(page.status).toBe(200);
  await page.arrayBuffer();
}

describe('the web host’s doors', () => {
  it.each([
    ['an address that is none', { text: 'GET // HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n', leave: 'wait' }],
    [
      'a cookie of letters that are two bytes each',
      { text: `GET / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nCookie: botchat=${'é'.repeat(43)}\r\n\r\n`, leave: 'wait' },
    ],
    [
      'an upgrade at an address that is none',
      {
        text: 'GET // HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
        leave: 'reset',
      },
    ],
  ] as const)('%s does not end it', async (_what, { text, leave }) => {
    await send({ text: text.replace('PORT', String(port)), leave });
    await expectAlive();
  });

  it('upgrades that are reset while they are refused do not end it', async () => {
    const text = `GET /contract HTTP/1.1\r\nHost: ${ours()}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n`;
    await sendAll(Array.from({ length: 300 }, () => ({ text, leave: 'reset' as const })));
    await expectAlive();
  });

  it(`${String(httpRequests)} requests and ${String(upgrades)} upgrades end it not once`, async () => {
    const statuses = await sendAll([
      ...fc.sample(attacks(false), { seed, numRuns: httpRequests }),
      ...fc.sample(attacks(true), { seed, numRuns: upgrades }),
    ]);
    expect([...statuses.values()].reduce((sum, count) => sum + count, 0)).toBe(httpRequests + upgrades);
    // The attack has seen every kind of answer: it was let in, and kept out, in each way there is.
    for (const status of [101, 200, 400, 403, 404, 405])
      expect(statuses.get(status) ?? 0, String(status)).toBeGreaterThan(0);
    await expectAlive();
  });

  it(`${String(frames)} messages that are none, from a page that was let in, end it not once`, async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.anything({ withNullPrototype: true }).map(encodeOrNothing),
      fc
        .record({
          id: fc.oneof(fc.integer(), fc.double(), fc.constant(NaN)),
          route: fc.oneof(
            fc.string(),
            fc.constantFrom(
              ...Object.keys(requests).filter((route) => !route.startsWith('account.') && !route.startsWith('sync.')),
            ),
          ),
          input: fc.anything(),
        })
        .map(encodeOrNothing),
    );
    for (const message of fc.sample(bytes, { seed, numRuns: frames })) {
      await new Promise<void>((resolve) => {
        const socket = new WebSocket(`ws://${ours()}/contract`, { headers: { cookie, origin: `http://${ours()}` } });
        socket.on('open', () => {
          socket.send(message, () => {
            socket.terminate();
          });
        });
        socket.on('error', () => undefined);
        socket.on('close', () => {
          resolve();
        });
      });
    }
    await expectAlive();
  });
});

function encodeOrNothing(value: unknown): Uint8Array {
  try {
    return encode(value);
  } catch {
    return new Uint8Array();
  }
}
