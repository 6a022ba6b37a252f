// node scripts/run.mjs bench/models/download.mjs [--megabytes N] [--runs N] [--rate N] [--json]
//   --rate   so many megabytes a second the host sends at most, over all connections: a network, and no memory
// How fast a model is downloaded from this machine itself, against a program that only reads, hashes and writes, and how
// much memory that takes. Both take turns, each run in a process of its own; so is the host.
import { fork } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    megabytes: { type: 'string', default: '512' },
    runs: { type: 'string', default: '7' },
    rate: { type: 'string', default: 'Infinity' },
    json: { type: 'boolean', default: false },
    host: { type: 'boolean', default: false },
  },
});
const bytes = Number(values.megabytes) * 1e6;

/** One block, again and again: a host that reads nothing from a disk. */
const block = Buffer.alloc(1e6, randomBytes(1e6).subarray(0, 997));

if (values.host) {
  /** When the next piece may be sent. */
  let dueMs = 0;
  const server = createServer((request, response) => {
    const [, from = '0', to = String(bytes - 1)] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
    const [start, end] = [Number(from), Number(to) + 1];
    response.writeHead(request.headers.range ? 206 : 200, {
      etag: '"1"',
      'content-length': end - start,
      'content-type': 'application/octet-stream',
      ...(request.headers.range && { 'content-range': `bytes ${start}-${end - 1}/${bytes}` }),
    });
    if (request.method === 'HEAD') return void response.end();
    let at = start;
    const send = () => {
      while (at < end) {
        const waitMs = dueMs - performance.now();
        if (waitMs > 1) return void setTimeout(send, waitMs);
        const offset = at % block.length;
        const piece = block.subarray(offset, Math.min(block.length, offset + 65_536, offset + end - at));
        at += piece.length;
        dueMs = Math.max(dueMs, performance.now()) + piece.length / 1000 / Number(values.rate);
        if (!response.write(piece)) return void response.once('drain', send);
      }
      response.end();
    };
    send();
  });
  server.listen(0, '127.0.0.1', () => {
    const hash = createHash('sha256');
    for (let at = 0; at < bytes; at += block.length) hash.update(block);
    process.send({ url: `http://127.0.0.1:${server.address().port}/model`, sha256: hash.digest('hex') });
  });
  process.on('disconnect', () => process.exit(0));
} else await measure();

async function measure() {
  const folder = mkdtempSync(join(tmpdir(), 'botchat-bench-'));
  const host = fork(fileURLToPath(import.meta.url), [
    '--host',
    ...['--megabytes', values.megabytes],
    ...['--rate', values.rate],
  ]);
  try {
    const { url, sha256 } = await messageOf(host);
    // Node.js itself cannot load our TypeScript; Vite can, in that process too.
    const main = join(folder, 'main.mjs');
    const vite = pathToFileURL(resolve('node_modules/vite/dist/node/index.js')).href;
    const script = resolve(import.meta.dirname, 'download-once.ts');
    writeFileSync(
      main,
      `import { runnerImport } from ${JSON.stringify(vite)};\nawait runnerImport(${JSON.stringify(script)});\n`,
    );
    const hows = ['plain', 'ours', 'one connection', 'plain, OpenSSL’s hash'];
    const runs = Object.fromEntries(hows.map((how) => [how, []]));
    for (let run = 0; run < Number(values.runs); run += 1) {
      for (const how of hows) {
        const target = join(folder, 'model');
        const task = { how, url, bytes, sha256, target };
        const env = { ...process.env, DOWNLOAD: JSON.stringify(task) };
        runs[how].push(await messageOf(fork(main, { env, execArgv: ['--expose-gc'] })));
        rmSync(target);
      }
    }
    const plainMs = median(runs.plain.map(({ ms }) => ms));
    for (const how of hows) {
      const ms = median(runs[how].map((run) => run.ms));
      const row = {
        how,
        megabytesPerSecond: Math.round(bytes / 1000 / ms),
        ofPlain: Number((plainMs / ms).toFixed(2)),
        mostMemoryMB: Math.round(Math.max(...runs[how].map((run) => run.memoryBytes)) / 1e6),
        rateLimit: values.rate,
        runs: runs[how].length,
        megabytes: bytes / 1e6,
        machine: `${cpus()[0].model.trim()} × ${cpus().length}`,
      };
      if (values.json) console.log(JSON.stringify(row));
      else
        console.log(
          `${how}: ${row.megabytesPerSecond} MB/s, ${row.ofPlain} of the plain copy, ${row.mostMemoryMB} MB of memory at most`,
        );
    }
  } finally {
    host.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

function messageOf(child) {
  return new Promise((found, failed) => {
    child.once('message', found);
    child.once('exit', (code) => failed(new Error(`a process ended: ${code}`)));
  });
}

function median(samples) {
  const sorted = samples.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)];
}
