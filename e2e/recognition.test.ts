import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { vadWindowSamples } from '../src/shared/audio-format.js';
import type { Listening } from '../src/main/core/speech/listening.js';
import { clipSamples, inSequence, realRecogniser, silenceOf } from './support/recogniser.js';
import { notSpeech, soundOf } from './support/sounds.js';

const clips = JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures/clips/clips.json'), 'utf8')) as readonly {
  readonly file: string;
  readonly text: string;
}[];
const spoken = clips.filter(({ text }) => text !== '');

const { recogniser, calls } = realRecogniser();
beforeAll(() => recogniser.warmUp());
afterAll(() => {
  recogniser.dispose();
});

const never = new AbortController().signal;

/** Gives a recording to a listening as the microphone does, `speed` times as fast. */
async function say(listening: Listening, samples: Int16Array, speed: number): Promise<void> {
  const chunk = 1600;
  for (let start = 0; start < samples.length; start += chunk) {
    listening.push(samples.subarray(start, start + chunk));
    await wait(100 / speed);
  }
}

async function heard(samples: Int16Array, speed = 10): Promise<string> {
  const listening = recogniser.listen({ language: 'auto' });
  await say(listening, samples, speed);
  return (await listening.finish(never)).text;
}

describe('the recogniser', () => {
  it.each(spoken.map(({ file, text }) => [file, text]))('%s: %s', async (file, text) => {
    expect(await heard(clipSamples(file))).toBe(text);
  });

  // The context is trimmed to the sound: with too little of it, one sentence is taken for another, and surely.
  it.each(spoken.map(({ file, text }) => [file, text]))('%s, however soon it is over: %s', async (file, text) => {
    const samples = inSequence(clipSamples(file), silenceOf(1000));
    const language = file.startsWith('zh') ? 'zh' : 'en';
    const windows: boolean[] = [];
    const finding = recogniser.listen({ language, onWindows: (speech) => windows.push(...speech) });
    finding.push(samples);
    await finding.finish(never);
    const speechEnd = (windows.lastIndexOf(true) + 1) * vadWindowSamples;
    for (const tailMs of [32, 96, 200, 400]) {
      const listening = recogniser.listen({ language });
      listening.push(samples.subarray(0, speechEnd + 16 * tailMs));
      expect((await listening.finish(never)).text, `${String(tailMs)} ms`).toBe(text);
    }
  });
});

describe('what is no speech', () => {
  it.each(Object.entries(notSpeech))('gives no words: %s', async (_, wave) => {
    const samples = soundOf(wave, 20);
    await expect(heard(samples, 1000)).rejects.toMatchObject({ code: 'recogniser/nothing-heard' });
  });

  it.each(['silence', 'a fan', 'loud noise', 'music', 'clicks'])('interrupts no reply: %s', async (name) => {
    const windows: boolean[] = [];
    const listening = recogniser.listen({ language: 'auto', onWindows: (speech) => windows.push(...speech) });
    listening.push(soundOf(notSpeech[name] ?? (() => NaN), 30));
    expect(await listening.speechMs()).toBe(0);
    expect(windows).toHaveLength(Math.ceil((30 * 16_000) / vadWindowSamples));
  });

  it.each(['silence.wav', 'noise.wav', 'hum.wav'])('gives no words: %s', async (file) => {
    await expect(heard(clipSamples(file))).rejects.toMatchObject({ code: 'recogniser/nothing-heard' });
  });
});

describe('while somebody speaks', () => {
  it('what was said before a pause is ready when they let go', async () => {
    const partial: string[] = [];
    const listening = recogniser.listen({ language: 'auto', onPartial: (text) => partial.push(text) });
    await say(listening, inSequence(clipSamples('en-02.wav'), silenceOf(400)), 1);
    // On a busy machine the guess may take a while.
    await expect.poll(() => partial.at(-1)).toBe('Nice to meet you.');
    await wait(300);
    const before = calls.get('transcribe');
    const { text } = await listening.finish(never);
    expect(text).toBe('Nice to meet you.');
    expect(calls.get('transcribe')).toBe(before);
  });

  it('a phrase is heard in its own language only, once that is known in the pause', async () => {
    for (const [file, text] of [
      ['en-02.wav', 'Nice to meet you.'],
      ['zh-48.wav', clips.find(({ file }) => file === 'zh-48.wav')?.text],
    ] as const) {
      const listening = recogniser.listen({ language: 'auto' });
      const before = calls.get('transcribe') ?? 0;
      await say(listening, inSequence(silenceOf(500), clipSamples(file), silenceOf(400)), 1);
      expect((await listening.finish(never)).text).toBe(text);
      expect((calls.get('transcribe') ?? 0) - before).toBe(1);
    }
  });

  it('they see what was understood so far', async () => {
    const partial: string[] = [];
    const listening = recogniser.listen({ language: 'auto', onPartial: (text) => partial.push(text) });
    await say(listening, inSequence(clipSamples('en-36.wav'), silenceOf(1500)), 1);
    await expect.poll(() => partial.at(-1)).toBe('I do not understand.');
    await say(listening, clipSamples('zh-47.wav'), 2);
    expect((await listening.finish(never)).text).toBe('I do not understand. 我在学习中文。');
  });

  it('what goes on after a short pause is heard with what was before it', async () => {
    const before = clipSamples('en-31.wav');
    const middle = Math.round(before.length / 2);
    const listening = recogniser.listen({ language: 'auto' });
    await say(listening, before.subarray(0, middle), 1);
    await say(listening, before.subarray(middle), 1);
    expect((await listening.finish(never)).text).toBe('We are going to visit our grandparents.');
  });

  it('each sentence is heard in its own language, and its words have the times of the recording', async () => {
    const english = clipSamples('en-36.wav');
    const { text, words } = await recogniseWhole(inSequence(english, silenceOf(1500), clipSamples('zh-47.wav')));
    expect(text).toBe('I do not understand. 我在学习中文。');
    const chinese = words.find((word) => word.text.startsWith('我'));
    expect(chinese?.startMs).toBeGreaterThan(english.length / 16 + 1500);
    expect(chinese?.probability).toBeGreaterThan(0.5);
  });

  async function recogniseWhole(samples: Int16Array) {
    const listening = recogniser.listen({ language: 'auto' });
    listening.push(samples);
    return listening.finish(never);
  }
});
