import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSentenceSplitter } from './sentence-splitter.js';

/** The pieces of a text that comes in these deltas. */
function piecesOf(deltas: readonly string[]): readonly string[] {
  const splitter = createSentenceSplitter();
  return [...deltas.flatMap((delta) => splitter.push(delta)), ...splitter.flush()];
}

/** A text in deltas of `size` characters. */
const inDeltas = (text: string, size: number): readonly string[] =>
  Array.from({ length: Math.ceil(text.length / size) }, (_, index) => text.slice(index * size, (index + 1) * size));

const wordCount = (text: string): number => text.split(/\s+/).filter((word) => word !== '').length;

describe('cutting a reply into pieces', () => {
  it.each([
    ['One. Two! Three?', ['One. ', 'Two! ', 'Three?']],
    // The first clause is cut early, later ones are not.
    [
      'Well, to be honest, I like tea. But, as you know, not now.',
      ['Well, to be honest, ', 'I like tea. ', 'But, as you know, not now.'],
    ],
    // Where there is no comma, before a word that joins clauses.
    [
      'I would really like to go there with all of my friends. Yes.',
      ['I would really like to go there ', 'with all of my friends. ', 'Yes.'],
    ],
    ['One two three four five six seven eight nine ten.', ['One two three four five six seven eight ', 'nine ten.']],
    // Numbers, short forms, names.
    ['It costs 3.50 now. Fine.', ['It costs 3.50 now. ', 'Fine.']],
    ['It is 3. It was 4.', ['It is 3. ', 'It was 4.']],
    ['Dr. Smith is here at 5 p.m. today. OK.', ['Dr. Smith is here at ', '5 p.m. today. ', 'OK.']],
    ['The U.S. is big. J. K. Rowling is not.', ['The U.S. is big. ', 'J. K. Rowling is not.']],
    ['No. I do not. See No. 5 now.', ['No. ', 'I do not. ', 'See No. 5 now.']],
    ['I went on Nov. 5 there. Apples, etc. are here.', ['I went on Nov. 5 there. ', 'Apples, etc. are here.']],
    // What is said together is not torn apart.
    ['We will all come to meet you at 10:30 am today.', ['We will all come to meet you ', 'at 10:30 am today.']],
    ['See you on Sunday, Nov 22, 2026, my friend.', ['See you on Sunday, ', 'Nov 22, 2026, my friend.']],
    [
      'Look at this [very long and quite useful page about all things](https://example.com/x) now.',
      ['Look at this ', '[very long and quite useful page about all things](https://example.com/x) now.'],
    ],
    ['So:\n```js\nlet x. Y\n\nlet y\n```\nDone.', ['So:\n', '```js\nlet x. Y\n\nlet y\n```\n', 'Done.']],
    // Ellipses and quotes end a sentence only where the next begins like one.
    ['Well... maybe. Hm… Yes.', ['Well... maybe. ', 'Hm… ', 'Yes.']],
    ['She said "Go!" Then she left.', ['She said "Go!" ', 'Then she left.']],
    ['"Go!" she said. (Really.) Yes.', ['"Go!" she said. ', '(Really.) ', 'Yes.']],
    // Chinese marks, lines, lists, a space forgotten.
    ['你好。很高兴！“走吧。”好', ['你好。', '很高兴！', '“走吧。”', '好']],
    ['First line\nSecond line', ['First line\n', 'Second line']],
    ['1. Tea\n2. Milk', ['1. Tea\n', '2. Milk']],
    ['That is good.Now we go.See example.com first.', ['That is good.', 'Now we go.', 'See example.com first.']],
    ['No end', ['No end']],
    ['', []],
  ])('%j', (text, pieces) => {
    expect(piecesOf([text])).toEqual(pieces);
    expect(piecesOf(inDeltas(text, 3))).toEqual(pieces);
  });

  it('cuts a long sentence at a comma, or before a word that joins', () => {
    const words = (count: number, word: string) => `${word} `.repeat(count);
    const pieces = piecesOf([`Yes. ${words(10, 'one')}two, ${words(14, 'three')}and ${words(40, 'four')}end.`]);
    expect(pieces.map((piece) => piece.trim().split(' ').at(-1))).toEqual(['Yes.', 'two,', 'three', 'four', 'end.']);
  });

  /** Every way to cut a text into deltas: each character begins a new one, or does not. */
  const cutText = (unit: fc.Arbitrary<string>) =>
    fc
      .array(fc.tuple(unit, fc.boolean()), { maxLength: 120 })
      .map((parts) =>
        parts.reduce<string[]>(
          (deltas, [part, begins]) =>
            begins || deltas.length === 0 ? [...deltas, part] : deltas.with(-1, (deltas.at(-1) ?? '') + part),
          [],
        ),
      );
  const scraps = fc.constantFrom(
    ...[
      'a',
      'word',
      'and',
      'Mr',
      'U.S',
      'Nov',
      'No',
      ' ',
      ' ',
      ' ',
      '.',
      ',',
      '!',
      '…',
      '\n',
      '。',
      '，',
      '"',
      '”',
      '3',
      '12',
    ],
    ...['[', '](', ')', '```', '你', 'Big', '$', ':', '- '],
  );

  it('loses and adds nothing, and is the same however the text comes', () => {
    fc.assert(
      fc.property(fc.oneof(cutText(scraps), cutText(fc.string({ unit: 'binary', maxLength: 3 }))), (deltas) => {
        expect(piecesOf(deltas).join('')).toBe(deltas.join(''));
        expect(piecesOf(deltas)).toEqual(piecesOf([deltas.join('')]));
      }),
      { numRuns: 1000 },
    );
  });

  it('lets no piece of plain words grow too long, however they come', () => {
    fc.assert(
      fc.property(cutText(fc.constantFrom('tea ', 'and ', 'so, ', 'Yes. ', 'why ')), (deltas) => {
        const [first = '', ...others] = piecesOf(deltas);
        expect(wordCount(first)).toBeLessThanOrEqual(8);
        for (const piece of others) expect(wordCount(piece)).toBeLessThanOrEqual(25);
      }),
    );
  });

  it('gives the first piece before the first sentence is whole', () => {
    const splitter = createSentenceSplitter();
    expect(splitter.push('This is a very long sentence which does not ')).toEqual(['This is a very long sentence ']);
  });
});

describe('where a reply is cut', () => {
  const file = join(import.meta.dirname, 'cases/sentence-cuts.json');
  const cases = JSON.parse(readFileSync(file, 'utf8')) as readonly {
    readonly text: string;
    readonly never: readonly string[];
    readonly stopBefore: readonly string[];
  }[];
  const siblings = [
    { text: 'Dr. Li and Lt. Dan met Gen. Lee at Ft. Worth.', never: ['Dr.', 'Lt.', 'Gen.'], stopBefore: [] },
    { text: 'See Vol. 2, pp. 3-5, Ch. 4 and Eq. 7.', never: ['Vol.', 'pp.', 'Ch.', 'Eq.'], stopBefore: [] },
    { text: 'It weighs 5 lb. 3 oz. in all.', never: ['lb.', 'oz.'], stopBefore: [] },
    { text: 'Take 5 min. You need it.', never: [], stopBefore: ['You need it.'] },
    { text: 'I live in the U.S. It is big.', never: [], stopBefore: ['It is big.'] },
    { text: 'He joined the U.S. Army early.', never: ['U.S.'], stopBefore: [] },
    { text: 'We left at 5 p.m. Then it rained.', never: [], stopBefore: ['Then it rained.'] },
    { text: 'He works for Apple Inc. She does not.', never: [], stopBefore: ['She does not.'] },
    { text: 'I ate a fig. It was sweet.', never: [], stopBefore: ['It was sweet.'] },
    { text: 'Which room are you in. Tell me.', never: [], stopBefore: ['Tell me.'] },
    { text: 'Let us take Plan B. It is better.', never: [], stopBefore: ['It is better.'] },
    { text: 'She came in Nov. We met on Dec. 5 again.', never: ['Dec.'], stopBefore: ['We met on Dec. 5 again.'] },
  ];

  it.each([...cases, ...siblings])('$text', ({ text, never, stopBefore }) => {
    for (const deltas of [[text], inDeltas(text, 1), inDeltas(text, 3)]) {
      const pieces = piecesOf(deltas).map((piece) => piece.trim());
      for (const short of never) expect(pieces.slice(0, -1).filter((piece) => piece.endsWith(short))).toEqual([]);
      for (const next of stopBefore) expect(pieces).toContain(next);
    }
  });
});
