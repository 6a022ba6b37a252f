import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { proxyAddress } from './proxy-address.js';
import { networkError } from './chat/endpoint/failures.js';
import { createNetwork, type Network } from './network.js';
import { startFileHost, type FileHost } from './testing/file-host.js';
import { memorySecrets } from './testing/harness.js';
import { startProxy, type TestProxy, type TestProxyOptions } from './testing/proxy.js';

let host: FileHost;
let network: Network;
let proxies: TestProxy[];
/** What is in the settings' file. */
let current: { proxy: string | null };
/** What went the host's own way. */
let direct: string[];
let secrets: ReturnType<typeof memorySecrets>;
beforeEach(async () => {
  host = await startFileHost(Buffer.from('the file'));
  proxies = [];
  direct = [];
  current = { proxy: null };
  secrets = memorySecrets();
  network = open();
});
afterEach(async () => {
  await network.close();
  await Promise.all([host, ...proxies].map((each) => each.close()));
});

const open = (): Network =>
  createNetwork({
    fetch: (input) => {
      direct.push(input instanceof Request ? input.url : String(input));
      return Promise.resolve(new Response('direct'));
    },
    secrets,
    settings: {
      get current() {
        return current;
      },
      update: (changed) => {
        current = { ...current, ...changed };
        return Promise.resolve();
      },
    },
  });

async function proxy(how?: TestProxyOptions): Promise<TestProxy> {
  const started = await startProxy(how);
  proxies.push(started);
  return started;
}

const at = ({ port }: TestProxy, credentials = ''): string => `${credentials}127.0.0.1:${String(port)}`;
/** The same file under a name that is not nearby. */
const far = (): string => host.url.replace('127.0.0.1', 'models.example.com');
const text = async (url: string): Promise<string> => (await network.fetch(url)).text();

describe('the network', () => {
  it('is the host’s own where no proxy is set, and for what is nearby', async () => {
    expect(await text(far())).toBe('direct');
    const between = await proxy();
    await network.setProxy(at(between));
    expect(await text(host.url)).toBe('direct');
    expect(between.asked).toEqual([]);
    await network.setProxy(null);
    expect(await text(far())).toBe('direct');
    expect(direct).toEqual([far(), host.url, far()]);
  });

  it('goes through the proxy that was set, from the next request on', async () => {
    const [one, other] = [await proxy(), await proxy()];
    await network.setProxy(at(one));
    expect(network.proxy).toBe(`http://${at(one)}`);
    expect(await text(far())).toBe('the file');
    await network.setProxy(`http://${at(other)}/`);
    expect(await text(far())).toBe('the file');
    expect([one.asked, other.asked]).toEqual([[`GET ${far()}`], [`GET ${far()}`]]);
    expect(direct).toEqual([]);
  });

  it('opens a tunnel for what is encrypted, and trusts nobody for that', async () => {
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const between = await proxy();
    const { port } = server.address() as AddressInfo;
    try {
      await network.setProxy(at(between));
      const failure = await network
        .fetch(`https://models.example.com:${String(port)}/`)
        .catch((error: unknown) => error);
      // The proxy did its part: it is the host that has no certificate.
      expect(networkError(failure, false)).toMatchObject({ code: 'chat/untrusted' });
      expect(between.asked).toEqual([`CONNECT models.example.com:${String(port)}`]);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });

  it('tells a proxy its name and password, which stand in no settings and outlive the run', async () => {
    const between = await proxy({ credentials: 'xiao ming:p@ss:wörd' });
    await network.setProxy(at(between, `http://xiao%20ming:${encodeURIComponent('p@ss:wörd')}@`));
    expect(await text(far())).toBe('the file');
    expect(network.proxy).toBe(`http://xiao%20ming@${at(between)}`);
    expect(JSON.stringify(current)).not.toMatch(/p@ss|w%C3/);
    // Saved once more as it is shown, it keeps its password.
    await network.setProxy(network.proxy);
    await network.close();
    network = open();
    expect(await text(far())).toBe('the file');
  });

  it('sends a password to nobody but the proxy that it is for', async () => {
    const [mine, strange] = [await proxy({ credentials: 'a:secret' }), await proxy({ credentials: 'a:secret' })];
    await network.setProxy(at(mine, 'http://a:secret@'));
    await network.setProxy(at(strange, 'http://a@'));
    await expect(text(far())).rejects.toThrow('407');
    await network.setProxy(at(mine, 'http://a@'));
    // It was forgotten with the proxy.
    await expect(text(far())).rejects.toThrow('407');
  });

  it.each([
    ['wants a password', { credentials: 'a:b' }, /name and password \(407\)/],
    ['opens no way', { status: 403 }, /opens no way there \(403\)/],
    ['reaches no host', { status: 502 }, /opens no way there \(502\)/],
  ])('names a proxy that %s', async (_, how, words) => {
    await network.setProxy(at(await proxy(how)));
    const failure = await network.fetch('https://chat.example.com/v1').catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'ERR_PROXY', message: expect.stringMatching(words) as string });
    expect(networkError(failure, false)).toMatchObject({ code: 'chat/proxy' });
  });

  it('names a proxy that wants a password for what is not encrypted, and one that is not there', async () => {
    const between = await proxy({ credentials: 'a:b' });
    await network.setProxy(at(between));
    await expect(text(far())).rejects.toMatchObject({ code: 'ERR_PROXY' });
    await between.close();
    await expect(text(far())).rejects.toMatchObject({
      code: 'ERR_PROXY',
      message: expect.stringMatching(/cannot be reached \(ECONNREFUSED\)/) as string,
    });
  });

  it('ends what is asked for when the caller does', async () => {
    const between = await proxy();
    await network.setProxy(at(between));
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(network.fetch(far(), { signal })).rejects.toThrow('enough');
  });

  it.each([
    'socks5://127.0.0.1:1080',
    'ftp://x:1',
    'http://',
    'a b',
    'http://x:99999',
    'http://x/path',
    'http://%zz@x',
  ])('refuses %s, and keeps what was set', async (address) => {
    await network.setProxy('http://proxy.example:8080');
    await expect(network.setProxy(address)).rejects.toMatchObject({ code: 'models/bad-proxy' });
    expect(network.proxy).toBe('http://proxy.example:8080');
  });
});

it.each([
  ['127.0.0.1:7890', 'http://127.0.0.1:7890/'],
  [' proxy.school.example ', 'http://proxy.school.example/'],
  ['https://a:b@[::1]:8443/', 'https://a:b@[::1]:8443/'],
])('%s is %s', (text, address) => {
  expect(proxyAddress(text)?.href).toBe(address);
});
