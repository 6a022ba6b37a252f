import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RecogniserView } from '../../../shared/contract/app.js';
import { vadWindowSamples } from '../../../shared/audio-format.js';
import type { ComputeDevice, WhisperMethods } from '../../../shared/worker-contract.js';
import { fakeWorker, type FakeWorker } from '../testing/fake-worker.js';
import { transcription } from '../testing/harness.js';
import { recogniserModel } from '../testing/models.js';
import { engineLimits } from './engine.js';
import { openProbeMemory } from './probe-memory.js';
import { createRecogniser, type Recogniser } from './recogniser.js';
import { warmUpCalls } from './warm-up.js';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const silence = new Int16Array(16_000);

let folder: string;
let workers: FakeWorker[];
let views: RecogniserView[];
let recogniser: Recogniser;
/** Waited for by each call that is made for its warmth. */
let gate: PromiseWithResolvers<undefined>;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'botchat 预热 '));
  workers = [];
  views = [];
  gate = Promise.withResolvers();
});
afterEach(async () => {
  recogniser.dispose();
  await rm(folder, { recursive: true, force: true });
});

/** A recogniser on such a device, with no take to hear yet. */
async function start(device: ComputeDevice): Promise<void> {
  const spawn = () => {
    const isTrial = workers.length === 1;
    const worker = fakeWorker(async (method, params) => {
      if (method === 'devices') return { devices: [device], missingLibrary: null };
      if (method === 'load') return { device: { ...device } };
      if (method === 'detectSpeech') return { speech: speechIn(params as WhisperMethods['detectSpeech']['params']) };
      if (!isTrial) await gate.promise;
      return method === 'detectLanguage' ? { en: 1, zh: 0 } : transcription('Hello there.');
    });
    workers.push(worker);
    return worker.process;
  };
  recogniser = createRecogniser({
    addonPath: join(folder, 'addon.node'),
    vadModelPath: 'vad',
    models: () => [recogniserModel(join(folder, 'x.bin'))],
    memory: openProbeMemory(join(folder, 'gpu-trials.json'), silent),
    limits: engineLimits,
    log: silent,
    spawn,
    onChange: () => views.push(recogniser.view),
  });
  await recogniser.warmUp();
}

/** Whatever is pushed is speech. */
const speechIn = ({ samples }: WhisperMethods['detectSpeech']['params']): readonly boolean[] =>
  Array.from({ length: Math.floor(samples.length / vadWindowSamples) }, () => true);

const sentTo = (worker: FakeWorker | undefined) =>
  (worker?.sent ?? []).flatMap((message) => ('method' in message ? [message.method] : []));

describe('a GPU', () => {
  it('is made ready for every kind of work once the app can be used, in the order of need, and says so', async () => {
    await start({ kind: 'vulkan', name: 'Radeon' });
    expect(recogniser.view).toMatchObject({ state: 'ready', warmingUp: true });
    gate.resolve(undefined);
    await expect.poll(() => recogniser.view.warmingUp).toBe(false);
    expect(views.at(-1)).toMatchObject({ state: 'ready', warmingUp: false });
    expect(sentTo(workers[0])).toEqual(['devices', 'load', ...warmUpCalls().map(({ method }) => method)]);
  });

  it('is made ready again after a restart', async () => {
    gate.resolve(undefined);
    await start({ kind: 'cuda', name: 'GeForce' });
    await expect.poll(() => recogniser.view.warmingUp).toBe(false);
    await recogniser.restart();
    await expect.poll(() => sentTo(workers.at(-1)).length).toBe(2 + warmUpCalls().length);
  });

  it('hears a learner first, and is made ready after that', async () => {
    await start({ kind: 'vulkan', name: 'Radeon' });
    await expect.poll(() => sentTo(workers[0])).toEqual(['devices', 'load', 'transcribe']);
    const listening = recogniser.listen({ language: 'en' });
    listening.push(new Int16Array(16_000).fill(3000));
    const heard = listening.finish(new AbortController().signal);
    // What was under way has not been answered, and is done again afterwards.
    await expect.poll(() => sentTo(workers[0]).filter((method) => method === 'transcribe').length).toBe(2);
    gate.resolve(undefined);
    expect((await heard).text).toBe('Hello there.');
    await expect.poll(() => recogniser.view.warmingUp).toBe(false);
  });
});

describe('a processor', () => {
  it('is given no such work', async () => {
    gate.resolve(undefined);
    await start({ kind: 'cpu', name: 'Intel' });
    await recogniser.wordTimes(silence, new AbortController().signal);
    expect(sentTo(workers[0])).toEqual(['devices', 'load', 'transcribe']);
    expect(views.every(({ warmingUp }) => !warmingUp)).toBe(true);
  });
});

it('every shape is among the calls', () => {
  const shapes = warmUpCalls().map(({ method, params }) => ({
    method,
    whole: params.audioContext === 0,
    thorough: 'thorough' in params && params.thorough,
  }));
  expect(shapes).toEqual([
    { method: 'transcribe', whole: false, thorough: false },
    { method: 'detectLanguage', whole: false, thorough: false },
    { method: 'transcribe', whole: true, thorough: false },
    { method: 'detectLanguage', whole: true, thorough: false },
    { method: 'transcribe', whole: true, thorough: true },
  ]);
});
