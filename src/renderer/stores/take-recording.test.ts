import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { longestTakeMs, recordingSampleRateHz } from '../../shared/audio-format.js';
import type { Result } from '../../shared/errors.js';
import { createFakeClient, settle } from '../fake-client.js';
import { sampleTake } from './sample-views.js';
import { createTakeRecording, takeSamples } from './take-recording.js';

const quiet = { failed: () => undefined, full: () => undefined };

function start() {
  const fake = createFakeClient();
  const appended: { readonly sequence: number; readonly samples: readonly number[] }[] = [];
  fake.answer('take.start', () => ({ ok: true, value: sampleTake('take', { state: 'recording' }) }));
  fake.answer('take.finish', () => ({ ok: true, value: sampleTake('take') }));
  fake.answer('take.append', ({ sequence, pcm }) => {
    appended.push({ sequence, samples: [...new Int16Array(pcm.slice().buffer)] });
    return { ok: true, value: null };
  });
  return { fake, appended };
}

test('chunks are joined up to the limit, and nothing is lost', () => {
  fc.assert(
    fc.property(fc.array(fc.int16Array({ maxLength: 9 })), fc.integer({ min: 1, max: 8 }), (chunks, limit) => {
      const waiting = chunks.map((chunk) => chunk.slice());
      const all: number[] = [];
      while (waiting.length > 0) {
        const part = takeSamples(waiting, limit);
        expect(part.length).toBeLessThanOrEqual(limit);
        all.push(...part);
      }
      expect(all).toEqual(chunks.flatMap((chunk) => [...chunk]));
    }),
  );
});

describe('a take on its way to the core', () => {
  test('sound that comes before the take has begun waits, and all goes out in order', async () => {
    const { fake, appended } = start();
    const begun = Promise.withResolvers<Result<unknown>>();
    fake.answer('take.start', () => begun.promise);
    const recording = createTakeRecording(fake.client, 'topic', false, quiet);
    recording.push(Int16Array.of(1, 2));
    recording.push(Int16Array.of(3));
    await settle();
    expect(fake.routes()).toEqual(['take.start']);
    begun.resolve({ ok: true, value: sampleTake('take') });
    await settle();
    recording.push(Int16Array.of(4));
    expect((await recording.finish()).ok).toBe(true);
    expect(appended).toEqual([
      { sequence: 0, samples: [1, 2, 3] },
      { sequence: 1, samples: [4] },
    ]);
    expect(fake.routes().at(-1)).toBe('take.finish');
  });

  test('no more than a second goes out at once', async () => {
    const { fake, appended } = start();
    const recording = createTakeRecording(fake.client, 'topic', false, quiet);
    recording.push(new Int16Array(recordingSampleRateHz * 2.5));
    await recording.finish();
    expect(appended.map(({ samples }) => samples.length / recordingSampleRateHz)).toEqual([1, 1, 0.5]);
  });

  test('a full disk is told once, and what was kept is still finished', async () => {
    const { fake } = start();
    fake.answer('take.append', () => ({ ok: false, error: { code: 'profile/disk-full' } }));
    const failures: string[] = [];
    const recording = createTakeRecording(fake.client, 'topic', false, {
      ...quiet,
      failed: ({ code }) => failures.push(code),
    });
    recording.push(Int16Array.of(1));
    await settle();
    recording.push(Int16Array.of(2));
    const result = await recording.finish();
    expect(failures).toEqual(['profile/disk-full']);
    expect(result.ok ? null : result.error.code).toBe('profile/disk-full');
    expect(fake.routes()).toEqual(['take.start', 'take.append', 'take.finish']);
  });

  test('a take that could not begin has nothing to finish or discard', async () => {
    const { fake } = start();
    fake.answer('take.start', () => ({ ok: false, error: { code: 'app/disconnected' } }));
    const recording = createTakeRecording(fake.client, 'topic', false, quiet);
    recording.push(Int16Array.of(1));
    expect(await recording.finish()).toEqual({ ok: false, error: { code: 'app/disconnected' } });
    await recording.discard();
    expect(fake.routes()).toEqual(['take.start']);
  });

  test('a discarded take sends nothing more', async () => {
    const { fake } = start();
    const recording = createTakeRecording(fake.client, 'topic', false, quiet);
    recording.push(Int16Array.of(1));
    await recording.discard();
    recording.push(Int16Array.of(2));
    await settle();
    expect(fake.routes()).toEqual(['take.start', 'take.discard']);
  });

  test('after ten minutes it is full, to the sample', async () => {
    const { fake, appended } = start();
    let full = 0;
    const recording = createTakeRecording(fake.client, 'topic', false, { ...quiet, full: () => (full += 1) });
    recording.push(new Int16Array((longestTakeMs / 1000) * recordingSampleRateHz - 1));
    expect(full).toBe(0);
    recording.push(Int16Array.of(1, 2, 3));
    expect(full).toBe(1);
    expect(recording.durationMs()).toBe(longestTakeMs);
    await recording.finish();
    expect(appended.reduce((sum, { samples }) => sum + samples.length, 0)).toBe(
      (longestTakeMs / 1000) * recordingSampleRateHz,
    );
  });
});
