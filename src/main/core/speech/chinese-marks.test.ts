import { describe, expect, it } from 'vitest';
import { createChineseMarks } from './chinese-marks.js';
import { isGhostPhrase } from './ghost-phrases.js';

describe('marks in Chinese', () => {
  it.each([
    ['今天天气很好，我想出去走走。', false],
    ['今天天气很好我想出去走走', true],
    // Too short to have one.
    ['今天天气很好', false],
    ['I would like to go out today please', false],
    ['', false],
  ])('after %j the model is shown how: %s', (text, isNeeded) => {
    const marks = createChineseMarks();
    marks.learn(text);
    expect(marks.prompt !== undefined).toBe(isNeeded);
  });

  it('are shown by a sentence that nobody said when it comes back', () => {
    const marks = createChineseMarks();
    marks.learn('今天天气很好我想出去走走');
    expect(isGhostPhrase(marks.prompt ?? '', { isUnsure: false, speechMs: 2000 })).toBe(true);
  });
});
