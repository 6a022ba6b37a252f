import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clipSamples, inSequence, silenceOf } from '../../e2e/support/recogniser.js';
import { root } from './models.js';

export interface Clip {
  readonly name: string;
  readonly samples: Int16Array;
  readonly seconds: number;
}

/** All that is spoken among the end-to-end tests' recordings, with what it says. */
export const spokenClips = (
  JSON.parse(readFileSync(join(root, 'e2e/fixtures/clips/clips.json'), 'utf8')) as readonly {
    readonly file: string;
    readonly text: string;
    readonly language: 'en' | 'zh';
  }[]
).filter(({ text }) => text !== '');

/** Recordings one after the other, with a breath between them. */
function joined(files: readonly string[]): Clip {
  const samples = inSequence(
    ...files.flatMap((file, index) => (index === 0 ? [] : [silenceOf(250)]).concat(clipSamples(`en-${file}.wav`))),
  );
  return { name: files.join('+'), samples, seconds: samples.length / 16_000 };
}

/** What somebody may say in a turn: from 2 to 8 s. */
export const turnClips: readonly Clip[] = [
  ['14'],
  ['12'],
  ['31'],
  ['26', '27'],
  ['21'],
  ['31', '14'],
  ['41'],
  ['12', '21'],
  ['02'],
  ['31', '14', '21'],
  ['40'],
  ['26', '27', '36'],
].map(joined);

/** Speech cut to a length, in s; from about 15 s on the demo model makes nothing sensible of it. */
export function speechOf(seconds: number): Int16Array {
  const all = joined(spokenClips.filter(({ language }) => language === 'en').map(({ file }) => file.slice(3, 5)));
  const whole = inSequence(all.samples, all.samples);
  return whole.slice(0, seconds * 16_000);
}
