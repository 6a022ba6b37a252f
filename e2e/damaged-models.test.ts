import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { EngineView } from '../src/shared/contract/app.js';
import { AppError } from '../src/shared/errors.js';
import type { VoiceFiles } from '../src/shared/models.js';
import { readDemoModels } from '../src/main/core/models/demo-models.js';
import type { EngineLimits } from '../src/main/core/speech/engine.js';
import { openProbeMemory } from '../src/main/core/speech/probe-memory.js';
import { createRecogniser } from '../src/main/core/speech/recogniser.js';
import { recogniserModel, voiceModel } from '../src/main/core/testing/models.js';
import { createVoice } from '../src/main/core/speech/voice.js';
import { clipSamples } from './support/recogniser.js';
import { realWorkers, root, type RealWorkers } from './support/real-workers.js';

// R19: a model file is cut short, has bits turned over, is something else. The engine's process may die of it; what
// remains of the app (here: this process, with the app's own recogniser and voice) lives, and has a code to show.

/** Of each of the three models. */
const trials = process.env.BOTCHAT_FULL ? 70 : 8;
const limits: EngineLimits = { callMs: 10_000, loadMs: 15_000, circuit: { crashes: 3, windowMs: 120_000 } };
/** What a learner may be told of a damaged file. A crash is told as one: the file may not be what is to blame. */
const told =
  /^(recogniser|voice)\/(model-damaged|model-missing|crashed|timeout|stopped|failed|out-of-memory|nothing-heard|nothing-to-say)$/;

const scratch = mkdtempSync(join(tmpdir(), '坏掉的模型 '));
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

/** The same numbers every time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Ways to damage a file, each with a random source. Headers are hit more often: that is where parsers believe. */
const damages: readonly ((file: Buffer, random: () => number) => Buffer)[] = [
  () => Buffer.alloc(0),
  () => Buffer.from('<!doctype html><html><head><title>404 Not Found</title></head><body>Not Found</body></html>'),
  (file, random) => file.subarray(0, Math.floor(random() * file.length)),
  (file, random) => file.subarray(0, Math.floor(random() ** 4 * 4096)),
  (file, random) => flipped(file, random, 1, 512),
  (file, random) => flipped(file, random, 64, file.length),
  (file, random) => {
    const copy = Buffer.from(file);
    for (let at = 0; at < 64; at += 1) copy[at] = Math.floor(random() * 256);
    return copy;
  },
  (file, random) => {
    const copy = Buffer.from(file);
    const start = Math.floor(random() * copy.length);
    copy.fill(random() < 0.5 ? 0 : 0xff, start, start + 65_536);
    return copy;
  },
];

function flipped(file: Buffer, random: () => number, bits: number, below: number): Buffer {
  const copy = Buffer.from(file);
  for (let count = 0; count < bits; count += 1) {
    const at = Math.floor(random() * Math.min(below, copy.length));
    copy[at] = (copy[at] ?? 0) ^ (1 << Math.floor(random() * 8));
  }
  return copy;
}

interface Trial {
  /** What an engine made of the file. */
  readonly outcome: string;
  readonly view: EngineView;
}

/** Tries damaged copies of a file, one after the other; answers how often each outcome came. */
async function damagedCopies(
  file: string,
  run: (path: string, workers: RealWorkers) => Promise<Trial>,
): Promise<ReadonlyMap<string, number>> {
  const original = readFileSync(file);
  const outcomes = new Map<string, number>();
  const random = seeded(original.length);
  let injected = 0;
  for (let trial = 0; trial < trials; trial += 1) {
    const damaged = damages[trial % damages.length]?.(original, random) ?? original;
    if (damaged.equals(original)) continue;
    injected += 1;
    const folder = join(scratch, `${basename(file)} ${String(trial)}`);
    mkdirSync(folder);
    const path = join(folder, basename(file));
    writeFileSync(path, damaged);
    const workers = realWorkers();
    try {
      const { outcome, view } = await run(path, workers);
      if (outcome !== 'works') expect(outcome, `trial ${String(trial)}`).toMatch(told);
      if (view.state !== 'ready') expect(view.error?.code, `trial ${String(trial)}`).toMatch(told);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    } finally {
      workers.remove();
      rmSync(folder, { recursive: true });
    }
  }
  expect(injected).toBe(trials);
  console.log(basename(file), Object.fromEntries(outcomes));
  return outcomes;
}

const codeOf = (error: unknown): string => (error instanceof AppError ? error.code : String(error));

async function recognise(
  modelPath: string,
  vadModelPath: string,
  workers: RealWorkers,
  addonPath = workers.whisperAddon,
): Promise<Trial> {
  const recogniser = createRecogniser({
    addonPath,
    vadModelPath,
    models: () => [recogniserModel(modelPath)],
    memory: openProbeMemory(join(scratch, 'gpu-trials.json'), log),
    limits,
    log,
    spawn: () => workers.spawn('whisper'),
    onChange: () => undefined,
  });
  try {
    await recogniser.warmUp();
    const listening = recogniser.listen({ language: 'en' });
    listening.push(clipSamples('en-02.wav'));
    const outcome = await listening.finish(new AbortController().signal).then(() => 'works', codeOf);
    return { outcome, view: recogniser.view };
  } finally {
    recogniser.dispose();
  }
}

async function speak(files: VoiceFiles, workers: RealWorkers): Promise<Trial> {
  const voice = createVoice({
    models: () => [voiceModel(files)],
    speaker: () => 0,
    userData: scratch,
    limits,
    log,
    spawn: () => workers.spawn('sherpa'),
    onChange: () => undefined,
  });
  try {
    const outcome = await voice.synthesise('Nice to meet you.').then(() => 'works', codeOf);
    return { outcome, view: voice.view };
  } finally {
    voice.dispose();
  }
}

const { recogniser, voice } = await readDemoModels(join(root, 'resources'));
const vad = join(root, 'resources/vad/silero-v5.onnx');

it('the undamaged files work, at the same path', async () => {
  const folder = join(scratch, 'whole');
  const copy = (path: string) => {
    const to = join(folder, basename(path));
    cpSync(path, to, { recursive: true });
    return to;
  };
  const workers = realWorkers();
  try {
    expect((await recognise(copy(recogniser.path), copy(vad), workers)).outcome).toBe('works');
    const { form, ...paths } = voice.files;
    const copies = Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, copy(path as string)]));
    expect((await speak({ form, ...copies } as VoiceFiles, workers)).outcome).toBe('works');
  } finally {
    workers.remove();
  }
});

it(`${String(trials)} damaged recognition models`, async () => {
  const outcomes = await damagedCopies(recogniser.path, (path, workers) => recognise(path, vad, workers));
  // Our own reader looks at the file first: what is no model at all is never a crash.
  expect(outcomes.get('recogniser/model-damaged')).toBeGreaterThan(0);
});

it(`${String(trials)} damaged speech detectors`, async () => {
  const outcomes = await damagedCopies(vad, (path, workers) => recognise(recogniser.path, path, workers));
  // It comes with the app and is never another: it is known before the library that would crash on it sees it.
  expect(outcomes).toEqual(new Map([['recogniser/model-damaged', trials]]));
});

it(`${String(trials)} damaged voices`, async () => {
  await damagedCopies(voice.files.model, (path, workers) => speak({ ...voice.files, model: path }, workers));
});

it('an addon that does not load is told as what it is', async () => {
  const addon = join(scratch, 'botchat_whisper.node');
  writeFileSync(addon, 'no library');
  const workers = realWorkers();
  try {
    const { outcome, view } = await recognise(recogniser.path, vad, workers, addon);
    expect(outcome).toBe('recogniser/not-installed');
    expect(view).toMatchObject({ state: 'failed', error: { code: 'recogniser/not-installed' } });
  } finally {
    workers.remove();
  }
});
