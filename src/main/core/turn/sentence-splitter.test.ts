import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSentenceSplitter } from './sentence-splitter.js';

/** The pieces of a text that comes in deltas of `size` characters. */
function split(text: string, size = 3): readonly string[] {
  const splitter = createSentenceSplitter();
  const pieces: string[] = [];
  for (let start = 0; start < text.length; start += size)
    pieces.push(...splitter.push(text.slice(start, start + size)));
  return [...pieces, ...splitter.flush()];
}

describe('cutting a reply into pieces', () => {
  it.each([
    ['One. Two! Three?', ['One. ', 'Two! ', 'Three?']],
    // The first clause is cut early, later ones are not.
    [
      'Well, to be honest, I like tea. But, as you know, not now.',
      ['Well, to be honest, ', 'I like tea. ', 'But, as you know, not now.'],
    ],
    [
      'I would really like to go there with all of my friends. Yes.',
      ['I would really like to go there with ', 'all of my friends. ', 'Yes.'],
    ],
    ['Dr. Smith is here at 5 p.m. today. OK.', ['Dr. Smith is here at 5 p.m. today. ', 'OK.']],
    ['It costs 3.50 now. Fine.', ['It costs 3.50 now. ', 'Fine.']],
    ['She said "Go!" Then she left.', ['She said "Go!" ', 'Then she left.']],
    ['你好。很高兴。', ['你好。', '很高兴。']],
    ['First line\nSecond line', ['First line\n', 'Second line']],
    ['No end', ['No end']],
    ['', []],
  ])('%j', (text, pieces) => {
    expect(split(text)).toEqual(pieces);
  });

  it('loses and adds nothing, however the text comes', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'Mr', ' ', '.', ',', '!', '\n', '。', '"', '3') }),
        fc.integer({ min: 1, max: 9 }),
        (text, size) => {
          expect(split(text, size).join('')).toBe(text);
        },
      ),
    );
  });

  it('gives the first piece before the first sentence is whole', () => {
    const splitter = createSentenceSplitter();
    expect(splitter.push('This is a very long sentence which does not ')).toEqual([
      'This is a very long sentence which does ',
    ]);
  });
});
