import { describe, expect, it } from 'vitest';
import { AppError } from '../../../shared/errors.js';
import type { Sound } from '../speech/voice.js';
import { mayBegin } from './speech-pacing.js';
import { createSpeechQueue, type SpeechPiece } from './speech-queue.js';

/** A voice that speaks when it is told to: a second for each word. */
function slowVoice(realTimeFactor: number | null) {
  const asked: { readonly text: string; finish(): void; fail(error: Error): void }[] = [];
  const signals: AbortSignal[] = [];
  return {
    asked,
    signals,
    realTimeFactor,
    synthesise: (text: string, signal?: AbortSignal): Promise<Sound> => {
      const { promise, resolve, reject } = Promise.withResolvers<Sound>();
      if (signal) signals.push(signal);
      asked.push({
        text,
        finish: () => {
          resolve({ samples: new Int16Array(1000 * text.split(' ').length).fill(5000), sampleRateHz: 1000 });
        },
        fail: reject,
      });
      return promise;
    },
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

function start(voice: ReturnType<typeof slowVoice>) {
  const released: SpeechPiece[] = [];
  const controller = new AbortController();
  const queue = createSpeechQueue({ voice, signal: controller.signal, onPiece: (piece) => released.push(piece) });
  return { queue, released, controller };
}

describe('the speech queue', () => {
  it('asks for one piece at a time, ahead of playback, and releases each as soon as it is said', async () => {
    const voice = slowVoice(0.1);
    const { queue, released } = start(voice);
    queue.say('bridge', 'One two.');
    queue.say('response', '**Three.**');
    await settled();
    expect(voice.asked.map(({ text }) => text)).toEqual(['One two.']);
    voice.asked[0]?.finish();
    await settled();
    expect(voice.asked[1]?.text).toBe('Three.');
    expect(released.map(({ part, sequence }) => [part, sequence])).toEqual([['bridge', 0]]);
    voice.asked[1]?.finish();
    await queue.drained();
    expect(released.map(({ part, sequence }) => [part, sequence])).toEqual([
      ['bridge', 0],
      ['response', 1],
    ]);
    expect(queue.sound('response')?.samples).toHaveLength(1000);
    expect(queue.pieces('response')).toMatchObject([
      { text: '**Three.**', durationMs: 1000, words: [{ text: 'Three', spoken: 'Three', mark: '.' }] },
    ]);
  });

  it('keeps the order around a piece that cannot be said', async () => {
    const voice = slowVoice(null);
    const { queue, released } = start(voice);
    for (const text of ['One.', '🎉', 'Xyzzy.', 'Two.']) queue.say('response', text);
    await settled();
    voice.asked[0]?.finish();
    await settled();
    voice.asked[1]?.fail(new AppError('voice/nothing-to-say'));
    await settled();
    voice.asked[2]?.finish();
    await queue.drained();
    expect(voice.asked.map(({ text }) => text)).toEqual(['One.', 'Xyzzy.', 'Two.']);
    expect(released.map(({ sequence }) => sequence)).toEqual([0, 1]);
    expect(queue.pieces('response').map(({ durationMs }) => durationMs)).toEqual([1000, 0, 0, 1000]);
    expect(queue.error).toBeNull();
  });

  it.each(['🎉', '你好！', '```js\nlet x = 1;\n```'])('tells of a whole reply that has no sound: %j', async (text) => {
    const voice = slowVoice(null);
    const { queue } = start(voice);
    queue.say('response', text);
    await settled();
    expect(queue.error).toBeNull();
    await queue.drained();
    expect(voice.asked).toEqual([]);
    expect(queue.error).toEqual({ code: 'voice/nothing-to-say' });
  });

  it('falls silent after a voice that failed, and releases what was held', async () => {
    const voice = slowVoice(3);
    const { queue, released } = start(voice);
    for (const text of ['One.', 'Two.', 'Three.']) queue.say('response', text);
    await settled();
    voice.asked[0]?.finish();
    await settled();
    expect(released).toEqual([]);
    voice.asked[1]?.fail(new AppError('voice/crashed', 'gone'));
    await queue.drained();
    expect(voice.asked).toHaveLength(2);
    expect(released).toHaveLength(1);
    expect(queue.error).toEqual({ code: 'voice/crashed', detail: 'gone' });
  });

  it('is stopped by its signal, in the middle of a piece', async () => {
    const voice = slowVoice(0.1);
    const { queue, released, controller } = start(voice);
    queue.say('response', 'One.');
    queue.say('response', 'Two.');
    await settled();
    controller.abort();
    expect(voice.signals[0]?.aborted).toBe(true);
    voice.asked[0]?.finish();
    await queue.drained();
    expect(released).toEqual([]);
    expect(voice.asked).toHaveLength(1);
  });

  it('holds a slow voice’s pieces back until they can be heard without a gap', async () => {
    const voice = slowVoice(1.2);
    const { queue, released } = start(voice);
    for (const text of ['One two three.', 'One two three.', 'One.']) queue.say('response', text);
    await settled();
    voice.asked[0]?.finish();
    await settled();
    // How much more there is, nobody knows yet.
    expect(released).toHaveLength(0);
    const drained = queue.drained();
    expect(released).toHaveLength(0);
    voice.asked[1]?.finish();
    await settled();
    // Six seconds are ready, and the last one takes less than that.
    expect(released).toHaveLength(2);
    voice.asked[2]?.finish();
    await drained;
    expect(released.map(({ sequence }) => sequence)).toEqual([0, 1, 2]);
  });
});

describe('when playback may begin', () => {
  const pacing = { realTimeFactor: 0.9, readyMs: 4000, waitingMs: [3000], isWhole: true };
  it.each([
    ['a voice that was never measured', { realTimeFactor: null, readyMs: 0, isWhole: false }, true],
    ['a voice fast enough to stream', { realTimeFactor: 0.79, readyMs: 1, waitingMs: [9000] }, true],
    ['enough is ready for the next piece', {}, true],
    ['the next piece takes longer than what is ready', { readyMs: 3000 }, false],
    ['all is ready', { realTimeFactor: 9, readyMs: 1, waitingMs: [] }, true],
    [
      'more may come, and the voice is as slow as speech',
      { readyMs: 60_000, isWhole: false, realTimeFactor: 1 },
      false,
    ],
    ['more may come, which the rest will do for', { readyMs: 9000, isWhole: false, realTimeFactor: 0.8 }, true],
    ['each piece falls further behind', { realTimeFactor: 2, readyMs: 7000, waitingMs: [3000, 3000] }, false],
    ['nothing but what is ready holds out', { realTimeFactor: 2, readyMs: 11_000, waitingMs: [3000, 3000] }, true],
  ])('%s', (_, change, may) => {
    expect(mayBegin({ ...pacing, ...change })).toBe(may);
  });

  it('never lets playback run dry where the voice is as fast as measured', () => {
    for (const realTimeFactor of [0.8, 0.95, 1.3, 2.5]) {
      const pieces = [2500, 4000, 700, 6000, 3000];
      const begun = pieces.findIndex((_, index) =>
        mayBegin({
          realTimeFactor,
          readyMs: pieces.slice(0, index + 1).reduce((sum, piece) => sum + piece, 0),
          waitingMs: pieces.slice(index + 1),
          isWhole: true,
        }),
      );
      const readyAt = pieces.map((_, index) => realTimeFactor * pieces.slice(0, index + 1).reduce((a, b) => a + b, 0));
      const beginMs = readyAt[begun] ?? 0;
      pieces.forEach((_, index) => {
        const heardAt = beginMs + pieces.slice(0, index).reduce((a, b) => a + b, 0);
        expect(readyAt[index]).toBeLessThanOrEqual(Math.max(heardAt, beginMs));
      });
    }
  });
});
