import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clipTexts } from './support/sound.js';
import { clipSamples, inSequence, realRecogniser, silenceOf } from './support/recogniser.js';
import { notSpeech, soundOf } from './support/sounds.js';

/** A voice is understood however far it is from the microphone, with a fan beneath, and a loud one is not clipped. */

const { recogniser } = realRecogniser();
beforeAll(() => recogniser.warmUp());
afterAll(() => {
  recogniser.dispose();
});

const spoken = [...clipTexts].filter(([, text]) => text !== '');
const never = new AbortController().signal;

async function heard(samples: Int16Array): Promise<string> {
  const listening = recogniser.listen({ language: 'auto' });
  for (let start = 0; start < samples.length; start += 512) listening.push(samples.subarray(start, start + 512));
  return listening.finish(never).then(
    ({ text }) => text,
    () => '',
  );
}

/** At a level below full scale, dB: of the loudest sample. `fanDb`: of a fan beneath, against the voice. */
function at(samples: Int16Array, db: number, fanDb: number | null): Int16Array {
  const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 1);
  const gain = (32767 * 10 ** (db / 20)) / loudest;
  const fan =
    fanDb === null ? null : soundOf(notSpeech['a fan'] ?? (() => NaN), Math.ceil(samples.length / 16_000) + 2);
  const fanLoudest = fan?.reduce((most, sample) => Math.max(most, Math.abs(sample)), 1) ?? 1;
  const fanGain = (32767 * 10 ** ((db + (fanDb ?? 0)) / 20)) / fanLoudest;
  return samples.map((sample, index) => Math.round(sample * gain + (fan?.[index] ?? 0) * fanGain));
}

describe.each([
  [-6, null],
  [-30, null],
  [-46, null],
  [-6, -50],
  [-30, -50],
  [-46, -50],
] as const)('at %i dB, with a fan at %s dB of the voice', (db, fanDb) => {
  it('every clip gives what its file gives', async () => {
    const wrong: [string, string][] = [];
    for (const [file, text] of spoken) {
      const samples = at(inSequence(silenceOf(500), clipSamples(file), silenceOf(700)), db, fanDb);
      const said = await heard(samples);
      if (said !== text) wrong.push([file, said]);
    }
    console.log(
      `${String(spoken.length - wrong.length)} of ${String(spoken.length)} at ${String(db)} dB, fan ${String(fanDb)}`,
      wrong,
    );
    expect(wrong).toEqual([]);
  });
});

it.each([
  ['a microphone’s own noise', () => Math.random() - 0.5, 30],
  ['its hum', (time: number) => Math.sin(2 * Math.PI * 50 * time), 30],
  ['a far fan', notSpeech['a fan'] ?? (() => NaN), 100],
  ['a far street', notSpeech['loud noise'] ?? (() => NaN), 100],
] as const)('%s is brought up with everything else, and is no speech', async (_, wave, peak) => {
  const loud = soundOf(wave, 5);
  const loudest = loud.reduce((most, sample) => Math.max(most, Math.abs(sample)), 1);
  const listening = recogniser.listen({ language: 'auto' });
  listening.push(loud.map((sample) => Math.round((sample * peak) / loudest)));
  expect(await listening.speechMs()).toBe(0);
});
