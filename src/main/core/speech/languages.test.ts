import { describe, expect, it } from 'vitest';
import { attemptOf, better, likelyLanguages } from './languages.js';
import type { Transcript } from './transcript.js';

const heardAs = (text: string, averageLogProbability: number): Transcript => ({
  text,
  words: text
    .split(' ')
    .map((word, index) => ({ text: word, startMs: index * 200, endMs: index * 200 + 200, probability: null })),
  averageLogProbability,
  doubtful: false,
});

describe('the language', () => {
  it('is one where the detector is certain, and either where it is not', () => {
    expect(likelyLanguages({ en: 0.9, zh: 0.05 }).map(({ code }) => code)).toEqual(['en']);
    expect(likelyLanguages({ en: 0.01, zh: 0.6 }).map(({ code }) => code)).toEqual(['zh']);
    const either = likelyLanguages({ en: 0.1, zh: 0.3 });
    expect(either.map(({ code }) => code)).toEqual(['en', 'zh']);
    expect(either.map(({ probability }) => probability)).toEqual([expect.closeTo(0.25), expect.closeTo(0.75)]);
  });

  // Measured: zh-52 through Chromium's microphone, hands-free, a fan 50 dB beneath.
  it('counts like a token where the model is sure of a sentence in both', () => {
    const english = heardAs('Please close the door.', -0.0404);
    const chinese = heardAs('我 听 不 懂。', -0.0626);
    expect(better(attemptOf(english, 0.5), attemptOf(chinese, 0.5)).heard).toBe(english);
    expect(better(attemptOf(english, 0.2), attemptOf(chinese, 0.8)).heard).toBe(chinese);
  });

  it('gives way to a sentence that fits far better', () => {
    const english = heardAs('I would like a cup of tea please', -0.1);
    const chinese = heardAs('我 想 来 一 杯 茶 谢谢 你', -0.6);
    expect(better(attemptOf(english, 0.3), attemptOf(chinese, 0.7)).heard).toBe(english);
  });
});
