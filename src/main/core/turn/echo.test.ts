import { describe, expect, it } from 'vitest';
import { isEcho } from './echo.js';

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
    ['', false],
  ])('%j is an echo: %s', (heard, echo) => {
    expect(isEcho(heard, said)).toBe(echo);
  });
});
