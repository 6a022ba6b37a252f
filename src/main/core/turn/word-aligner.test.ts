import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClipWord, TurnView } from '../../../shared/contract/turn.js';
import type { TakeView } from '../../../shared/contract/take.js';
import { AppError } from '../../../shared/errors.js';
import { createEventHub } from '../events.js';
import { encodeWav } from '../speech/wav.js';
import { createWordAligner, type AlignmentJob, type WordAligner } from './word-aligner.js';

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const quietMs = 20;
const job = (turnId: string): AlignmentJob => {
  const said = (text: string) => ({ text, spoken: text, mark: '' });
  const stretch = (...texts: readonly string[]) => ({
    words: texts.map(said),
    durationMs: 1000,
    audible: { startMs: 0, endMs: 1000, pauses: [] },
  });
  return { turnId, hash: turnId, stretches: [stretch('one', 'two'), stretch('three', 'four'), stretch('five')] };
};
const heard = (text: string, startMs: number): ClipWord => ({ text, startMs, endMs: startMs + 50, probability: 0.5 });
const take = (state: TakeView['state']) => ({ take: { id: 'take', state } as TakeView });
const turn = (state: TurnView['response']['state']) => ({ turn: { id: 'turn', response: { state } } as TurnView });
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

let events: ReturnType<typeof createEventHub>;
let aligner: WordAligner;
let aligned: { readonly turnId: string; readonly starts: readonly number[] }[];
/** What the recogniser is asked, and what it does with it. */
let asked: { readonly samples: number; readonly signal: AbortSignal }[];
let listen: (signal: AbortSignal) => Promise<readonly ClipWord[]>;

beforeEach(() => {
  events = createEventHub();
  aligned = [];
  asked = [];
  listen = () =>
    Promise.resolve(['one', 'three', 'two', 'four'].map((text, place) => heard(text, place < 2 ? 0 : 950)));
  aligner = createWordAligner({
    clips: {
      // Three seconds at a rate that is not the recogniser's.
      read: (hash) => Promise.resolve(hash === 'gone' ? null : encodeWav(new Int16Array(3 * 22_050), 22_050)),
    },
    events,
    log,
    quietMs,
    wordTimes: (samples, signal) => {
      asked.push({ samples: samples.length, signal });
      return listen(signal);
    },
    onAligned: ({ turnId }, words) => {
      aligned.push({ turnId, starts: words.map(({ startMs }) => startMs) });
      return Promise.resolve();
    },
  });
});
afterEach(() => aligner.stop());

describe('learning when words are said', () => {
  it('listens to each stretch of more than a word, at the recogniser’s rate', async () => {
    aligner.add(job('a'));
    await pause(5 * quietMs);
    expect(asked.map(({ samples }) => samples)).toEqual([16_000, 16_000]);
    expect(aligned).toEqual([{ turnId: 'a', starts: [0, 950, 1000, 1950, 2000] }]);
  });

  it('waits until nobody is answered, and a little longer', async () => {
    events.emit('turn.changed', turn('streaming'));
    aligner.add(job('a'));
    await pause(3 * quietMs);
    // Its text is whole, but it is still being spoken.
    events.emit('turn.changed', turn('complete'));
    await pause(3 * quietMs);
    expect(asked).toHaveLength(0);
    events.emit('turn.speechEnd', { turnId: 'turn' });
    expect(asked).toHaveLength(0);
    await pause(5 * quietMs);
    expect(aligned).toHaveLength(1);
  });

  it.each([
    [
      'has become a turn',
      () => {
        events.emit('take.removed', { takeId: 'take', topicId: 't' });
      },
    ],
    [
      'has failed',
      () => {
        events.emit('take.changed', take('failed'));
      },
    ],
  ])('stops at once when a take begins, and goes on when it %s', async (_, end) => {
    listen = (signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          reject(new Error('aborted'));
        });
      });
    aligner.add(job('a'));
    await pause(3 * quietMs);
    expect(asked).toHaveLength(1);
    events.emit('take.changed', take('recording'));
    expect(asked[0]?.signal.aborted).toBe(true);
    listen = () => Promise.resolve([]);
    await pause(3 * quietMs);
    events.emit('take.changed', take('recognising'));
    await pause(3 * quietMs);
    expect(asked).toHaveLength(1);
    end();
    await pause(5 * quietMs);
    expect(aligned).toHaveLength(1);
  });

  it('tries again what was displaced, and leaves what the recogniser cannot do', async () => {
    let tries = 0;
    listen = () => {
      tries += 1;
      return Promise.reject(tries === 1 ? new Error('displaced') : new AppError('recogniser/crashed'));
    };
    aligner.add(job('a'));
    await pause(8 * quietMs);
    expect(tries).toBe(2);
    expect(aligned).toEqual([]);
  });

  it('passes over a clip that is gone', async () => {
    aligner.add(job('gone'));
    aligner.add(job('b'));
    await pause(8 * quietMs);
    expect(aligned.map(({ turnId }) => turnId)).toEqual(['b']);
  });

  it('does nothing once it is stopped', async () => {
    aligner.add(job('a'));
    await aligner.stop();
    await pause(3 * quietMs);
    expect(asked).toEqual([]);
  });
});
