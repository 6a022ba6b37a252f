import { describe, expect, it } from 'vitest';
import { blanksOf, heardCharacters, languageOf } from './words.js';

describe('languageOf', () => {
  it.each([
    ['Hello there.', 'en'],
    ['我想喝咖啡。', 'zh'],
    ['I want to 报销 the ticket', 'mixed'],
    ['我想要一个 window seat', 'mixed'],
    ['123', 'en'],
    ['A座在哪里', 'zh'],
  ])('%s is %s', (text, language) => {
    expect(languageOf(text)).toBe(language);
  });
});

describe('blanksOf', () => {
  it('tells only how long the words are', () => {
    expect(blanksOf('I don’t know, Li 明 — 42!')).toEqual([1, 5, 4, 2, 2, 2]);
    expect(blanksOf('')).toEqual([]);
  });
});

describe('heardCharacters', () => {
  const pieces = [
    { text: 'One two. ', durationMs: 1000 },
    { text: 'Three four five.', durationMs: 2000 },
  ];
  it.each([
    [0, ''],
    [1000, 'One two. '],
    [1700, 'One two. Three'],
    [2999, 'One two. Three four five.'],
    [9000, 'One two. Three four five.'],
    [40, ''],
  ])('%d ms', (heardMs, heard) => {
    const text = pieces.map((piece) => piece.text).join('');
    expect(text.slice(0, heardCharacters(pieces, heardMs))).toBe(heard);
  });

  it('does not count a piece that could not be said as unheard', () => {
    expect(heardCharacters([{ text: 'abc ', durationMs: 0 }, ...pieces], 1000)).toBe(13);
  });
});
