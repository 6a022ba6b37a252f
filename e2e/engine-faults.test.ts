import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Events } from '../src/shared/contract/contract.js';
import type { EngineView, StatusView } from '../src/shared/contract/app.js';
import { pcmToBytes, recordingSampleRateHz } from '../src/shared/audio-format.js';
import type { EngineLimits } from '../src/main/core/speech/engine.js';
import { createHarness, type Harness } from '../src/main/core/testing/harness.js';
import { clipSamples } from './support/recogniser.js';
import { faults, realWorkers, type Fault, type RealWorkers } from './support/real-workers.js';

// R18: a real engine, in its own process, is killed, crashes or stops in the middle of its work. The app stays alive,
// the recording is kept, and what was asked for is done after all, or fails with a code by its deadline.

const trials = process.env.BOTCHAT_FULL ? 50 : 5;
/** Short, since a stopped engine is found out by its deadline; long enough for a busy machine to do the work. */
const callMs = 6000;
const patient: EngineLimits = { callMs, loadMs: 20_000, circuit: { crashes: 10_000, windowMs: 1 } };
const spoken = { file: 'en-02.wav', text: 'Nice to meet you.' };

let workers: RealWorkers;
let app: Harness;
let topicId: string;

async function open(limits: EngineLimits): Promise<void> {
  workers = realWorkers();
  app = await createHarness({ spawnWorker: workers.spawn, whisperAddon: workers.whisperAddon, limits });
  app.core.start();
  await until(({ recogniser, voice }) => recogniser.state === 'ready' && voice.state === 'ready');
  topicId = (await app.ask('topic.create', { sceneId: null, theme: 'Faults' })).id;
}
afterEach(async () => {
  await app.close();
  workers.remove();
});

const status = async (): Promise<StatusView> => (await app.ask('app.snapshot', {})).status;

async function until(holds: (status: StatusView) => boolean): Promise<void> {
  await expect.poll(async () => holds(await status())).toBe(true);
}

/** Records a clip as the microphone does, faster; `hurt` comes before the learner lets go. Answers the take's id. */
async function record(hurt: () => Promise<void> | void): Promise<string> {
  const { id: takeId } = await app.ask('take.start', { topicId });
  const samples = clipSamples(spoken.file);
  const chunk = recordingSampleRateHz / 10;
  for (let start = 0, sequence = 0; start < samples.length; start += chunk, sequence += 1) {
    const pcm = new Uint8Array(pcmToBytes(samples.slice(start, start + chunk)));
    await app.ask('take.append', { takeId, sequence, pcm });
    await wait(10);
  }
  await hurt();
  await app.ask('take.finish', { takeId });
  return takeId;
}

const takeNow = async (takeId: string) =>
  (await app.ask('topic.open', { topicId, beforeTurnId: null })).takes.find(({ id }) => id === takeId);

/** What became of a take: understood, or kept with the reason. */
async function outcomeOf(takeId: string): Promise<string> {
  let outcome = 'recognising';
  await expect
    .poll(async () => {
      const take = await takeNow(takeId);
      outcome = take ? (take.error?.code ?? take.state) : 'understood';
      return outcome;
    })
    .not.toBe('recognising');
  return outcome;
}

/** Resolves when nothing more of a turn will be said. */
async function saidAll(turnId: string): Promise<void> {
  const isEnd = ({ name, payload }: Harness['events'][number]) =>
    name === 'turn.speechEnd' && (payload as Events['turn.speechEnd']).turnId === turnId;
  await expect.poll(() => app.events.some(isEnd)).toBe(true);
}

const promptsOf = async () =>
  (await app.ask('topic.open', { topicId, beforeTurnId: null })).turns.map(({ prompt }) => prompt?.text);

describe.each(faults)('a recogniser that gets %s', (fault: Fault) => {
  beforeEach(() => open(patient));

  it(`in the middle of a take: the take is understood all the same, ${String(trials)} times`, async () => {
    let injected = 0;
    let understood = 0;
    for (let trial = 0; trial < trials; trial += 1) {
      await until(({ recogniser }) => recogniser.state === 'ready');
      const before = workers.ended('whisper');
      const takeId = await record(async () => {
        // Stopped first, so that it cannot be done before it is hurt.
        workers.inflict('whisper', 'SIGSTOP');
        await wait(trial % 5);
      });
      await wait((trial * 37) % 150);
      workers.inflict('whisper', fault);
      const outcome = await outcomeOf(takeId);
      expect(workers.ended('whisper')).toBeGreaterThan(before);
      injected += 1;
      if (outcome === 'understood') understood += 1;
      else {
        // Where other work keeps the machine busy, the second try may miss its deadline, too.
        expect(outcome).toBe('recogniser/timeout');
        await app.ask('take.discard', { takeId });
      }
      expect(await promptsOf()).toEqual(Array.from({ length: understood }, () => spoken.text));
    }
    expect(understood).toBeGreaterThan(trials / 2);
    expect(injected).toBe(trials);
  });
});

describe.each(faults)('a voice that gets %s', (fault: Fault) => {
  beforeEach(() => open(patient));

  it(`in the middle of a reply: the reply is read and heard all the same, ${String(trials)} times`, async () => {
    let injected = 0;
    for (let trial = 0; trial < trials; trial += 1) {
      await until(({ voice }) => voice.state === 'ready');
      const before = workers.ended('sherpa');
      workers.inflict('sherpa', 'SIGSTOP');
      const { id: turnId } = await app.ask('turn.type', { topicId, text: 'Hello there.' });
      await wait((trial * 37) % 150);
      workers.inflict('sherpa', fault);
      await saidAll(turnId);
      expect(workers.ended('sherpa')).toBe(before + 1);
      injected += 1;
      const page = await app.ask('topic.open', { topicId, beforeTurnId: null });
      const turn = page.turns.find(({ id }) => id === turnId);
      expect(turn?.response).toMatchObject({ state: 'complete', voiceError: null });
      expect(turn?.response.clip?.durationMs).toBeGreaterThan(300);
    }
    expect(injected).toBe(trials);
  });
});

describe('engines that die again and again', () => {
  beforeEach(() => open({ callMs, loadMs: 20_000, circuit: { crashes: 3, windowMs: 120_000 } }));

  it('are left alone; the take is kept, and understood after the learner has them started again', async () => {
    const enough = new AbortController();
    let injected = 0;
    const killing = (async () => {
      while (!enough.signal.aborted) {
        if (workers.alive('whisper').length > 0) {
          workers.inflict('whisper', 'SIGKILL');
          injected += 1;
        }
        await wait(20);
      }
    })();
    const takeId = await record(() => undefined);
    await expect
      .poll(async () => {
        const take = await takeNow(takeId);
        if (take?.state === 'failed' && take.error?.code !== 'recogniser/stopped') {
          await app.ask('take.transcribe', { takeId });
        }
        return take?.error?.code;
      })
      .toBe('recogniser/stopped');
    enough.abort();
    await killing;
    expect(injected).toBeGreaterThanOrEqual(3);
    expect((await status()).recogniser).toMatchObject({
      state: 'stopped',
      error: { code: 'recogniser/stopped' },
    } satisfies Partial<EngineView>);
    // Nobody starts it behind the learner's back, and asking for it fails at once.
    const started = workers.started('whisper');
    await app.ask('take.transcribe', { takeId });
    await expect.poll(async () => (await takeNow(takeId))?.error?.code).toBe('recogniser/stopped');
    expect(workers.started('whisper')).toBe(started);
    expect((await app.ask('take.read', { takeId })).wav.byteLength).toBe(44 + 2 * clipSamples(spoken.file).length);

    await app.ask('app.restartEngine', { engine: 'recogniser' });
    expect((await status()).recogniser).toMatchObject({ state: 'ready', error: null });
    await app.ask('take.transcribe', { takeId });
    expect(await outcomeOf(takeId)).toBe('understood');
    expect(await promptsOf()).toEqual([spoken.text]);
  });

  it('are left alone; replies are read without a voice until the learner has it started again', async () => {
    for (let crash = 0; crash < 3; crash += 1) {
      await until(({ voice }) => voice.state === 'ready');
      const before = workers.ended('sherpa');
      workers.inflict('sherpa', 'SIGKILL');
      await expect.poll(() => workers.ended('sherpa')).toBe(before + 1);
    }
    await until(({ voice }) => voice.state === 'stopped');
    const silent = await app.ask('turn.type', { topicId, text: 'Hello there.' });
    await saidAll(silent.id);
    const page = await app.ask('topic.open', { topicId, beforeTurnId: null });
    expect(page.turns.at(-1)?.response).toMatchObject({
      state: 'complete',
      clip: null,
      voiceError: { code: 'voice/stopped' },
    });
    expect(workers.started('sherpa')).toBe(3);

    await app.ask('app.restartEngine', { engine: 'voice' });
    const heard = await app.ask('turn.type', { topicId, text: 'Hello again.' });
    await saidAll(heard.id);
    const after = await app.ask('topic.open', { topicId, beforeTurnId: null });
    expect(after.turns.at(-1)?.response).toMatchObject({ state: 'complete', voiceError: null });
  });
});
