import { describe, expect, test } from 'vitest';
import type { Result } from '../../shared/errors.js';
import { createFakeMicrophone } from '../audio/fake-microphone.js';
import { createFakeClient, settle } from '../fake-client.js';
import { createNoticesStore, subject } from './notices-store.js';
import { sampleTake } from './sample-views.js';
import { createTalkStore } from './talk-store.js';

function start() {
  const fake = createFakeClient();
  fake.answer('take.start', () => ({ ok: true, value: sampleTake('take', { state: 'recording' }) }));
  fake.answer('take.finish', () => ({ ok: true, value: sampleTake('take') }));
  const mic = createFakeMicrophone();
  const notices = createNoticesStore();
  let interruptions = 0;
  const talk = createTalkStore(
    fake.client,
    notices,
    mic.microphone,
    () => (interruptions += 1),
    () => 123,
  );
  const told = () => notices.store.getState().notices.map(subject);
  return { fake, mic, talk, told, phase: () => talk.store.getState().phase, interruptions: () => interruptions };
}

describe('talking', () => {
  test('a press interrupts, records, and a release sends', async () => {
    const { fake, mic, talk, told, phase, interruptions } = start();
    const pressed = talk.press('topic');
    expect([phase(), interruptions()]).toEqual(['preparing', 1]);
    await pressed;
    expect(talk.store.getState()).toEqual({ phase: 'recording', startedMs: 123 });
    mic.hear(Int16Array.of(1));
    await talk.release();
    expect(phase()).toBe('idle');
    expect(mic.capturing()).toBe(false);
    expect(fake.routes()).toEqual(['take.start', 'take.append', 'take.finish']);
    expect(told()).toEqual([]);
  });

  test('a second press while one is on does nothing', async () => {
    const { fake, talk } = start();
    await Promise.all([talk.press('topic'), talk.press('topic')]);
    await talk.press('topic');
    expect(fake.routes()).toEqual(['take.start']);
  });

  test('a cancelled take is thrown away', async () => {
    const { fake, mic, talk, phase } = start();
    await talk.press('topic');
    mic.hear(Int16Array.of(1));
    await talk.cancel();
    expect(phase()).toBe('idle');
    expect(fake.routes()).toContain('take.discard');
    expect(fake.routes()).not.toContain('take.finish');
    await talk.release();
    expect(fake.routes()).not.toContain('take.finish');
  });

  test('let go while permission was asked for: nothing is recorded, and the learner is told to try again', async () => {
    const { fake, mic, talk, told, phase } = start();
    const permission = Promise.withResolvers<Result<null>>();
    mic.opens(permission.promise);
    const pressed = talk.press('topic');
    await talk.release();
    expect(phase()).toBe('idle');
    permission.resolve({ ok: true, value: null });
    await pressed;
    expect([phase(), told()]).toEqual(['idle', ['micReady']]);
    expect(fake.routes()).toEqual([]);
  });

  test('a refused microphone is told, and talking can be tried again', async () => {
    const { mic, talk, told, phase } = start();
    mic.opens(Promise.resolve({ ok: false, error: { code: 'microphone/refused' } }));
    await talk.press('topic');
    expect([phase(), told()]).toEqual(['idle', ['microphone/refused']]);
  });

  test('a microphone that goes away ends the take and keeps what was said', async () => {
    const { fake, mic, talk, told, phase } = start();
    await talk.press('topic');
    mic.hear(Int16Array.of(1));
    mic.unplug();
    await settle();
    expect([phase(), told()]).toEqual(['idle', ['microphone/unplugged']]);
    expect(fake.routes()).toContain('take.finish');
  });

  test('too short a take is told in passing', async () => {
    const { fake, talk, told } = start();
    fake.answer('take.finish', () => ({ ok: false, error: { code: 'take/too-short' } }));
    await talk.press('topic');
    await talk.release();
    expect(told()).toEqual(['take/too-short']);
  });

  test('a full disk ends the take by itself and is told once', async () => {
    const { fake, mic, talk, told, phase } = start();
    fake.answer('take.append', () => ({ ok: false, error: { code: 'profile/disk-full' } }));
    await talk.press('topic');
    mic.hear(Int16Array.of(1));
    await settle();
    expect([phase(), told()]).toEqual(['idle', ['profile/disk-full']]);
  });
});
