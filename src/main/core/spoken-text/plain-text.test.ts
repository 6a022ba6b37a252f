import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainText } from './plain-text.js';

describe('a reply as it is shown', () => {
  it.each([
    ['**Sure!** Here are _three_ tips:', 'Sure! Here are three tips:'],
    ['# Title\n\n- one\n- **two**\n\n1. first\n2. second', 'Title\n\n• one\n• two\n\n1. first\n2. second'],
    ['```\nHello there!\n```', 'Hello there!'],
    ['```markdown\nHi!\n```', 'Hi!'],
    ['Sure: ```\nI would like a coffee.', 'Sure: I would like a coffee.'],
    ['| Tea | two |\n|---|---|\n| Milk | one |', 'Tea | two\nMilk | one'],
    ['See [the page](https://example.com) and ![a map](m.png)', 'See the page and a map'],
    ['It&#39;s 5 &lt; 6 &amp; fine', "It's 5 < 6 & fine"],
    ['<b>Hi</b><br>there', 'Hi\nthere'],
    ['> quoted\n> words', 'quoted\nwords'],
    ['Run `npm start` ~~not~~ now', 'Run npm start not now'],
    ['2 * 3 * 4 = 24 and I ___ to school.', '2 * 3 * 4 = 24 and I ___ to school.'],
    ['snake_case_name, $5 and $10, a*b', 'snake_case_name, $5 and $10, a*b'],
    ['Line one\nLine two\n\nNew paragraph', 'Line one\nLine two\n\nNew paragraph'],
    ['- [x] done\n- [ ] open', '• done\n• open'],
    ['1) one\n2) two', '1. one\n2. two'],
    ['你好，**世界**！', '你好，世界！'],
    ['', ''],
  ])('%j is %j', (markdown, plain) => {
    expect(plainText(markdown)).toBe(plain);
  });

  it('loses no word of plain sentences, whatever they are', () => {
    const word = fc.constantFrom(
      'tea',
      'I',
      '3.5',
      '$4',
      'well-known',
      '你好',
      "don't",
      'A*',
      'x_y',
      '#1',
      '5%',
      '(so)',
    );
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 30 }), (words) => {
        const letters = (text: string) => text.replaceAll(/[^\p{Letter}\p{Number}]/gu, '');
        expect(letters(plainText(words.join(' ')))).toBe(letters(words.join(' ')));
      }),
    );
  });

  it('takes whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        expect(typeof plainText(text)).toBe('string');
      }),
    );
  });
});
