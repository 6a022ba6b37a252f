import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isEcho, saysTheSame, type Overheard } from './echo.js';

const said = 'Good morning! I would like a cup of coffee, please. 谢谢你的帮助。';

describe('what was heard while the app spoke', () => {
  it.each([
    ['would like a cup of coffee', true],
    ['I like a coffee please', true],
    ['Good morning', true],
    ['谢谢你的帮助', true],
    // One word of five is missing from what was said.
    ['I would like some coffee', true],
    ['Wait, what is a cup of coffee?', false],
    ['Please', false],
    ['Sorry, can you say that again?', false],
    ['coffee morning', false],
    // An answer in the same words.
    ['Good morning to you', false],
    ['Yes, I would like a cup of coffee', false],
    ['I would like a cup of coffee too', false],
    ['', false],
  ])('%j says the same: %s', (heard, same) => {
    expect(saysTheSame(heard, said)).toBe(same);
  });
});

/** Words that are said one after the other from the beginning, 300 ms each, while the app speaks. */
const overheard = (text: string, fields: Partial<Overheard> = {}): Overheard => ({
  text,
  words: text.split(' ').map((_, index) => ({ startMs: index * 300 })),
  appSilentFromMs: null,
  loudness: 0.05,
  usualLoudness: null,
  ...fields,
});

describe('an echo', () => {
  const file = join(import.meta.dirname, 'cases/echo.json');
  const cases = JSON.parse(readFileSync(file, 'utf8')) as readonly {
    readonly said: string;
    readonly heard: string;
    readonly echo: boolean;
    readonly when?: string;
  }[];

  // A take that begins after the app had stopped is not asked about; one that goes on after it is like it.
  it.each(cases)('$heard is one: $echo', ({ said: line, heard, echo, when }) => {
    const appSilentFromMs = when?.includes('after the app had stopped') === true ? -1000 : null;
    expect(isEcho(overheard(heard, { appSilentFromMs }), line)).toBe(echo);
  });

  const line = 'Nice to meet you! How are you today?';
  const same = 'nice to meet you how are you today';

  it('ends soon after the app fell silent', () => {
    expect(isEcho(overheard(same, { appSilentFromMs: 1800 }), line)).toBe(true);
    expect(isEcho(overheard(same, { appSilentFromMs: 500 }), line)).toBe(false);
  });

  it('is quieter than the learner', () => {
    expect(isEcho(overheard(same, { usualLoudness: 0.2 }), line)).toBe(true);
    expect(isEcho(overheard(same, { usualLoudness: 0.05 }), line)).toBe(false);
  });
});
