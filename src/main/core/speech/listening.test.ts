import { describe, expect, it } from 'vitest';
import { vadWindowSamples } from '../../../shared/audio-format.js';
import { AppError } from '../../../shared/errors.js';
import { eitherLanguage, type LikelyLanguage, type SpokenCode } from './languages.js';
import { createListening, type Ears, type HearOptions } from './listening.js';
import { emptyTranscript, type Transcript } from './transcript.js';

const never = new AbortController().signal;
const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

const speech = (ms: number) => new Int16Array(Math.round(ms * 16)).fill(1000);
const silence = (ms: number) => new Int16Array(Math.round(ms * 16));

interface Asked extends HearOptions {
  readonly ms: number;
  readonly given: readonly SpokenCode[];
}

/** Ears for which whatever is not zero is speech, and a piece is heard as its length. */
function fakeEars(overrides: Partial<Ears> = {}) {
  const asked: Asked[] = [];
  const partial: string[] = [];
  const ears: Ears = {
    detectSpeech: (_, samples) =>
      Promise.resolve(
        Array.from({ length: samples.length / vadWindowSamples }, (_, window) =>
          samples.subarray(window * vadWindowSamples, (window + 1) * vadWindowSamples).some((sample) => sample !== 0),
        ),
      ),
    detectLanguages: () => Promise.resolve([{ code: 'en', probability: 1 }]),
    hear: (piece, options) => {
      const ms = Math.round(piece.length / 16);
      asked.push({ ...options, ms, given: options.languages().map(({ code }) => code) });
      return Promise.resolve(heardAs(`${String(Math.round(ms / 1000))}s.`));
    },
    ...overrides,
  };
  const listening = createListening({
    ears,
    language: null,
    onPartial: (text) => partial.push(text),
    onWindows: () => undefined,
  });
  return { listening, asked, partial, ears };
}
const heardAs = (text: string): Transcript => ({ text, words: [], averageLogProbability: -0.1, doubtful: false });

async function say(listening: ReturnType<typeof fakeEars>['listening'], ...sounds: readonly Int16Array[]) {
  for (const sound of sounds) {
    for (let start = 0; start < sound.length; start += 1600) {
      listening.push(sound.subarray(start, start + 1600));
      await settle();
    }
  }
}

describe('listening', () => {
  it('has guessed before the learner lets go, and asks for nothing more then', async () => {
    const { listening, asked, partial } = fakeEars();
    await say(listening, speech(1000), silence(300));
    expect(partial).toEqual(['1s.']);
    const before = asked.length;
    expect((await listening.finish(never)).text).toBe('1s.');
    expect(asked).toHaveLength(before);
    expect(asked.every(({ urgency }) => urgency === 'guess')).toBe(true);
  });

  it('drops a guess when speech goes on, and hears all of it in the end', async () => {
    const { listening, asked } = fakeEars();
    await say(listening, speech(500), silence(300), speech(500));
    expect((await listening.finish(never)).text).toBe('1s.');
    expect(asked.at(-1)).toMatchObject({ urgency: 'final', careful: true });
    expect(asked.at(-1)?.ms).toBeGreaterThan(1250);
  });

  it('stops a guess that is still at work when speech goes on', async () => {
    const signals: AbortSignal[] = [];
    const { listening } = fakeEars({
      hear: (_, { signal, urgency }) => {
        signals.push(signal);
        return urgency === 'final' ? Promise.resolve(heardAs('all')) : new Promise(() => undefined);
      },
    });
    await say(listening, speech(500), silence(300), speech(200));
    expect(signals[0]?.aborted).toBe(true);
    expect((await listening.finish(never)).text).toBe('all');
  });

  it('hears pieces that are over while the next is said', async () => {
    const { listening, asked, partial } = fakeEars();
    await say(listening, speech(6000), silence(900), speech(2000));
    expect(partial.some((text) => text.startsWith('6s.'))).toBe(true);
    const before = asked.length;
    expect((await listening.finish(never)).text).toBe('6s. 2s.');
    // Only the last piece was left.
    expect(asked.slice(before).map(({ ms }) => Math.round(ms / 1000))).toEqual([2]);
  });

  it('shows what is said without a pause, now and then, and not where the machine is too slow for it', async () => {
    const { listening, asked } = fakeEars();
    await say(listening, speech(8000));
    expect(asked.length).toBeGreaterThanOrEqual(3);
    expect(asked.length).toBeLessThanOrEqual(6);
    listening.cancel();

    const slow = fakeEars({
      hear: (_, { signal }) =>
        new Promise((answer) => {
          setTimeout(answer, 800, heardAs('slow'));
          signal.throwIfAborted();
        }),
    });
    let guesses = 0;
    slow.partial.push = (...texts) => (guesses += texts.length);
    await say(slow.listening, speech(2000));
    await new Promise((resolve) => setTimeout(resolve, 900));
    await say(slow.listening, speech(6000));
    expect(guesses).toBe(1);
    slow.listening.cancel();
  });

  it('shows what is said although a short pause broke off a guess', async () => {
    const { listening, partial } = fakeEars({
      hear: (_, { signal }) =>
        new Promise((answer, reject) => {
          setTimeout(answer, 30, heardAs('so far'));
          signal.addEventListener('abort', () => {
            reject(new AppError('recogniser/failed'));
          });
        }),
    });
    await say(listening, speech(1400), silence(100), speech(700));
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(partial).toEqual(['so far']);
    listening.cancel();
  });

  it('hears both languages until it knows which, and one from then on', async () => {
    const languages = Promise.withResolvers<readonly LikelyLanguage[]>();
    const { listening, asked } = fakeEars({ detectLanguages: () => languages.promise });
    await say(listening, speech(2000), silence(300));
    expect(asked.at(-1)?.given).toEqual(['en', 'zh']);
    languages.resolve([{ code: 'zh', probability: 1 }]);
    await say(listening, speech(500), silence(300));
    expect(asked.at(-1)?.given).toEqual(['zh']);
    listening.cancel();
  });

  it('asks for the language again, while there is a doubt, as there is more to go by', async () => {
    const lengths: number[] = [];
    const { listening, asked } = fakeEars({
      detectLanguages: (samples) => {
        lengths.push(Math.round(samples.length / 16));
        return Promise.resolve(lengths.length < 3 ? eitherLanguage : [{ code: 'en', probability: 1 }]);
      },
    });
    await say(listening, speech(5000), silence(300));
    expect(lengths.map((ms) => Math.round(ms / 100) / 10)).toEqual([1.6, 2.4, 3.6]);
    expect(asked.at(-1)?.given).toEqual(['en']);
    listening.cancel();
  });

  it('asks for the language of a short sentence when it is over, and of a shorter one not at all', async () => {
    const lengths: number[] = [];
    const ears: Partial<Ears> = {
      detectLanguages: (samples) => {
        lengths.push(Math.round(samples.length / 16));
        return Promise.resolve([{ code: 'en', probability: 1 }]);
      },
    };
    const short = fakeEars(ears);
    // With the margin of 0.4 s before the first sound.
    await say(short.listening, silence(500), speech(1020), silence(100));
    expect(lengths).toHaveLength(1);
    short.listening.cancel();
    const shorter = fakeEars(ears);
    await say(shorter.listening, silence(500), speech(800), silence(100));
    expect(lengths).toHaveLength(1);
    expect(shorter.asked.at(-1)?.given).toEqual(['en', 'zh']);
    shorter.listening.cancel();
  });

  it('does not wait for the language when the learner has let go', async () => {
    let detecting: AbortSignal | null = null;
    const { listening, asked } = fakeEars({
      detectLanguages: (_, signal) => {
        detecting = signal;
        return new Promise(() => undefined);
      },
    });
    await say(listening, speech(1800));
    await listening.finish(never);
    expect(detecting).toMatchObject({ aborted: true });
    expect(asked.at(-1)?.given).toEqual(['en', 'zh']);
  });

  it('looks again, carefully, at a guess that is doubtful or empty', async () => {
    for (const guess of [{ ...heardAs('loop'), doubtful: true }, emptyTranscript]) {
      const { listening } = fakeEars({
        hear: (_, { urgency, careful }) =>
          Promise.resolve(urgency === 'final' && careful ? heardAs('carefully') : guess),
      });
      await say(listening, speech(1000), silence(400));
      expect((await listening.finish(never)).text).toBe('carefully');
    }
  });

  it('asks again in the end for what went wrong on the way, and tells what goes wrong then', async () => {
    let failing = true;
    const { listening } = fakeEars({
      hear: () => (failing ? Promise.reject(new AppError('recogniser/crashed')) : Promise.resolve(heardAs('again'))),
    });
    await say(listening, speech(6000), silence(900), speech(1000), silence(300));
    failing = false;
    expect((await listening.finish(never)).text).toBe('again again');

    const broken = fakeEars({ hear: () => Promise.reject(new AppError('recogniser/crashed')) });
    await say(broken.listening, speech(1000));
    await expect(broken.listening.finish(never)).rejects.toMatchObject({ code: 'recogniser/crashed' });
  });

  it('asks again for each piece in that piece’s own language', async () => {
    const found: SpokenCode[] = ['zh', 'en'];
    const final: SpokenCode[] = [];
    const { listening } = fakeEars({
      detectLanguages: () => Promise.resolve([{ code: found.shift() ?? 'en', probability: 1 }]),
      hear: (_, { urgency, languages }) => {
        if (urgency !== 'final') return Promise.reject(new AppError('recogniser/crashed'));
        final.push(...languages().map(({ code }) => code));
        return Promise.resolve(heardAs('again'));
      },
    });
    await say(listening, speech(6000), silence(900), speech(2000));
    await listening.finish(never);
    expect(final).toEqual(['zh', 'en']);
  });

  it('hears no more pieces of a take that is thrown away while it is recognised', async () => {
    const signals: AbortSignal[] = [];
    const { listening } = fakeEars({
      hear: (_, { signal }) => {
        signals.push(signal);
        if (signal.aborted) return Promise.reject(signal.reason as Error);
        return new Promise((_answer, fail) => {
          signal.addEventListener('abort', () => {
            fail(signal.reason as Error);
          });
        });
      },
    });
    await say(listening, speech(6000), silence(900));
    const thrownAway = new AbortController();
    const finished = listening.finish(thrownAway.signal);
    await settle();
    thrownAway.abort(new Error('thrown away'));
    await expect(finished).rejects.toThrow();
    expect(signals.every(({ aborted }) => aborted)).toBe(true);
  });

  it('tells when the detector failed, and makes up nothing', async () => {
    const { listening, asked } = fakeEars({ detectSpeech: () => Promise.reject(new AppError('recogniser/timeout')) });
    await say(listening, speech(1000));
    await expect(listening.speechMs()).rejects.toMatchObject({ code: 'recogniser/timeout' });
    await expect(listening.finish(never)).rejects.toMatchObject({ code: 'recogniser/timeout' });
    expect(asked).toEqual([]);
  });

  it('hears nothing where nobody spoke, or only coughed', async () => {
    for (const sound of [silence(3000), speech(100)]) {
      const { listening } = fakeEars();
      await say(listening, sound);
      await expect(listening.finish(never)).rejects.toMatchObject({ code: 'recogniser/nothing-heard' });
    }
  });

  it('tells where in the recording somebody spoke', async () => {
    const { listening, asked } = fakeEars();
    await say(listening, silence(2000), speech(1000), silence(900));
    const { speech: stretch } = await listening.finish(never);
    expect(stretch.start / 16).toBeGreaterThan(1500);
    expect(stretch.start / 16).toBeLessThan(2000);
    expect(stretch.end / 16).toBeGreaterThan(3000);
    expect(stretch.end / 16).toBeLessThan(3500);
    expect(asked[0]?.offsetMs).toBeCloseTo(stretch.start / 16, 0);
  });
});

describe('two recordings at once', () => {
  it('have a detector’s stream each', async () => {
    const streams: string[] = [];
    const { ears } = fakeEars();
    const both = [0, 1].map(() =>
      createListening({
        ears: {
          ...ears,
          detectSpeech: (stream, samples) => {
            streams.push(stream);
            return ears.detectSpeech(stream, samples);
          },
        },
        language: 'en',
        onPartial: () => undefined,
        onWindows: () => undefined,
      }),
    );
    for (const listening of [...both, ...both]) await say(listening, speech(200));
    expect(new Set(streams).size).toBe(2);
    expect(streams[0]).toBe(streams[streams.length / 2]);
  });

  it('tell the recogniser how much of a piece was speech', async () => {
    const { listening, asked } = fakeEars();
    await say(listening, silence(1024), speech(512), silence(1024));
    await listening.finish(never);
    expect(asked.at(-1)?.speechMs).toBe(512);
  });
});
