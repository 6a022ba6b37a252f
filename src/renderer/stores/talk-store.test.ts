import { describe, expect, test, vi } from 'vitest';
import { recordingSampleRateHz } from '../../shared/audio-format.js';
import type { Result } from '../../shared/errors.js';
import { createFakeMicrophone } from '../audio/fake-microphone.js';
import type { OpenMicrophone } from '../audio/microphone.js';
import { createFakeClient, settle } from '../fake-client.js';
import { createNoticesStore, subject } from './notices-store.js';
import { sampleTake } from './sample-views.js';
import { createTalkStore, type Listening } from './talk-store.js';

const aSecond = new Int16Array(recordingSampleRateHz);

function start() {
  const fake = createFakeClient();
  fake.answer('take.start', () => ({ ok: true, value: sampleTake('take', { state: 'recording' }) }));
  fake.answer('take.finish', () => ({ ok: true, value: sampleTake('take') }));
  const mic = createFakeMicrophone();
  const notices = createNoticesStore();
  const partner = { interruptions: 0, sounding: false };
  const talk = createTalkStore(
    fake.client,
    notices,
    mic.microphone,
    { interrupt: () => (partner.interruptions += 1), speaks: () => partner.sounding },
    () => 123,
  );
  return {
    fake,
    mic,
    talk,
    partner,
    told: () => notices.store.getState().notices.map(subject),
    phase: () => talk.store.getState().phase,
    interruptions: () => partner.interruptions,
  };
}

describe('talking', () => {
  test('a press interrupts, records, and a release sends', async () => {
    const { fake, mic, talk, told, phase, interruptions } = start();
    const pressed = talk.press('topic', false);
    expect([phase(), interruptions()]).toEqual(['preparing', 1]);
    await pressed;
    expect(talk.store.getState()).toMatchObject({ phase: 'recording', startedMs: 123, listening: null });
    mic.hear(Int16Array.of(1));
    await talk.release();
    expect(phase()).toBe('idle');
    expect(mic.capturing()).toBe(false);
    expect(fake.routes()).toEqual(['take.start', 'take.append', 'take.finish']);
    expect(told()).toEqual([]);
  });

  test('a second press while one is on does nothing', async () => {
    const { fake, talk } = start();
    await Promise.all([talk.press('topic', false), talk.press('topic', false)]);
    await talk.press('topic', false);
    expect(fake.routes()).toEqual(['take.start']);
  });

  test('a cancelled take is thrown away', async () => {
    const { fake, mic, talk, phase } = start();
    await talk.press('topic', false);
    mic.hear(Int16Array.of(1));
    await talk.cancel();
    expect(phase()).toBe('idle');
    expect(fake.routes()).toContain('take.discard');
    expect(fake.routes()).not.toContain('take.finish');
    await talk.release();
    expect(fake.routes()).not.toContain('take.finish');
  });

  test('which microphone listens in the place of the chosen one is told once', async () => {
    const { mic, talk, told } = start();
    for (const standIn of ['Built-in', 'Built-in', null, 'Built-in']) {
      mic.opens(Promise.resolve({ ok: true, value: { standIn } }));
      await talk.press('topic', false);
      await talk.cancel();
    }
    // A notice of the same kind replaces the one before it; the first was there all along.
    expect(told().filter((kind) => kind === 'other-microphone')).toHaveLength(1);
  });

  test('let go while permission was asked for: nothing is recorded, and the learner is told to try again', async () => {
    const { fake, mic, talk, told, phase } = start();
    const permission = Promise.withResolvers<Result<OpenMicrophone>>();
    mic.opens(permission.promise);
    const pressed = talk.press('topic', false);
    await talk.release();
    expect(phase()).toBe('idle');
    permission.resolve({ ok: true, value: { standIn: null } });
    await pressed;
    expect([phase(), told()]).toEqual(['idle', ['micReady']]);
    expect(fake.routes()).toEqual([]);
  });

  test('a refused microphone is told, and talking can be tried again', async () => {
    const { mic, talk, told, phase } = start();
    mic.opens(Promise.resolve({ ok: false, error: { code: 'microphone/refused' } }));
    await talk.press('topic', false);
    expect([phase(), told()]).toEqual(['idle', ['microphone/refused']]);
  });

  test('a microphone that goes away ends the take and keeps what was said', async () => {
    const { fake, mic, talk, told, phase } = start();
    await talk.press('topic', false);
    mic.hear(Int16Array.of(1));
    mic.unplug();
    await settle();
    expect([phase(), told()]).toEqual(['idle', ['microphone/unplugged']]);
    expect(fake.routes()).toContain('take.finish');
  });

  test('a silenced microphone is said as long as it is silenced', async () => {
    const { mic, talk } = start();
    await talk.press('topic', false);
    mic.mute(true);
    expect(talk.store.getState()).toMatchObject({ phase: 'recording', muted: true });
    mic.mute(false);
    expect(talk.store.getState().muted).toBe(false);
    mic.mute(true);
    await talk.release();
    expect(talk.store.getState().muted).toBe(false);
  });

  test('after ten minutes a take ends by itself and is sent', async () => {
    const { fake, mic, talk, told, phase } = start();
    await talk.press('topic', false);
    for (let second = 0; second < 600; second += 1) mic.hear(aSecond);
    await vi.waitUntil(() => phase() === 'idle');
    expect(fake.routes().filter((route) => route === 'take.append').length).toBeGreaterThanOrEqual(600);
    expect(fake.routes().at(-1)).toBe('take.finish');
    expect(told()).toEqual(['longest']);
  });

  test('too short a take is told in passing', async () => {
    const { fake, talk, told } = start();
    fake.answer('take.finish', () => ({ ok: false, error: { code: 'take/too-short' } }));
    await talk.press('topic', false);
    await talk.release();
    expect(told()).toEqual(['take/too-short']);
  });

  test('a full disk ends the take by itself and is told once', async () => {
    const { fake, mic, talk, told, phase } = start();
    fake.answer('take.append', () => ({ ok: false, error: { code: 'profile/disk-full' } }));
    await talk.press('topic', false);
    mic.hear(Int16Array.of(1));
    await settle();
    expect([phase(), told()]).toEqual(['idle', ['profile/disk-full']]);
  });
});

describe('hands-free', () => {
  const pause = { remainingMs: 800, allowanceMs: 1000 };

  /** Listening, with takes that are called take 1, take 2 and so on. */
  async function listen() {
    const started = start();
    const { fake, talk } = started;
    let takes = 0;
    fake.answer('take.start', () => {
      takes += 1;
      return { ok: true, value: sampleTake(`take ${String(takes)}`, { state: 'recording' }) };
    });
    await talk.press('topic', true);
    await settle();
    const hears = (takeId: string, state: Listening['state'], running: typeof pause | null = null) => {
      fake.emit('take.listening', { takeId, topicId: 'topic', state, pause: running });
    };
    const pauses = async (takeId: string) => {
      hears(takeId, 'pausing', pause);
      await vi.waitUntil(() => talk.store.getState().listening?.state === 'pausing');
    };
    const ends = async (takeId: string) => {
      fake.emit('take.endpoint', { takeId, topicId: 'topic' });
      await settle();
    };
    return { ...started, hears, pauses, ends, listening: () => talk.store.getState().listening };
  }

  test('listens, counts a pause down, sends at the end of it, and listens on', async () => {
    const { fake, mic, talk, hears, pauses, ends, listening, told } = await listen();
    expect(fake.asked[0]).toEqual(['take.start', { topicId: 'topic', handsFree: true }]);
    expect(talk.store.getState()).toMatchObject({ phase: 'recording', handsFree: true, startedMs: null });
    expect(listening()).toEqual({ state: 'waiting', pause: null });
    hears('take 1', 'speaking');
    expect(talk.store.getState().startedMs).toBe(123);
    mic.hear(Int16Array.of(1));
    await pauses('take 1');
    expect(listening()).toEqual({ state: 'pausing', pause: { endsMs: 923, allowanceMs: 1000 } });
    await ends('take 1');
    expect(fake.routes()).toEqual(['take.start', 'take.append', 'take.start', 'take.finish']);
    expect(talk.store.getState()).toMatchObject({ phase: 'recording', handsFree: true, startedMs: null });
    expect(listening()).toEqual({ state: 'waiting', pause: null });
    expect([mic.capturing(), mic.releases(), told()]).toEqual([true, 0, []]);
    // What is still told of the take before means nothing.
    hears('take 1', 'speaking');
    await ends('take 1');
    expect(listening()?.state).toBe('waiting');
    expect(fake.routes()).toHaveLength(4);
  });

  test('speaking interrupts the reply, and a pause in between does not again and again', async () => {
    const { hears, ends, interruptions } = await listen();
    expect(interruptions()).toBe(1);
    hears('take 1', 'speaking');
    hears('take 1', 'speaking');
    await ends('take 1');
    expect(interruptions()).toBe(2);
    hears('take 2', 'waiting');
    expect(interruptions()).toBe(2);
    hears('take 2', 'speaking');
    expect(interruptions()).toBe(3);
  });

  test('a breath is no pause', async () => {
    const { hears, listening } = await listen();
    hears('take 1', 'speaking');
    hears('take 1', 'pausing', pause);
    hears('take 1', 'speaking');
    hears('take 1', 'pausing', pause);
    await settle();
    expect(listening()?.state).toBe('speaking');
    await vi.waitUntil(() => listening()?.state === 'pausing');
    hears('take 1', 'speaking');
    expect(listening()).toEqual({ state: 'speaking', pause: null });
  });

  test('“not done yet” stops the pause', async () => {
    const { fake, talk, hears, pauses, listening } = await listen();
    await talk.holdOn();
    expect(fake.routes()).not.toContain('take.holdOn');
    hears('take 1', 'speaking');
    await pauses('take 1');
    await talk.holdOn();
    expect(fake.asked.at(-1)).toEqual(['take.holdOn', { takeId: 'take 1' }]);
    expect(listening()).toEqual({ state: 'pausing', pause: null });
    await talk.holdOn();
    expect(fake.routes().filter((route) => route === 'take.holdOn')).toHaveLength(1);
  });

  test('a second press sends what was said and ends it; the device is let go', async () => {
    const { fake, mic, talk, hears, phase } = await listen();
    hears('take 1', 'speaking');
    await talk.release();
    expect(fake.routes()).toEqual(['take.start', 'take.finish']);
    expect([phase(), talk.store.getState().handsFree, mic.releases()]).toEqual(['idle', false, 1]);
  });

  test('a second press while nobody has spoken throws the silence away', async () => {
    const { fake, mic, talk, phase } = await listen();
    mic.hear(aSecond);
    await talk.release();
    expect(fake.routes().at(-1)).toBe('take.discard');
    expect(fake.routes()).not.toContain('take.finish');
    expect([phase(), mic.releases()]).toEqual(['idle', 1]);
  });

  test('cancelled, what was said is thrown away and nothing listens', async () => {
    const { fake, mic, talk, hears, phase } = await listen();
    hears('take 1', 'speaking');
    await talk.cancel();
    expect(fake.routes()).toEqual(['take.start', 'take.discard']);
    expect([phase(), mic.capturing(), mic.releases()]).toEqual(['idle', false, 1]);
  });

  test('the core is told when the reply could be heard as the learner began, for what is heard may be that', async () => {
    const { fake, talk, partner, hears } = await listen();
    const finished: unknown[] = [];
    fake.answer('take.finish', (input) => {
      finished.push(input);
      return { ok: true, value: sampleTake('take') };
    });
    partner.sounding = true;
    hears('take 1', 'speaking');
    partner.sounding = false;
    await talk.release();
    expect(finished).toEqual([{ takeId: 'take 1', overSpeech: true, appSilentFromMs: 0 }]);
  });

  test('two minutes in which nobody spoke end it, with a word', async () => {
    const { fake, mic, told, phase } = await listen();
    for (let second = 0; second < 119; second += 1) mic.hear(aSecond);
    await settle();
    expect(phase()).toBe('recording');
    mic.hear(aSecond);
    await vi.waitUntil(() => phase() === 'idle');
    expect([told(), mic.releases()]).toEqual([['nobodySpoke'], 1]);
    expect(fake.routes().at(-1)).toBe('take.discard');
  });

  test('the time in which the learner or the reply speaks does not count', async () => {
    const { mic, partner, phase, hears, pauses } = await listen();
    const minutes = (count: number) => {
      for (let second = 0; second < count * 60; second += 1) mic.hear(aSecond);
    };
    minutes(1.5);
    partner.sounding = true;
    minutes(1);
    partner.sounding = false;
    minutes(1.5);
    hears('take 1', 'speaking');
    minutes(2.5);
    await pauses('take 1');
    minutes(1);
    await settle();
    expect(phase()).toBe('recording');
  });

  test('somebody who is not done yet, and leaves, has what they said sent after two minutes', async () => {
    const { fake, mic, talk, hears, pauses, phase, told } = await listen();
    hears('take 1', 'speaking');
    await pauses('take 1');
    await talk.holdOn();
    for (let second = 0; second < 120; second += 1) mic.hear(aSecond);
    await vi.waitUntil(() => phase() === 'idle');
    expect(fake.routes().at(-1)).toBe('take.finish');
    expect(told()).toEqual(['nobodySpoke']);
  });

  test('ten minutes without a pause are sent, and it listens on', async () => {
    const { fake, mic, hears, listening, told } = await listen();
    hears('take 1', 'speaking');
    for (let second = 0; second < 600; second += 1) mic.hear(aSecond);
    await vi.waitUntil(() => fake.routes().includes('take.finish'));
    expect(listening()).toEqual({ state: 'waiting', pause: null });
    expect(told()).toEqual(['longest']);
  });

  test('a cough that became no take is not told', async () => {
    const { fake, talk, hears, ends, phase, told } = await listen();
    fake.answer('take.finish', () => ({ ok: false, error: { code: 'take/silent' } }));
    hears('take 1', 'speaking');
    await ends('take 1');
    expect([phase(), told()]).toEqual(['recording', []]);
    hears('take 2', 'speaking');
    await talk.release();
    expect([phase(), told()]).toEqual(['idle', []]);
  });

  test('a full disk ends it', async () => {
    const { fake, mic, phase, told } = await listen();
    fake.answer('take.append', () => ({ ok: false, error: { code: 'profile/disk-full' } }));
    mic.hear(aSecond);
    await settle();
    expect([phase(), told(), mic.releases()]).toEqual(['idle', ['profile/disk-full'], 1]);
  });

  test('a microphone that goes away ends it: what was said is sent, silence is not', async () => {
    const silent = await listen();
    silent.mic.unplug();
    await settle();
    expect(silent.fake.routes().at(-1)).toBe('take.discard');
    expect(silent.told()).toEqual(['microphone/unplugged']);

    const { fake, mic, hears, phase, told } = await listen();
    hears('take 1', 'speaking');
    mic.unplug();
    await settle();
    expect(fake.routes().at(-1)).toBe('take.finish');
    expect([phase(), told(), mic.releases()]).toEqual(['idle', ['microphone/unplugged'], 1]);
  });

  test('a microphone that cannot be opened for the next take ends it, and what was said is sent', async () => {
    const { fake, mic, hears, ends, phase, told } = await listen();
    mic.opens(Promise.resolve({ ok: false, error: { code: 'microphone/missing' } }));
    hears('take 1', 'speaking');
    await ends('take 1');
    expect(fake.routes().at(-1)).toBe('take.finish');
    expect([phase(), told()]).toEqual(['idle', ['microphone/missing']]);
  });

  test('taken back while permission was asked for, it says nothing and lets the device go', async () => {
    const { mic, talk, told, phase } = start();
    const permission = Promise.withResolvers<Result<OpenMicrophone>>();
    mic.opens(permission.promise);
    const pressed = talk.press('topic', true);
    await talk.release();
    permission.resolve({ ok: true, value: { standIn: null } });
    await pressed;
    expect([phase(), told(), mic.capturing()]).toEqual(['idle', [], false]);
    expect(mic.releases()).toBeGreaterThan(0);
  });

  test('ended while a take is handed over, no next one begins', async () => {
    const { fake, talk, hears, phase } = await listen();
    hears('take 1', 'speaking');
    fake.emit('take.endpoint', { takeId: 'take 1', topicId: 'topic' });
    await talk.release();
    await settle();
    expect(phase()).toBe('idle');
    expect(fake.routes()).toEqual(['take.start', 'take.finish']);
  });
});
