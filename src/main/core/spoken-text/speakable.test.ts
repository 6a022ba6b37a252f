import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { speakable } from './speakable.js';

describe('what is heard of a text', () => {
  it.each([
    // Marks that only a page can show.
    ['**Bold** and _it_ `code`', 'Bold and it code'],
    ['# Title\n- one\n2. two', 'Title. one. two'],
    ['- [ ] task\n> quote\n---\nEnd', 'task. quote. End'],
    ['See [the page](https://example.com/x) now', 'See the page now'],
    ['![A map](map.png) as told[1] here[^2]', 'A map as told here'],
    ['```js\nlet x;\n``` done', 'done'],
    ['```js\nnever closed', ''],
    ['| Tea | two |\n|---|:-:|\n| Milk | one |', 'Tea, two. Milk, one,'],
    ['<b>Hi</b><br/>there &amp; you<!-- no -->', 'Hi there and you'],
    ['It’s “fine”, she said: "Go!"', "It's fine, she said: Go!"],
    ['the dogs’ and ‘quoted’', 'the dogs and quoted'],
    ['Great 👍🏽 job 👨‍👩‍👧! 🇨🇳 1️⃣', 'Great job!'],
    ['Nice :) to see you :-D <3', 'Nice to see you'],
    ['🎉', ''],
    ['...', ''],
    ['', ''],
    ['你好', ''],
    ['It costs 200元 in 3月5日.', 'It costs two hundred yuan in March fifth.'],

    // Addresses.
    ['Visit www.example.com/path?q=1. Then go.', 'Visit example dot com. Then go.'],
    ['Go to https://github.com, or (see http://a.b.cn/x).', 'Go to github dot com, or, see a dot b dot C-N.'],
    ['<https://example.org/a>', 'example dot org'],
    ['See http://127.0.0.1:8080/a and http://[::1]/', 'See a link and a link'],
    ['Mail li.ming_2@mail.example.com!', 'Mail li dot ming underscore two at mail dot example dot com!'],

    // Numbers.
    [
      '1,234 or 1234567 or 007',
      'one thousand two hundred thirty four or one two three four five six seven or zero zero seven',
    ],
    ['3.5 and 3.05 and 7.0', 'three point five and three point zero five and seven point zero'],
    ['-2 and 5 - 3 = 2', 'minus two and five minus three equals two'],
    [
      '1/2, 3/4, 2/3 and 2 1/2 cups, 2½',
      'one half, three quarters, two thirds and two and a half cups, two and a half',
    ],
    ['24/7', 'twenty four seven'],
    ['50% or 3.5%', 'fifty percent or three point five percent'],
    ['$3.50, $1, $0.99', 'three dollars fifty, one dollar, ninety nine cents'],
    ['¥200, €5, £10.01', 'two hundred yuan, five euros, ten pounds one penny'],
    ['$10-15, US$20, $2 million', 'ten to fifteen dollars, twenty U-S dollars, two million dollars'],
    ['10k or 5M users with 4K', 'ten thousand or five million users with four K'],
    ['20°C, -5 °C, 70°F', 'twenty degrees Celsius, minus five degrees Celsius, seventy degrees Fahrenheit'],
    ['10:30 am, 10:05, 9:00', "ten thirty A-M, ten oh five, nine o'clock"],
    ['5pm or 14:00', 'five P-M or fourteen hundred'],
    ['At 5 p.m. today. At 5 p.m. Then', 'At five P-M today. At five P-M. Then'],
    ['2026-11-22', 'November twenty second, twenty twenty six'],
    ['Nov 22, 2026 or Nov. 5th', 'November twenty second, twenty twenty six or November fifth'],
    ['22 November 2026', 'the twenty second of November twenty twenty six'],
    ['3/15/2024 or 15/3/2024', 'March fifteenth, twenty twenty four or March fifteenth, twenty twenty four'],
    ['the 1990s, the ’80s, the 2000s', 'the nineteen nineties, the eighties, the two thousands'],
    ['3rd, 21st, 100th', 'third, twenty first, one hundredth'],
    [
      '1999, 2024, 1905, 2005, 1900',
      'nineteen ninety nine, twenty twenty four, nineteen oh five, two thousand five, nineteen hundred',
    ],
    ['in 1492', 'in fourteen ninety two'],
    ['2024 people and 1500 steps', 'two thousand twenty four people and one thousand five hundred steps'],
    ['Call 555-1234', 'Call five five five, one two three four'],
    ['(555) 123-4567', 'five five five, one two three, four five six seven'],
    ['+86 138 0013 8000', 'plus eight six, one three eight, zero zero one three, eight zero zero zero'],
    ['13800138000', 'one three eight zero zero one three eight zero zero zero'],
    ['Call 911 from room 305.', 'Call nine one one from room three zero five.'],
    ['10-15 people, 9–5', 'ten to fifteen people, nine to five'],
    ['10:30-11:30, 1999–2003', 'ten thirty to eleven thirty, nineteen ninety nine to two thousand three'],
    ['5 kg, 1 kg, 3 km/h, 10 min', 'five kilograms, one kilogram, three kilometers per hour, ten minutes'],
    ['2 m², 5GB, 60 Hz, 6 ft', 'two square meters, five gigabytes, sixty hertz, six feet'],
    ['3 x 4 and 2 * 3', 'three by four and two times three'],
    ['v3.5.1 and v2.0', 'version three point five point one and version two point zero'],

    // Short forms.
    ['e.g., apples, i.e., fruit, etc.', 'for example, apples, that is, fruit, et cetera'],
    ['Mr. Li vs. Dr. Wu, Prof. X', 'Mister Li versus Doctor Wu, Professor X'],
    ['Main St. and St. Paul; No. 5', 'Main Street and Saint Paul; number five'],
    ['at 3 a.m. in the U.S.', 'at three A-M in the U-S.'],
    ['Jan. 5 in Sept. or on Wed.', 'January fifth in September or on Wednesday'],
    ['We wed in May. Mon amie sat.', 'We wed in May. Mon amie sat.'],
    ['J. K. Rowling', 'J. K. Rowling'],
    ['NASA ID URL, GPT', 'nasa I-D U-R-L, G-P-T'],
    ['TVs and IDs', "T-V's and I-D's"],
    ['I LOVE it! DON’T go, OK?', "I love it! don't go, ok?"],
    ['COVID-19, MP3, B2, the 5G phone', 'covid nineteen, M-P-three, B-two, the five G phone'],
    ['C++ and C# w/ milk w/o sugar', 'C plus plus and C sharp with milk without sugar'],

    // Signs.
    ['Q&A: 2 + 2 = 4', 'Q and A: two plus two equals four'],
    ['#5, #fun, @home', 'number five, hashtag fun, at home'],
    ['~20 ≈ 5, 3 > 2, x <= 4', 'about twenty about five, three more than two, x at most four'],
    ['well-known, and/or', 'well known, and or'],
    ['yes - no — maybe (really) so... ok…', 'yes, no, maybe, really, so, ok,'],
    ['What?! Really!!! Yes??', 'What? Really! Yes?'],
    ['Hello,world.Next', 'Hello, world. Next'],
  ])('%j is said as %j', (shown, said) => {
    expect(speakable(shown).text).toBe(said);
  });
});

/** The shown stretches with the words that say them. */
const stretches = (shown: string) =>
  speakable(shown).words.map(({ start, end, spoken }) => [shown.slice(start, end), spoken]);

describe('which shown words the heard ones say', () => {
  it('keeps words, and knows what numbers and prices turned into', () => {
    expect(stretches('**It** costs $3.50, [really](https://example.com)!')).toEqual([
      ['It', 'It'],
      ['costs', 'costs'],
      ['$3.50', 'three dollars fifty'],
      ['really', 'really'],
    ]);
  });

  it('knows after which of them the voice pauses', () => {
    expect(speakable('Well - (yes), I do!').words.map(({ mark }) => mark)).toEqual([',', ',', '', '!']);
  });

  it('takes what touches for one stretch', () => {
    expect(stretches('10-15% of Nov 22, 2026')).toEqual([
      ['10-15%', 'ten to fifteen percent'],
      ['of', 'of'],
      ['Nov 22, 2026', 'November twenty second twenty twenty six'],
    ]);
  });

  it('says exactly what its stretches say, in order, whatever the text', () => {
    const scrap = fc.constantFrom(
      ...[
        'a',
        'Mr',
        'US',
        ' ',
        ' ',
        '.',
        ',',
        '\n',
        '。',
        '"',
        '’',
        '3',
        '12',
        '2024',
        '$',
        '%',
        ':',
        '/',
        '-',
        '°C',
        '*',
      ],
      ...['[', '](', ')', '`', '@', '#', 'www.', '.com', 'https://', '<b>', '🎉', '你', 'e.g.', 'am', 'th', '|'],
    );
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: scrap, maxLength: 30 }), fc.string({ unit: 'binary' })), (shown) => {
        const { text, words } = speakable(shown);
        let last = -1;
        for (const { start, end } of words) {
          expect(start).toBeGreaterThan(last);
          expect(end).toBeGreaterThan(start);
          last = end;
        }
        expect(last).toBeLessThanOrEqual(shown.length);
        const bare = (said: string) => said.replaceAll(/[\s.,;:!?，。！？、；：-]+/gu, ' ').trim();
        expect(bare(text)).toBe(bare(words.map(({ spoken }) => spoken).join(' ')));
      }),
      { numRuns: 2000 },
    );
  });
});
