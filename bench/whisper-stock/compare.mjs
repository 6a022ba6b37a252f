// Is the addon as fast as whisper-cli? Both from the same sources and the same CMake tree, same model, audio,
// threads and settings; A and B take turns. A run is a process that loads once and transcribes twice (fresh
// buffers, then used ones), timings added up.
//   node bench/whisper-stock/compare.mjs [--runs 10] [--size tiny] [--threads 2]
//
// Compared is computing, not loading:
//   encode   all encoder runs
//   decode   prompt + tokens + sampling
//   total    whisper-cli: mel + encode + decode, as it prints them; addon: the whole call, which also has what
//            whisper-cli leaves uncounted between those (so the addon has the harder end of it)
// The weights are random, so decoding goes on until whisper.cpp's own limit; the same tokens on both sides,
// which is checked by their text. Fallbacks are off (-nf): noise would climb the whole ladder. Timestamps too (-nt).
// On a machine that others use, too, look at `best` (the fastest run of each side) before `median`.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildWhisper } from '../../scripts/build-whisper.mjs';
import { makeModel } from './make-model.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, '../..');
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10' },
    size: { type: 'string', default: 'tiny' },
    threads: { type: 'string', default: '2' },
  },
});
const runs = Number(values.runs);
const threads = Number(values.threads);

const settings = {
  greedy: { cli: ['-bs', '1', '-bo', '1'], addon: { beamSize: 1, bestOf: 1 } },
  stock: { cli: [], addon: {} }, // 5 beams
};

const { cli } = await buildWhisper({ cli: true, say: (line) => console.error(line) });
const scratch = path.join(os.tmpdir(), 'botchat-bench');
mkdirSync(scratch, { recursive: true });
const model = path.join(scratch, `random-${values.size}.bin`);
if (!existsSync(model)) makeModel(model, values.size);

/** English demo clips one after another, cut to 10 s. */
function makeAudio() {
  const folder = path.join(root, 'e2e/fixtures/clips');
  const files = readdirSync(folder)
    .filter((name) => /^en-.*\.wav$/.test(name))
    .sort();
  const data = Buffer.concat(files.map((name) => readFileSync(path.join(folder, name)).subarray(44))).subarray(
    0,
    10 * 32_000,
  );
  const header = readFileSync(path.join(folder, files[0])).subarray(0, 44);
  header.writeUInt32LE(36 + data.length, 4);
  header.writeUInt32LE(data.length, 40);
  const file = path.join(scratch, 'audio.wav');
  writeFileSync(file, Buffer.concat([header, data]));
  return file;
}
const wav = makeAudio();

function runCli(flags) {
  const child = spawnSync(cli, ['-m', model, '-f', wav, '-f', wav, '-t', String(threads), '-nf', '-nt', ...flags], {
    encoding: 'utf8',
  });
  if (child.status !== 0) throw new Error(child.stderr);
  const ms = (name) => Number(new RegExp(`${name} time = +([\\d.]+) ms`).exec(child.stderr)?.[1]);
  const decodeMs = ms('prompt') + ms('decode') + ms('batchd') + ms('sample');
  // How often the decoder ran: for one token when greedy, for a batch of beams otherwise.
  const decoderRuns = Math.max(
    ...[...child.stderr.matchAll(/(?:decode|batchd) time =.*?\/ +(\d+) runs/g)].map((match) => Number(match[1])),
  );
  return {
    text: child.stdout,
    encodeMs: ms('encode'),
    decodeMs,
    totalMs: ms('mel') + ms('encode') + decodeMs,
    decoderRuns,
  };
}

function runAddon(options) {
  const all = JSON.stringify({ ...options, threads, temperatureIncrement: 0, noTimestamps: true });
  const both = JSON.parse(
    execFileSync(process.execPath, [path.join(here, 'one-run.mjs'), model, wav, all], { encoding: 'utf8' }),
  );
  const sum = (what) => both[0][what] + both[1][what];
  const text = both.map((run) => run.text).join('');
  return {
    text,
    encodeMs: sum('encodeMs'),
    decodeMs: sum('decodeMs'),
    totalMs: sum('totalMs'),
    backend: both[0].backend,
  };
}

const measures = ['encodeMs', 'decodeMs', 'totalMs'];
const mapValues = (object, change) =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]));
const median = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};
const round = (number, digits) => Number(number.toFixed(digits));

const report = {
  machine: {
    cpu: os.cpus()[0]?.model,
    processors: os.availableParallelism(),
    loadAverage: os.loadavg().map((each) => round(each, 2)),
  },
  model: `random ${values.size}`,
  audioSeconds: 2 * 10,
  threads,
  runs,
  settings: {},
};
for (const [name, { cli: flags, addon: options }] of Object.entries(settings)) {
  const sides = { cli: [], addon: [] };
  for (let i = 0; i < runs; ++i) {
    const takeCli = () => sides.cli.push(runCli(flags));
    const takeAddon = () => sides.addon.push(runAddon(options));
    for (const take of i % 2 ? [takeAddon, takeCli] : [takeCli, takeAddon]) take(); // who goes first changes, too
    console.error(`${name}: ${i + 1} of ${runs}`);
  }
  const letters = (text) => text.replace(/\s+/g, '');
  const [first] = sides.cli;
  const sameText = [...sides.cli, ...sides.addon].every((run) => letters(run.text) === letters(first.text));
  const summary = (pick) => {
    const times = (side) =>
      Object.fromEntries(measures.map((what) => [what, pick(sides[side].map((run) => run[what]))]));
    const [cliTimes, addonTimes] = [times('cli'), times('addon')];
    return {
      cli: mapValues(cliTimes, (ms) => round(ms, 1)),
      addon: mapValues(addonTimes, (ms) => round(ms, 1)),
      ratio: mapValues(addonTimes, (ms, what) => round(ms / cliTimes[what], 3)),
    };
  };
  report.settings[name] = {
    whisperCli: ['-nf', '-nt', ...flags].join(' '),
    sameText,
    decoderRuns: first.decoderRuns,
    backend: sides.addon[0].backend,
    median: summary(median),
    best: summary((numbers) => Math.min(...numbers)),
    totalsMs: mapValues(sides, (list) => list.map((run) => round(run.totalMs, 0))),
  };
}
console.log(JSON.stringify(report, null, 2));
