// Proves a GPU backend on a machine that has the GPU, from a checkout after `npm ci`:
//   node scripts/run.mjs bench/gpu/check.mjs [cuda|vulkan] [--sizes base,small,large-v3-turbo] [--runs 5]
// It builds the backend (what that needs: scripts/build-whisper.mjs), then
//   1. recognises the 23 demo clips on the GPU and on the CPU: both must say what clips.json says, the former from
//      the GPU by its own report;
//   2. takes encoder times of models of true shape with random weights, beside whisper-cli from the same sources and
//      the same build on the same GPU.
// Ends with 1 where a text differs or something else than the GPU computed. GPU times are worth nothing while others
// use the GPU. Writes the models (up to 1.6 GB each) to the system's temporary folder and leaves them there.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildWhisper } from '../../scripts/build-whisper.mjs';
import { makeModel } from '../whisper-stock/make-model.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const clipsFolder = path.join(root, 'e2e/fixtures/clips');
const clips = JSON.parse(readFileSync(path.join(clipsFolder, 'clips.json'), 'utf8'));
const scratch = path.join(os.tmpdir(), 'botchat-bench');

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { sizes: { type: 'string', default: 'base,small,large-v3-turbo' }, runs: { type: 'string', default: '5' } },
});
const [kind = 'cuda'] = positionals;
if (kind !== 'cuda' && kind !== 'vulkan') throw new Error('cuda or vulkan?');
const runs = Number(values.runs);

/** Recognises files in a process of its own; the report of transcribe-clips.mjs. */
function recognise(addon, model, files, { load = {}, options = {} } = {}) {
  const job = { addon, backends: path.dirname(addon), model, load, options, clips: files };
  const script = path.join(root, 'native/whisper/transcribe-clips.mjs');
  return JSON.parse(execFileSync(process.execPath, [script, JSON.stringify(job)], { encoding: 'utf8' }));
}

/** Do the texts agree, and did the GPU make them? */
function checkTexts(addon) {
  const model = path.join(root, 'resources/demo/micro-whisper.bin');
  const files = clips.map(({ file, language }) => ({ file: path.join(clipsFolder, file), language }));
  const onGpu = recognise(addon, model, files);
  const onCpu = recognise(addon, model, files, { load: { useGpu: false } });
  console.log(`devices: ${onGpu.devices.map((each) => `${each.kind} ${each.name}`).join('; ')}`);
  for (const { kind: unused, reason } of onGpu.unused) console.log(`not used: ${unused}: ${reason}`);
  if (onGpu.gpuFailure) console.log(`GPU failed: ${onGpu.gpuFailure.message}`);
  console.log(`computes: ${onGpu.backend.kind} ${onGpu.backend.device}`);

  const wrong = clips.filter(({ text }, i) => onGpu.results[i].text !== text || onCpu.results[i].text !== text);
  for (const { file } of wrong) console.log(`differs: ${file}`);
  const elsewhere = onGpu.results.filter(({ backend }) => backend.kind !== kind).length;
  console.log(`texts: ${clips.length - wrong.length} of ${clips.length} as on the CPU; ${elsewhere} not from the GPU`);
  return wrong.length === 0 && elsewhere === 0;
}

/** Mean encoder times in ms, the first run's warming up included on both sides. */
function encoderTimes(addon, cli, size) {
  const model = path.join(scratch, `random-${size}.bin`);
  if (!existsSync(model)) makeModel(model, size);
  const file = path.join(clipsFolder, 'en-31.wav');
  const quick = { beamSize: 1, bestOf: 1, temperatureIncrement: 0, noTimestamps: true };

  const { results } = recognise(addon, model, Array(runs).fill({ file, language: 'en' }), {
    options: { ...quick, maxTokens: 4 },
  });
  const ours = results.map(({ timings }) => timings.encodeMs);

  const flags = ['-bs', '1', '-bo', '1', '-nf', '-nt', '-m', model, ...Array(runs).fill(['-f', file]).flat()];
  const { status, stderr } = spawnSync(cli, flags, { encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(stderr);
  const theirs = /encode time = +([\d.]+) ms \/ +(\d+) runs/.exec(stderr);

  const mean = (numbers) => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
  return {
    size,
    backend: results[0].backend,
    runs,
    oursMs: mean(ours),
    oursFirstMs: ours[0],
    oursWarmMs: mean(ours.slice(1)),
    whisperCliMs: Number(theirs[1]) / Number(theirs[2]),
  };
}

const { addon, cli } = await buildWhisper({ kind, cli: true });
mkdirSync(scratch, { recursive: true });
if (!checkTexts(addon)) process.exitCode = 1;
for (const size of values.sizes.split(',')) {
  const { backend, oursMs, oursFirstMs, oursWarmMs, whisperCliMs } = encoderTimes(addon, cli, size);
  const ms = (number) => `${number.toFixed(1)} ms`;
  console.log(
    `${size}: encode ${ms(oursMs)} (first ${ms(oursFirstMs)}, then ${ms(oursWarmMs)}), whisper-cli ${ms(whisperCliMs)}; ` +
      `mean of ${runs} on ${backend.kind} ${backend.device}`,
  );
}
