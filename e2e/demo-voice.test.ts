import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSherpaHandlers } from '../src/main/workers/sherpa/handlers.js';
import { inSequence, realRecogniser, silenceOf } from './support/recogniser.js';

const demo = resolve(import.meta.dirname, '../resources/demo/micro-voice');
const never = new AbortController().signal;
const phrases = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../resources/demo/phrases.json'), 'utf8'),
) as readonly { readonly language: string; readonly text: string }[];

const { recogniser } = realRecogniser();
const voice = createSherpaHandlers();
beforeAll(async () => {
  await recogniser.warmUp();
  const files = {
    form: 'piper',
    model: join(demo, 'model.onnx'),
    tokens: join(demo, 'tokens.txt'),
    dataDir: join(demo, 'espeak-ng-data'),
  } as const;
  await voice.load({ files, threads: 1, packFolder: null }, never);
});
afterAll(() => {
  recogniser.dispose();
});

it.each(phrases.filter(({ language }) => language === 'en').map(({ text }) => text))(
  'is understood by the demo recogniser: %s',
  async (text) => {
    const { samples } = await voice.synthesise({ text, speaker: 0, speed: 1 }, never);
    const listening = recogniser.listen({ language: 'auto' });
    listening.push(inSequence(silenceOf(200), samples, silenceOf(800)));
    expect((await listening.finish(never)).text).toBe(text);
  },
);

it('says a sentence that no list of words was made for, in the time that a speaker takes', async () => {
  const text = 'The president announced a new agreement yesterday about environmental protection.';
  const { samples, sampleRateHz } = await voice.synthesise({ text, speaker: 0, speed: 1 }, never);
  const seconds = samples.length / sampleRateHz;
  expect(seconds).toBeGreaterThan(3);
  expect(seconds).toBeLessThanOrEqual(5);
});
