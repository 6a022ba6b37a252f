import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { speakable } from './speakable.js';

/** What a voice of English can say: Latin letters with the accents of its neighbours, and marks to pause at. */
const sayable = /^[A-Za-zÀ-ÖØ-öø-ÿ' .,;:!?-]*$/;

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc
    .array(
      fc.constantFrom(
        ...[
          '12',
          '3',
          '2024',
          '.',
          ',',
          '/',
          '-',
          ':',
          '$',
          '€',
          '%',
          '^',
          '_',
          '\\frac{',
          '}',
          '{',
          '*',
          '(',
          ')',
          '[',
        ],
        ...[
          ']',
          '```',
          '\n',
          ' ',
          ' ',
          'am',
          'pm',
          'th',
          'kg',
          'II',
          'World War ',
          'Jan',
          'May',
          'smiles',
          '&#39;',
          '&',
          '元',
        ],
        ...[
          '年',
          '月',
          '日',
          'https://',
          'a.com',
          '@',
          '#',
          '①',
          '½',
          '²',
          '’',
          's',
          'h',
          'm',
          '📞',
          'ß',
          'ﬁ',
          'Ω',
          '\u0301',
        ],
      ),
      { maxLength: 30 },
    )
    .map((parts) => parts.join('')),
);

describe('what is given to the voice', () => {
  it('is only what it can say, whatever the text', () => {
    fc.assert(
      fc.property(text, (shown) => {
        expect(speakable(shown).text).toMatch(sayable);
      }),
      { numRuns: 5000 },
    );
  });

  it('has every plain word of the text, in order', () => {
    const word = fc.constantFrom('tea', 'like', 'They', 'again', 'coffee', "don't", 'well', 'in', 'the', 'may', 'see');
    const mark = fc.constantFrom(' ', ' ', ', ', '. ', '? ', '! ', ' - ', ': ', '\n', ' **', '** ', ' "', '" ');
    fc.assert(
      fc.property(fc.array(fc.tuple(word, mark), { maxLength: 40 }), (parts) => {
        const said = speakable(parts.flat().join('')).text.match(/[A-Za-z']+/g) ?? [];
        expect(said).toEqual(parts.map(([each]) => each));
      }),
    );
  });

  // A rule that looked at all of the text at each place would take hours here.
  it.each(['a', '1', ' ', '.', '*', '`', '[', '$', '\\', '/', '你', "'"])(
    'takes no longer for each of 100,000 %j than for the first',
    (character) => {
      expect(speakable(character.repeat(100_000)).text).toMatch(sayable);
    },
    60_000,
  );
});
