import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClipWord } from '../../../shared/contract/turn.js';
import { speakable } from '../spoken-text/speakable.js';
import { audibleOf, commonWords, timeStretches, timeWords, type SaidStretch } from './word-times.js';

/** A stretch that says a text in so long, audible from its beginning to its end. */
function stretch(text: string, durationMs: number, audible: Partial<SaidStretch['audible']> = {}): SaidStretch {
  return {
    words: speakable(text).words.map(({ start, end, ...word }) => ({ ...word, text: text.slice(start, end) })),
    durationMs,
    audible: { startMs: 0, endMs: durationMs, pauses: [], ...audible },
  };
}

const heard = (text: string, startMs: number): ClipWord => ({ text, startMs, endMs: startMs + 100, probability: 0.9 });
const starts = (words: readonly ClipWord[]) => words.map(({ text, startMs }) => [text, startMs]);

describe('when words are said', () => {
  it('is shared out by their length where nothing else is known', () => {
    expect(timeWords(stretch('tea coffee', 1400))).toEqual([
      { text: 'tea', startMs: 0, endMs: 479, probability: null },
      { text: 'coffee', startMs: 479, endMs: 1400, probability: null },
    ]);
  });

  it('hurries over light words, and dwells on the last', () => {
    const [, light, heavy, last] = timeWords(stretch('ten and ten ten', 4000)).map(
      ({ startMs, endMs }) => endMs - startMs,
    );
    expect(light).toBeLessThan(heavy ?? 0);
    expect(last).toBeGreaterThan(heavy ?? 0);
  });

  it('leaves out the silence before the first and after the last', () => {
    const words = timeWords(stretch('tea tea.', 3000, { startMs: 1000, endMs: 2000 }));
    expect(starts(words)).toEqual([
      ['tea', 1000],
      ['tea', 1455],
    ]);
    expect(words[1]?.endMs).toBe(2000);
  });

  it('gives a number as long as its words take', () => {
    const [price, off] = timeWords(stretch('$3.50 off', 2000));
    expect(price?.text).toBe('$3.50');
    expect(off?.startMs).toBeGreaterThan(1500);
  });

  it('follows the pauses where there is one for each mark', () => {
    const said = stretch('Well, tea.', 2000, { pauses: [{ startMs: 300, endMs: 1700 }] });
    expect(timeWords(said)).toMatchObject([
      { startMs: 0, endMs: 300 },
      { startMs: 1700, endMs: 2000 },
    ]);
    const unclear = timeWords(stretch('Well tea.', 2000, { pauses: [{ startMs: 300, endMs: 1700 }] }));
    expect(unclear[1]?.startMs).toBe(1000);
  });

  it('follows words that were heard elsewhere than was thought, and shares out the rest between them', () => {
    const said = stretch('one two three four', 4000);
    const words = timeWords(said, [heard('One', 350), heard('too', 700), heard('three,', 3000), heard('four.', 3400)]);
    expect(starts(words)).toEqual([
      ['one', 0],
      ['two', 1500],
      ['three', 3000],
      ['four', 3493],
    ]);
  });

  it('keeps its estimate where the recogniser is not that far from it, or heard something else', () => {
    const said = stretch('one two three four', 4000);
    const estimate = timeWords(said);
    expect(timeWords(said, [heard('one', 300), heard('two', 500), heard('three', 1900), heard('four', 2700)])).toEqual(
      estimate,
    );
    expect(timeWords(said, [heard('Would', 0), heard('you', 200), heard('like', 400), heard('four', 500)])).toEqual(
      estimate,
    );
  });

  it('knows a price again that was heard in figures', () => {
    const said = stretch('three dollars fifty now', 6000);
    const words = timeWords(said, [heard('$3.50', 900), heard('now', 3000)]);
    expect(starts(words).filter(([text]) => text === 'three' || text === 'now')).toEqual([
      ['three', 0],
      ['now', 3000],
    ]);
  });

  it('does not believe times that run backwards', () => {
    const said = stretch('one two three', 3000);
    const words = timeWords(said, [heard('one', 0), heard('two', 2000), heard('three', 500)]);
    expect(starts(words).slice(1)).toEqual([
      ['two', 2000],
      ['three', 2373],
    ]);
  });

  it('counts on from stretch to stretch', () => {
    const words = timeStretches([stretch('One two.', 1000), stretch('', 0), stretch('Tea.', 500)], [[], [], []]);
    expect(starts(words)).toEqual([
      ['One', 0],
      ['two', 455],
      ['Tea', 1000],
    ]);
  });

  it('never goes backwards or beyond the sound, whatever was heard', () => {
    const word = fc.constantFrom('one', 'two', '$3.50', 'three', '你好', 'U.S.', '10-15');
    const sounds = fc.record({
      text: fc.array(word, { minLength: 1, maxLength: 12 }).map((words) => words.join(' ')),
      heard: fc.array(fc.tuple(word, fc.integer({ min: -500, max: 6000 })).map(([text, ms]) => heard(text, ms))),
      pauses: fc.array(fc.record({ startMs: fc.nat(5000), endMs: fc.nat(5000) }), { maxLength: 3 }),
    });
    fc.assert(
      fc.property(sounds, ({ text, heard: words, pauses }) => {
        let lastMs = 0;
        for (const { startMs, endMs } of timeWords(stretch(text, 5000, { pauses }), words)) {
          expect(startMs).toBeGreaterThanOrEqual(lastMs);
          expect(endMs).toBeGreaterThanOrEqual(startMs);
          expect(endMs).toBeLessThanOrEqual(5000);
          lastMs = endMs;
        }
      }),
    );
  });
});

describe('where a sound is audible', () => {
  const sampleRateHz = 1000;
  const sound = (...levels: readonly (readonly [ms: number, level: number])[]) => ({
    samples: Int16Array.from(levels.flatMap(([ms, level]) => Array<number>(ms).fill(level))),
    sampleRateHz,
  });

  it('is from the first sound to the last, with the silences between that are pauses', () => {
    expect(audibleOf(sound([100, 3], [300, 9000], [50, 0], [200, -9000], [200, 20], [100, 4000], [70, 0]))).toEqual({
      startMs: 100,
      endMs: 950,
      pauses: [{ startMs: 650, endMs: 850 }],
    });
  });

  it('is all of it where there is nothing but silence', () => {
    expect(audibleOf(sound([500, 0]))).toEqual({ startMs: 0, endMs: 500, pauses: [] });
    expect(audibleOf(sound())).toEqual({ startMs: 0, endMs: 0, pauses: [] });
  });
});

describe('the words that two lists have in common', () => {
  it.each([
    ['a b c d', 'a x c d', 'a c d'],
    ['a b a b', 'b a', 'b a'],
    ['a b', 'c', ''],
    ['', 'a', ''],
  ])('%j and %j', (one, other, common) => {
    const words = (text: string) => text.split(' ').filter((each) => each !== '');
    expect(
      commonWords(words(one), words(other))
        .map(([i]) => words(one)[i])
        .join(' '),
    ).toBe(common);
    expect(
      commonWords(words(one), words(other))
        .map(([, j]) => words(other)[j])
        .join(' '),
    ).toBe(common);
  });
});
