import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSHA256 } from 'hash-wasm';
import { download, downloadLimits } from '../../src/main/core/models/download/download.js';
import { openHostSpeeds } from '../../src/main/core/models/download/host-speeds.js';

/** What `download.mjs` gives a process in DOWNLOAD, as JSON. */
export interface Task {
  readonly how: 'ours' | 'one connection' | 'plain' | 'plain, OpenSSL’s hash';
  readonly url: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly target: string;
}

/** What it is told. */
export interface Measured {
  readonly ms: number;
  /** The most memory that the process had, less what it had before, in bytes. */
  readonly memoryBytes: number;
}

const task = JSON.parse(process.env.DOWNLOAD ?? '') as Task;
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** What it is compared with: reads, hashes and writes, and knows nothing of pauses, cuts and other hosts. */
async function copy(hash: Hash): Promise<string> {
  const response = await fetch(task.url);
  const file = await open(task.target, 'w');
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    hash.update(chunk);
    await file.write(chunk);
  }
  await file.sync();
  await file.close();
  return hash.digest('hex');
}

interface Hash {
  update(bytes: Uint8Array): unknown;
  digest(encoding: 'hex'): string;
}

async function ours(connections: number): Promise<string> {
  return download(
    task.target,
    { bytes: task.bytes, sha256: [task.sha256], urls: [{ host: 'bench', url: task.url }] },
    {
      fetch,
      speeds: await openHostSpeeds(`${task.target}.speeds`, { now: () => Date.now() }, silent),
      log: silent,
      signal: new AbortController().signal,
      onProgress: () => undefined,
      limits: { ...downloadLimits, connections },
    },
  );
}

// What the process takes before: all is loaded, and one request has been made.
await (await fetch(task.url, { method: 'HEAD' })).arrayBuffer();
await sleep(500);
globalThis.gc?.();
const idle = process.memoryUsage.rss();
let most = idle;
const watch = setInterval(() => {
  most = Math.max(most, process.memoryUsage.rss());
}, 20);
const start = performance.now();
const hows: Record<Task['how'], () => Promise<string>> = {
  ours: () => ours(downloadLimits.connections),
  'one connection': () => ours(1),
  plain: async () => copy((await createSHA256()).init()),
  'plain, OpenSSL’s hash': () => copy(createHash('sha256')),
};
const sha256 = await hows[task.how]();
const ms = performance.now() - start;
clearInterval(watch);
if (sha256 !== task.sha256) throw new Error('another file');
process.send?.({ ms, memoryBytes: most - idle } satisfies Measured);
if (sha256 !== task.sha256) throw new Error('another file');
process.send?.({ ms, memoryBytes: most - idle } satisfies Measured);
