import { appendFile, readdir, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordingSampleRateHz } from '../../../shared/audio-format.js';
import { AppError } from '../../../shared/errors.js';
import { createHarness, memorySecrets, toneBytes, type Harness } from '../testing/harness.js';

let app: Harness;
let topicId: string;

beforeEach(async () => {
  app = await createHarness();
  topicId = (await app.ask('topic.create', { sceneId: null, theme: 'Takes' })).id;
});

afterEach(() => app.close());

const takes = async () => (await app.ask('topic.open', { topicId, beforeTurnId: null })).takes;
const takeFolder = () => join(app.folder, 'profiles/local/takes');

describe('recording', () => {
  it('is on disk while it goes on', async () => {
    const { id: takeId } = await app.ask('take.start', { topicId });
    for (let sequence = 0; sequence < 15; sequence += 1) {
      await app.ask('take.append', { takeId, sequence, pcm: toneBytes(0.1) });
    }
    expect((await stat(join(takeFolder(), `${takeId}.wav`))).size).toBe(44 + 1.5 * 2 * recordingSampleRateHz);
  });

  it('drops a slip of the finger, and says so', async () => {
    const { id: takeId } = await app.ask('take.start', { topicId });
    await app.ask('take.append', { takeId, sequence: 0, pcm: toneBytes(0.2) });
    expect(await app.request('take.finish', { takeId })).toMatchObject({
      ok: false,
      error: { code: 'take/too-short' },
    });
    expect(await takes()).toEqual([]);
    expect(await readdir(takeFolder())).toEqual([]);
  });

  it('hears nothing in silence', async () => {
    const { id: takeId } = await app.ask('take.start', { topicId });
    // A microphone that is switched off; what its own noise sounds like is for the detector (e2e/quiet-voices.test.ts).
    const noise = Int16Array.from({ length: 16_000 }, () => Math.round(Math.random() * 2 - 1));
    await app.ask('take.append', { takeId, sequence: 0, pcm: new Uint8Array(noise.buffer) });
    expect(await app.request('take.finish', { takeId })).toMatchObject({ ok: false, error: { code: 'take/silent' } });
    expect(await takes()).toEqual([]);
    expect(app.events.some(({ name }) => name === 'turn.changed')).toBe(false);
  });

  it('refuses stretches out of order, and too large ones', async () => {
    const { id: takeId } = await app.ask('take.start', { topicId });
    expect(await app.request('take.append', { takeId, sequence: 1, pcm: toneBytes(0.1) })).toMatchObject({ ok: false });
    expect(await app.request('take.append', { takeId, sequence: 0, pcm: toneBytes(1.1) })).toMatchObject({ ok: false });
    expect(await app.request('take.append', { takeId, sequence: 0, pcm: toneBytes(0.1) })).toMatchObject({ ok: true });
  });

  it('can be thrown away at any time', async () => {
    const { id: takeId } = await app.ask('take.start', { topicId });
    await app.ask('take.append', { takeId, sequence: 0, pcm: toneBytes(1) });
    await app.ask('take.discard', { takeId });
    expect(await takes()).toEqual([]);
    expect(await readdir(takeFolder())).toEqual([]);
    expect(await app.request('take.finish', { takeId })).toMatchObject({
      ok: false,
      error: { code: 'take/not-found' },
    });
  });

  it('thrown away while it is being recognised, becomes no turn', async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    app.engines.hear = () => promise;
    const finish = await app.record(topicId);
    if (!finish.ok) throw new Error('not recorded');
    const discarded = app.ask('take.discard', { takeId: finish.value.id });
    resolve('Too late.');
    await discarded;
    expect(await takes()).toEqual([]);
    expect((await app.ask('topic.open', { topicId, beforeTurnId: null })).turns).toEqual([]);
  });
});

describe('a take that is not understood', () => {
  it.each([
    [new AppError('recogniser/model-damaged'), 'recogniser/model-damaged'],
    [new Error('anything'), 'recogniser/failed'],
    ['[BLANK_AUDIO]', 'recogniser/nothing-heard'],
    ['', 'recogniser/nothing-heard'],
  ] as const)('%s is kept, with the reason', async (heard, code) => {
    app.engines.hear = heard;
    await app.record(topicId, 1);
    const { take } = await app.event('take.changed', ({ take: each }) => each.state === 'failed');
    expect(take).toMatchObject({ error: { code }, durationMs: 1000 });
    expect((await app.ask('take.read', { takeId: take.id })).wav.byteLength).toBe(44 + 32_000);

    app.engines.hear = 'See you tomorrow.';
    await app.ask('take.transcribe', { takeId: take.id });
    const { turn } = await app.event('turn.changed');
    expect(turn.prompt).toMatchObject({ text: 'See you tomorrow.', clip: { durationMs: 1000 } });
    await app.event('take.removed');
    expect(await takes()).toEqual([]);
  });

  it('because the recogniser died is understood by a new one, once', async () => {
    let deaths = 0;
    app.engines.hear = () => {
      if (deaths < 1) {
        deaths += 1;
        app.engines.workers.findLast(({ name }) => name === 'whisper')?.process.kill();
      }
      return Promise.resolve('Please close the door.');
    };
    await app.record(topicId, 1);
    const { turn } = await app.event('turn.changed');
    expect(turn.prompt?.text).toBe('Please close the door.');
    expect(deaths).toBe(1);
    expect(app.engines.starts.whisper).toBe(2);
  });

  it('because the recogniser died twice is kept, and the recogniser is started again for the next', async () => {
    app.engines.hear = () => {
      app.engines.workers.findLast(({ name }) => name === 'whisper')?.process.kill();
      return Promise.resolve('never told');
    };
    await app.record(topicId, 1);
    const { take } = await app.event('take.changed', ({ take: each }) => each.state === 'failed');
    expect(take.error?.code).toBe('recogniser/crashed');

    app.engines.hear = 'Please close the door.';
    await app.record(topicId, 1);
    const { turn } = await app.event('turn.changed');
    expect(turn.prompt?.text).toBe('Please close the door.');
    expect(app.engines.starts.whisper).toBe(3);
    expect(await takes()).toHaveLength(1);
  });
});

describe('a hands-free take', () => {
  const speech = toneBytes(0.1);
  const silence = new Uint8Array(speech.byteLength);
  let takeId: string;
  let sequence: number;
  beforeEach(async () => {
    ({ id: takeId } = await app.ask('take.start', { topicId, handsFree: true }));
    sequence = 0;
  });

  async function hear(pcm: Uint8Array<ArrayBuffer>, seconds: number): Promise<void> {
    for (let count = 0; count < seconds * 10; count += 1) {
      await app.ask('take.append', { takeId, sequence, pcm });
      sequence += 1;
    }
  }
  const states = () =>
    app.events.flatMap(({ name, payload }) =>
      name === 'take.listening' ? [(payload as { readonly state: string }).state] : [],
    );

  it('tells where it is, and where it ends', async () => {
    await hear(silence, 2);
    await hear(speech, 1);
    await hear(silence, 0.5);
    await app.event('take.listening', ({ state }) => state === 'pausing');
    await hear(silence, 1);
    await app.event('take.endpoint', (event) => event.takeId === takeId);
    expect(states()).toEqual(['waiting', 'speaking', 'pausing']);
  });

  it('becomes a turn without the silence around what was said', async () => {
    await hear(silence, 3);
    await hear(speech, 1);
    await hear(silence, 1.5);
    await app.ask('take.finish', { takeId });
    const { turn } = await app.event('turn.changed');
    expect(turn.prompt?.clip?.durationMs).toBeGreaterThan(1300);
    expect(turn.prompt?.clip?.durationMs).toBeLessThan(2100);
  });

  it('goes on for a learner who has not finished, who is given longer pauses from then on', async () => {
    await hear(speech, 1);
    await hear(silence, 0.5);
    const { pause } = await app.event('take.listening', ({ state }) => state === 'pausing');
    expect(pause?.allowanceMs).toBe(1200);
    await app.ask('take.holdOn', { takeId });
    await app.event('take.listening', ({ state, pause: held }) => state === 'pausing' && held === null);
    await hear(silence, 5);
    expect(app.events.some(({ name }) => name === 'take.endpoint')).toBe(false);
    await hear(speech, 1);
    await hear(silence, 3);
    await app.event('take.endpoint');
    const { pause: next } = await app.event('take.listening', ({ pause: each }) => (each?.allowanceMs ?? 0) > 1200);
    expect(next?.allowanceMs).toBeLessThanOrEqual(2500);
  });

  it('that is the app’s own voice becomes no turn but is offered; a learner who speaks over it is heard', async () => {
    await app.ask('turn.type', { topicId, text: 'Hello.' });
    const { turn: reply } = await app.event('turn.changed', ({ turn }) => turn.response.state === 'complete');
    const { response } = await app.ask('turn.reveal', { turnId: reply.id, rung: 'english' });

    app.engines.hear = response.text?.split(' ').slice(1).join(' ') ?? '';
    await hear(speech, 1);
    await app.ask('take.finish', { takeId, overSpeech: true });
    const { take } = await app.event('take.changed', (event) => event.take.state === 'failed');
    expect(take).toMatchObject({ id: takeId, error: { code: 'take/echo' } });
    expect((await app.ask('topic.open', { topicId, beforeTurnId: null })).turns).toHaveLength(1);
    // It was the learner after all.
    await app.ask('take.transcribe', { takeId });
    await app.event('turn.changed', ({ turn }) => turn.prompt?.text === app.engines.hear);

    app.engines.hear = 'Wait, I have a question.';
    ({ id: takeId } = await app.ask('take.start', { topicId, handsFree: true }));
    sequence = 0;
    await hear(speech, 1);
    await app.ask('take.finish', { takeId, overSpeech: true });
    await app.event('turn.changed', ({ turn }) => turn.prompt?.text === 'Wait, I have a question.');
  });

  it('shows what is understood while it is said', async () => {
    await hear(speech, 1);
    await hear(silence, 0.4);
    const { text } = await app.event('take.partial', (event) => event.takeId === takeId);
    expect(text).toBe('Nice to meet you.');
  });
});

describe('Chinese without marks', () => {
  const say = async (spokenLanguage: 'zh' | 'auto') => {
    await app.ask('settings.update', { spokenLanguage });
    const { id: takeId } = await app.ask('take.start', { topicId });
    await app.ask('take.append', { takeId, sequence: 0, pcm: toneBytes(1) });
    await app.ask('take.finish', { takeId });
    await app.event('take.removed', (event) => event.takeId === takeId);
    return app.engines.prompts.splice(0);
  };

  it('is what the model is shown how to write from then on, where it is Chinese for certain', async () => {
    app.engines.hear = '今天天气很好我想出去走走';
    expect((await say('zh'))[0]).toBeNull();
    expect((await say('zh')).at(-1)).toContain('，');
    expect(new Set(await say('auto'))).toEqual(new Set([null]));
  });
});

describe('after a crash', () => {
  it('a recording that was going on is offered again', async () => {
    const { id: takeId } = await app.ask('take.start', { topicId });
    for (let sequence = 0; sequence < 20; sequence += 1) {
      await app.ask('take.append', { takeId, sequence, pcm: toneBytes(0.1) });
    }
    const { cp, mkdtemp } = await import('node:fs/promises');
    const { tmpdir } = await import('node:os');
    const copy = await mkdtemp(join(tmpdir(), 'botchat-crash-'));
    await cp(app.folder, copy, { recursive: true });
    // The last write may be half a sample; a file without a row is left of a take that was sent.
    const file = join(copy, 'profiles/local/takes', `${takeId}.wav`);
    await truncate(file, (await stat(file)).size - 1);
    await appendFile(join(copy, 'profiles/local/takes/orphan.wav'), 'RIFF');

    const revived = await createHarness({ folder: copy, secrets: memorySecrets() });
    const page = await revived.ask('topic.open', { topicId, beforeTurnId: null });
    expect(page.takes).toMatchObject([{ id: takeId, state: 'failed', error: { code: 'take/interrupted' } }]);
    expect(page.takes[0]?.durationMs).toBeGreaterThanOrEqual(1999);
    expect(await readdir(join(copy, 'profiles/local/takes'))).toEqual([`${takeId}.wav`]);
    await revived.ask('take.transcribe', { takeId });
    const { turn } = await revived.event('turn.changed');
    expect(turn.prompt?.text).toBe('Nice to meet you.');
    await revived.close();
  });

  it('a page that begins anew gives back what the one before was recording; a list that is asked again does not', async () => {
    const { id: takeId } = await app.ask('take.start', { topicId });
    await app.ask('take.append', { takeId, sequence: 0, pcm: toneBytes(1) });
    await app.ask('app.snapshot', {});
    expect(await takes()).toMatchObject([{ id: takeId, state: 'recording' }]);
    await app.ask('app.snapshot', { fresh: true });
    expect(await takes()).toMatchObject([
      { id: takeId, state: 'failed', durationMs: 1000, error: { code: 'take/interrupted' } },
    ]);
    // The page that is gone may still be on its way.
    expect(await app.request('take.finish', { takeId })).toMatchObject({
      ok: false,
      error: { code: 'take/not-found' },
    });
    await app.ask('take.transcribe', { takeId });
    const { turn } = await app.event('turn.changed');
    expect(turn.prompt?.text).toBe('Nice to meet you.');
  });

  it('closing while recording keeps what was said', async () => {
    const { id: takeId } = await app.ask('take.start', { topicId });
    await app.ask('take.append', { takeId, sequence: 0, pcm: toneBytes(1) });
    app = await app.restart();
    expect(await takes()).toMatchObject([
      { id: takeId, state: 'failed', durationMs: 1000, error: { code: 'take/interrupted' } },
    ]);
  });
});
