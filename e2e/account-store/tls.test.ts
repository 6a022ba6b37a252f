import { execFileSync } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SecureContextOptions } from 'node:tls';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeCertificates } from '../../scripts/account-store/certificates.mjs';
import { freePort } from '../../scripts/account-store/private-server.mjs';
import type { AccountErrorCode } from '../../src/main/core/sync/account-errors.js';
import { formatConnectionString, type StoreAddress } from '../../src/main/core/sync/connection-string.js';
import { createMySqlAccountStore } from '../../src/main/core/sync/mysql-account-store.js';
import { diagnose } from '../../src/main/core/sync/store-diagnosis.js';
import { always, refusal } from './learner.js';
import { startRogueServer, usualGreeting, type RogueServer } from './rogue-server.js';

/** R15: a server that is not what it should be hears nothing of an account, and the learner hears what is wrong. */

const folder = mkdtempSync(join(tmpdir(), 'botchat-tls-'));
const secret = 'Client-password-that-nobody-hears';

function read({ certificate, key }: { readonly certificate: string; readonly key: string }): SecureContextOptions {
  return { cert: readFileSync(certificate), key: readFileSync(key) };
}

let ca: string;
let good: SecureContextOptions;
let servers: Readonly<Record<string, { readonly tls: SecureContextOptions | null; readonly code: AccountErrorCode }>>;

beforeAll(() => {
  const place = join(folder, 'right');
  const right = writeCertificates(place, ['localhost']);
  ca = readFileSync(right.ca, 'utf8');
  good = read(right);
  const elsewhere = writeCertificates(place, ['elsewhere.example'], { signAs: 'elsewhere' });
  const expired = writeCertificates(place, ['localhost'], { signAs: 'expired', days: -1 });
  const foreign = writeCertificates(join(folder, 'wrong'), ['localhost']);
  servers = {
    'without TLS': { tls: null, code: 'account/no-tls' },
    'with another authority': { tls: read(foreign), code: 'account/untrusted' },
    'with a certificate for another host': { tls: read(elsewhere), code: 'account/wrong-host' },
    'with a certificate that has expired': { tls: read(expired), code: 'account/certificate-expired' },
    'with TLS 1.1': {
      tls: { ...good, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
      code: 'account/untrusted',
    },
  };
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function addressOf({ port }: { readonly port: number }): StoreAddress {
  return { host: '127.0.0.1', port, schema: 'botchat', clientPassword: secret, certificateName: 'localhost', ca: [ca] };
}

const deadlines = { connectMs: 2000, callMs: 2000 };
const storeAt = (address: StoreAddress) => createMySqlAccountStore({ address, deadlines });

function expectNothingHeard(server: RogueServer): void {
  expect(server.heardInside).toHaveLength(0);
  const said = server.heardInTheOpen.toString('latin1');
  expect(said).not.toContain(secret);
  expect(said).not.toContain('botchat');
}

describe('R15: a server', () => {
  it.each([
    'without TLS',
    'with another authority',
    'with a certificate for another host',
    'with a certificate that has expired',
    'with TLS 1.1',
  ])('%s hears no credential, 10 times', async (name) => {
    const { tls, code } = servers[name]!;
    const server = await startRogueServer(tls);
    try {
      const login = { name: 'somebody', key: randomBytes(32), token: randomBytes(32), device: 'x' };
      for (let trial = 0; trial < 10; trial += 1)
        expect(await refusal(storeAt(addressOf(server)), (calls) => calls.signIn(login))).toBe(code);
      const diagnosis = await diagnose(formatConnectionString(addressOf(server)), storeAt, always);
      expect(diagnosis).toEqual({ ok: false, code });
      expect(server.connections).toBeGreaterThanOrEqual(11);
      expectNothingHeard(server);
      // Without TLS not even that is asked for.
      if (tls === null) expect(server.heardInTheOpen).toHaveLength(0);
    } finally {
      server.close();
    }
  });

  it('with a certificate for another host, the control: mysql2 without verifyIdentity tells it everything', async () => {
    const server = await startRogueServer(servers['with a certificate for another host']!.tls);
    try {
      const options = {
        host: 'localhost',
        port: server.port,
        user: 'somebody',
        password: secret,
        connectTimeout: 1500,
      };
      await createConnection({ ...options, ssl: { ca } }).catch(() => undefined);
      expect(server.heardInside.toString('latin1')).toContain('somebody');
    } finally {
      server.close();
    }
  });

  it('with everything right, the control: is told the credentials', async () => {
    const server = await startRogueServer(good);
    try {
      expect(await refusal(storeAt(addressOf(server)), (calls) => calls.info())).toBe('account/unreachable');
      expect(server.heardInside.toString('latin1')).toContain('botchat');
    } finally {
      server.close();
    }
  });
});

describe('the diagnosis', () => {
  const look = (address: StoreAddress) => diagnose(formatConnectionString(address), storeAt, always);

  it('of what is no connection string, or a damaged one', async () => {
    expect(await diagnose('https://example.org', storeAt, always)).toEqual({
      ok: false,
      code: 'account/bad-connection-string',
    });
    const text = formatConnectionString(addressOf({ port: 3306 }));
    expect(await diagnose(text.slice(0, -30), storeAt, always)).toEqual({
      ok: false,
      code: 'account/connection-string-damaged',
    });
  });

  it('of a name that does not exist, and a port where nobody listens', async () => {
    const nowhere = { ...addressOf({ port: 3306 }), host: 'no-such-host.invalid' };
    expect(await look(nowhere)).toEqual({ ok: false, code: 'account/host-unknown' });
    expect(await look(addressOf({ port: await freePort() }))).toEqual({ ok: false, code: 'account/unreachable' });
  });

  it('of something else that listens there', async () => {
    const server = await startRogueServer(null, () => Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'.repeat(60)));
    try {
      expect(await look(addressOf(server))).toEqual({ ok: false, code: 'account/not-a-store' });
    } finally {
      server.close();
    }
  });

  it.each(['8.0.11-TiDB-v8.5.1', '8.0.30-Vitess'])('of one that has no stored routines: %s', async (version) => {
    const greeting = Buffer.concat([Buffer.from([10]), Buffer.from(`${version}\0`), Buffer.alloc(60, 0xff)]);
    const server = await startRogueServer(null, () =>
      Buffer.concat([Buffer.from([greeting.length, 0, 0, 0]), greeting]),
    );
    try {
      expect(await look(addressOf(server))).toEqual({ ok: false, code: 'account/not-a-store' });
    } finally {
      server.close();
    }
  });

  it('of a server that turns us away before it greets', async () => {
    const tooMany = Buffer.from([23, 0, 0, 0, 0xff, 0x10, 0x04, ...Buffer.from('Too many connections')]);
    const server = await startRogueServer(null, () => tooMany);
    try {
      expect(await look(addressOf(server))).toEqual({ ok: false, code: 'account/server-full' });
    } finally {
      server.close();
    }
  });
});

it('survives 300 greetings that make no sense', async () => {
  const usual = usualGreeting(true);
  const server = await startRogueServer(null, () => {
    const bytes = Buffer.from(usual);
    for (let n = randomInt(1, 12); n > 0; n -= 1) bytes.writeUInt8(randomInt(256), randomInt(bytes.length));
    return randomInt(3) === 0 ? randomBytes(randomInt(1, 200)) : bytes.subarray(0, randomInt(1, bytes.length + 1));
  });
  const uncaught: unknown[] = [];
  const onUncaught = (error: unknown) => uncaught.push(error);
  process.on('uncaughtException', onUncaught);
  try {
    const store = createMySqlAccountStore({ address: addressOf(server), deadlines: { connectMs: 150, callMs: 150 } });
    const codes = new Set<AccountErrorCode | null>();
    await Promise.all(
      Array.from({ length: 10 }, async () => {
        for (let n = 0; n < 30; n += 1) codes.add(await refusal(store, (calls) => calls.info()));
      }),
    );
    expect(codes.has(null)).toBe(false);
    expect(server.connections).toBeGreaterThanOrEqual(300);
    expect(server.heardInTheOpen.toString('latin1')).not.toContain('botchat');
    expect(uncaught).toEqual([]);
  } finally {
    process.off('uncaughtException', onUncaught);
    server.close();
  }
});

it('makes certificates that openssl finds right', () => {
  const { ca: authority, certificate } = writeCertificates(join(folder, 'checked'), ['store.example', '10.0.0.5']);
  expect(execFileSync('openssl', ['verify', '-CAfile', authority, certificate], { encoding: 'utf8' })).toContain('OK');
});
