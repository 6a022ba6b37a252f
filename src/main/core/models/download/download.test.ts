import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startFileHost, type FileHost, type Misbehaviour } from '../../testing/file-host.js';
import { download, downloadLimits, type DownloadLimits, type DownloadOptions, type Wanted } from './download.js';
import { openHostSpeeds } from './host-speeds.js';
import { receivedOf } from './part-file.js';

const full = process.env.BOTCHAT_FULL !== undefined;
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const content = randomBytes(3_000_000);
const quick: DownloadLimits = { ...downloadLimits, roundPausesMs: [1, 1, 1] };

let folder: string;
let hosts: FileHost[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'botchat 下载 '));
  hosts = [];
});
afterEach(async () => {
  await Promise.all(hosts.map((host) => host.close()));
  await rm(folder, { recursive: true, force: true });
});

async function host(how?: Misbehaviour, file = content): Promise<FileHost> {
  const started = await startFileHost(file, how);
  hosts.push(started);
  return started;
}

const target = () => join(folder, 'ggml-测试.bin');

async function get(
  from: readonly (FileHost | string)[],
  options: Partial<DownloadOptions> = {},
  wanted: Partial<Wanted> = {},
): Promise<string> {
  return download(
    target(),
    {
      bytes: content.length,
      sha256: [sha256(content)],
      urls: from.map((each, index) => ({
        host: `host ${String(index)}`,
        url: typeof each === 'string' ? each : each.url,
      })),
      ...wanted,
    },
    {
      fetch,
      speeds: await openHostSpeeds(join(folder, 'speeds.json'), { now: () => Date.now() }, log),
      log,
      signal: new AbortController().signal,
      onProgress: () => undefined,
      limits: quick,
      ...options,
    },
  );
}

/** The file is there and right, and nothing else is left of the download. */
function expectWhole(): void {
  expect(sha256(readFileSync(target()))).toBe(sha256(content));
  expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([]);
}
/** There is no file; how much of it was kept. */
async function kept(): Promise<number> {
  expect(existsSync(target())).toBe(false);
  return receivedOf(`${target()}.part`, content.length);
}

describe('a download', () => {
  it('is there, whole, and tells how it comes', async () => {
    const told: number[] = [];
    await get([await host()], { onProgress: ({ received, total }) => void told.push(received / total) });
    expectWhole();
    expect(told.at(-1)).toBe(1);
    expect(told).toEqual([...told].sort((one, other) => one - other));
  });

  it('comes over several connections where it is large', async () => {
    const server = await host();
    await get([server], { limits: { ...quick, parallelBytes: 1_000_000 } });
    expectWhole();
    expect(server.ranges.filter((range) => range !== 'bytes=0-2999999').length).toBe(3);
  });

  it('keeps little of it in memory, however large it is', async () => {
    const large = Buffer.alloc(150_000_000, content.subarray(0, 997));
    const server = await host({}, large);
    // What is waiting to be collected says more of the machine than of us: bench/models/download.mjs tells that.
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const inUse = () => {
      collect();
      const { heapUsed, external } = process.memoryUsage();
      return heapUsed + external;
    };
    const before = inUse();
    let most = 0;
    let nextBytes = 0;
    await get(
      [server],
      {
        limits: downloadLimits,
        onProgress: ({ received }) => {
          if (received < nextBytes) return;
          nextBytes = received + 10_000_000;
          most = Math.max(most, inUse());
        },
      },
      { bytes: large.length, sha256: [sha256(large)] },
    );
    expect(nextBytes).toBeGreaterThan(large.length);
    expect(most - before).toBeLessThan(50_000_000);
  });

  it.each([{ connections: 1 }, { connections: 4, parallelBytes: 100_000 }])(
    `survives ${full ? '200' : '40'} cuts at any byte (%j)`,
    async (limits) => {
      let cuts = 0;
      const server = await host({
        cutAfter: () => ((cuts += 1) <= (full ? 200 : 40) ? Math.floor(Math.random() * 60_000) : Infinity),
      });
      await get([server], { limits: { ...quick, ...limits, roundPausesMs: Array<number>(300).fill(1) } });
      expect(cuts).toBeGreaterThan(full ? 200 : 40);
      expectWhole();
      // Nothing that came is asked for again; what several connections have on their way is not counted here.
      if (limits.connections === 1) expect(server.sent).toBeLessThan(content.length + cuts * 65_536);
    },
  );

  it('goes on where it was paused, and reads nothing again', async () => {
    const server = await host({ trickle: { bytes: 65_536, everyMs: 5 } });
    const pause = new AbortController();
    const paused = get([server], {
      signal: pause.signal,
      onProgress: ({ received }) => {
        if (received > 1_000_000) pause.abort(new Error('paused'));
      },
    });
    await expect(paused).rejects.toThrow('paused');
    const have = await kept();
    expect(have).toBeGreaterThan(1_000_000);
    const before = server.sent;
    await get([server]);
    expectWhole();
    expect(server.ranges.at(-1)).toBe(`bytes=${String(have)}-2999999`);
    expect(server.sent - before).toBe(content.length - have);
  });

  it('goes on at another host in the middle of the file', async () => {
    const [first, second] = [await host({ cutAfter: () => 700_000, answer: refuseAfter(1) }), await host()];
    await get([first, second]);
    expectWhole();
    // What was cut off in the air is asked for again.
    expect(second.ranges).toHaveLength(1);
    expect(second.ranges[0]).toMatch(/^bytes=[3-6]\d{5}-2999999$/);
  });

  it('asks the fastest host first the next time', async () => {
    const [missing, good] = [await host({ answer: status(404) }), await host()];
    await get([missing, good]);
    await rm(target());
    await get([missing, good]);
    expect([missing.ranges.length, good.ranges.length]).toEqual([1, 2]);
  });

  it('can come from a folder, as a school keeps it', async () => {
    const path = join(folder, '学校 的.bin');
    writeFileSync(path, content);
    await get([pathToFileURL(path).href]);
    expectWhole();
  });
});

describe('a host that', () => {
  it.each([
    ['has no such file', { answer: status(404) }],
    ['refuses', { answer: status(403) }],
    ['is out of order', { answer: status(503) }],
    ['sends a page to sign in at', { answer: page(200, { 'content-type': 'text/html' }, '<html>wifi</html>') }],
    ['sends a page over https’ place', { answer: page(302, { location: 'http://127.0.0.1:1/' }, '') }],
    [
      'goes round in circles',
      { answer: (request, response) => page(302, { location: request.url ?? '/' }, '')(request, response) },
    ],
    ['says another length', { answer: page(200, { 'content-length': '5', 'content-type': 'application/x' }, 'hello') }],
    ['sends another part', { answer: page(206, { 'content-range': 'bytes 5-9/3000000' }, 'hello') }],
    ['has another length in whole', { answer: page(206, { 'content-range': 'bytes 0-4/5' }, 'hello') }],
    ['sends it compressed', { answer: page(200, { 'content-encoding': 'gzip' }, 'hello') }],
    ['hangs up', { answer: (_, response) => (response.destroy(), true) }],
  ] as [string, Misbehaviour][])('%s is left for the next, and alone it is told', async (_, how) => {
    const bad = await host(how);
    await get([bad, await host()]);
    expectWhole();
    await rm(target());
    await expect(get([bad])).rejects.toMatchObject({
      code: 'models/no-host',
      message: expect.stringContaining(bad.url) as string,
    });
    expect(await kept()).toBe(0);
  });

  it('does not speak TLS as it should is left for the next', async () => {
    const bad = await host();
    await get([bad.url.replace('http:', 'https:'), await host()]);
    expectWhole();
  });

  it('falls silent is left', async () => {
    const silent = await host({ answer: () => true });
    await get([silent, await host()], { limits: { ...quick, stallMs: 50 } });
    expectWhole();
  });

  it('sends a byte at a time is left', async () => {
    const slow = await host({ trickle: { bytes: 1, everyMs: 5 } });
    await get([slow, await host()], { limits: { ...quick, slowWindowMs: 200, slowBytesPerSecond: 10_000 } });
    expectWhole();
  });

  it('sends only whole files is gone on with, too: what is here is passed over', async () => {
    const bad = await host({ cutAfter: () => 1_000_000, answer: refuseAfter(1) });
    const server = await host({ noRanges: true });
    await get([bad, server]);
    expectWhole();
  });

  it('sends another file is left, and what it sent is thrown away', async () => {
    const liar = await host({}, randomBytes(content.length));
    await get([liar, await host()]);
    expectWhole();
    await rm(target());
    await expect(get([liar])).rejects.toMatchObject({ code: 'models/wrong-file' });
    expect(await kept()).toBe(0);
  });

  it('sends a part of another file does not spoil the rest', async () => {
    const liar = await host({ cutAfter: () => 1_000_000, answer: refuseAfter(1) }, randomBytes(content.length));
    const good = await host();
    await get([liar, good]);
    expectWhole();
    expect(good.ranges).toHaveLength(2);
    expect(good.ranges[0]).toMatch(/^bytes=[5-9]\d{5}-2999999$/);
    expect(good.ranges[1]).toBe('bytes=0-2999999');
  });

  it('replaces the file in the middle is asked for the new one from its beginning', async () => {
    let version = 0;
    const older = randomBytes(content.length);
    const server = await host(
      { etag: () => `"${String(version)}"`, cutAfter: () => (version === 0 ? 1_000_000 : Infinity) },
      older,
    );
    await get([server], {
      onProgress: () => {
        version = 1;
        server.content = content;
      },
    });
    expectWhole();
  });
});

describe('two at once', () => {
  it('do not write the same file: the second is told', async () => {
    const server = await host({ trickle: { bytes: 65_536, everyMs: 2 } });
    const first = get([server]);
    await expect.poll(() => server.sent).toBeGreaterThan(0);
    await expect(get([server])).rejects.toMatchObject({ code: 'models/in-progress' });
    await first;
    expectWhole();
  });
});

describe('what is here of a file', () => {
  it.each([
    [
      'a record that is damaged',
      (part: string) => {
        writeFileSync(`${part}.json`, '{"version":1');
      },
    ],
    [
      'a record of another length',
      (part: string) => {
        writeFileSync(`${part}.json`, readFileSync(`${part}.json`, 'utf8').replaceAll('3000000', '3000001'));
      },
    ],
    [
      'a file that is shorter than its record',
      (part: string) => {
        writeFileSync(part, 'x');
      },
    ],
    [
      'bytes that have changed',
      (part: string) => {
        writeFileSync(part, randomBytes(readFileSync(part).length));
      },
    ],
  ])('with %s is no reason to fail', async (_, damage) => {
    const server = await host({ cutAfter: () => 1_000_000, answer: refuseAfter(1) });
    await expect(get([server])).rejects.toMatchObject({ code: 'models/no-host' });
    expect(await kept()).toBeGreaterThan(500_000);
    damage(`${target()}.part`);
    await get([await host()]);
    expectWhole();
  });
});

function status(code: number) {
  return page(code, {}, 'no');
}
function page(code: number, headers: Record<string, string>, body: string): NonNullable<Misbehaviour['answer']> {
  return (_, response) => {
    response.writeHead(code, headers).end(body);
    return true;
  };
}
/** Answers so many requests, and then no more. */
function refuseAfter(answers: number): NonNullable<Misbehaviour['answer']> {
  let asked = 0;
  return (request, response) => (asked += 1) > answers && status(404)(request, response);
}
