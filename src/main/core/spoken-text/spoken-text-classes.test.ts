import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { speakable } from './speakable.js';

/** Written and said, by the class of what is written. */
const classes: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  roman: [
    ['Henry V won.', 'Henry the fifth won.'],
    ['Elizabeth II and Pope John Paul II', 'Elizabeth the second and Pope John Paul the second'],
    ['Part I is easy, Star Wars IV is not', 'Part one is easy, Star Wars four is not'],
    ['Did Elizabeth and I win?', 'Did Elizabeth and I win?'],
    ['World War I, Type II, Super Bowl LVIII', 'World War one, Type two, Super Bowl fifty eight'],
    ['Plan C, size XL, Malcolm X', 'Plan C, size X-L, Malcolm X'],
  ],
  date: [
    ['in 1066 AD or AD 79', 'in ten sixty six A-D or A-D seventy nine'],
    ['due 12/25', 'due December twenty fifth'],
    ['the 4th of July', 'the fourth of July'],
    ['1990-95, Mon-Fri, Jan–Mar', 'nineteen ninety to ninety five, Monday to Friday, January to March'],
    ['I may 5 times march 3 miles', 'I may five times march three miles'],
  ],
  time: [
    ['7:30pm-9pm', 'seven thirty P-M to nine P-M'],
    ['1h 30m, 45m10s, 2d 4h', 'one hour thirty minutes, forty five minutes ten seconds, two days four hours'],
    ['The film lasts 1:30:00.', 'The film lasts one hour and thirty minutes.'],
    ['at 9:15 a.m. EST', 'at nine fifteen A-M E-S-T'],
  ],
  money: [
    ['$1.2B, $3k, €1.5m', 'one point two billion dollars, three thousand dollars, one point five million euros'],
    ['RMB 30, 100 USD, 1.234,00 no', 'thirty yuan, one hundred U-S dollars, one point two three four, zero zero no'],
    ['¥6.50/kg, 5€/month', 'six yuan fifty a kilogram, five euros a month'],
    ['I paid $5 and $10.', 'I paid five dollars and ten dollars.'],
    ['$1.01, $0.010, ₱50', 'one dollar one cent, one cent, fifty pesos'],
  ],
  measure: [
    ['5\'10" and 6ft 2in', 'five feet ten inches and six feet two inches'],
    ['5x faster, 3 x 4 = 12', 'five times faster, three times four equals twelve'],
    ['I am in 3 in total', 'I am in three in total'],
    ['100 mbps, 12 Kg, 3 cm³', 'one hundred megabits per second, twelve kilograms, three cubic centimeters'],
  ],
  score: [
    ['She scored 85/100, 9.5/10.', 'She scored eighty five out of one hundred, nine point five out of ten.'],
    ['1/10 of it, 7/10 of them, 3/16', 'one tenth of it, seven tenths of them, three sixteenths'],
    ['BP 130/85, 118/76 mmHg', 'B-P one thirty over eighty five, one eighteen over seventy six millimeters of mercury'],
    ['9/11, 50/50, 20/20', 'nine eleven, fifty fifty, twenty twenty'],
  ],
  formula: [
    ['x^2 + y^2 = z^2', 'x squared plus y squared equals z squared'],
    ['\\(a^3\\) and $$\\frac{a}{b}$$', 'a cubed and a over b'],
    ['$x$ is 2^{10}', 'x is two to the tenth'],
    ['$\\sqrt{16} \\neq 3$', 'the square root of sixteen is not equal to three'],
  ],
  telephone: [
    ['Call 911, 110 or 119', 'Call nine one one, one one zero or one one nine'],
    ['1-888-555-0123, ext. 12', 'one, eight eight eight, five five five, zero one two three, extension twelve'],
    ['010-62345678', 'zero one zero, six two three four five six seven eight'],
    ['ping 192.168.0.1', 'ping one nine two dot one six eight dot zero dot one'],
  ],
  abbreviation: [
    ['R&B, Q&A, rock & roll', 'R and B, Q and A, rock and roll'],
    ['Mt. Fuji, Sgt. Pepper, Gen. Lee', 'Mount Fuji, Sergeant Pepper, General Lee'],
    ['Fig. 2, pp. 3-5, Vol. 1', 'figure two, pages three to five, volume one'],
    ['CO2, B2B, PM10', 'C-O-two, B-two B, P-M-ten'],
  ],
  address: [
    ['main.py, a_b.pdf', 'main dot P-Y, a underscore b dot P-D-F'],
    ['at 305 Oak Ave.', 'at three oh five Oak Avenue'],
  ],
  markup: [
    ['I ____ to the ____.', 'I blank to the blank.'],
    ['It&rsquo;s &quot;fine&quot;, 5 &lt; 6', "It's fine, five less than six"],
    ['```text\nHow are you?\n```', 'How are you?'],
    ['Try ```python\nprint(1)\n``` now.', 'Try, now.'],
  ],
  'stage direction': [
    ['*nods* OK. (in a low voice) Hello. [laughs softly]', 'ok. Hello.'],
    ['*He smiles and waves.* Hi!', 'Hi!'],
    ['This is *very* good (I think).', 'This is very good, I think.'],
    ['(smiling) *First*, sit down.', 'First, sit down.'],
  ],
  'foreign word': [
    ['Say 你好 (nǐ hǎo) here.', 'Say, here.'],
    ['我们去吃饭吧!', ''],
  ],
};

describe.each(Object.entries(classes))('%s', (_, table) => {
  it.each(table)('%j is said as %j', (shown, said) => {
    expect(speakable(shown).text).toBe(said);
  });
});

describe('whatever the text', () => {
  it('says nothing that a voice for English has no sound for', () => {
    const scrap = fc.constantFrom(
      'word',
      ' ',
      '你好',
      'こんにちは',
      '3',
      '。',
      '🎉',
      '$',
      '\\frac',
      '€',
      '∑',
      '&#9731;',
      '\u0007',
      '½',
      '٣',
    );
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: scrap, maxLength: 30 }), fc.string({ unit: 'grapheme' })), (shown) => {
        expect(speakable(shown).text).not.toMatch(
          /[\p{Script=Han}\p{Script=Hiragana}\p{Emoji_Presentation}\p{Cc}$€\\]/u,
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('takes time by the length of the text, not by its square', () => {
    const parts = [
      'a',
      '1',
      '-',
      '.',
      '[',
      '(',
      '<',
      '`',
      '*',
      '_',
      '$',
      '&',
      '\\',
      '@',
      '你',
      '1,',
      'a.',
      '1/',
      ' 1',
      '[a',
      '*a',
      '<a ',
      '# ',
      'I',
      '|',
      '+1',
      '1:',
      '$1',
      'a@',
      '_a',
    ];
    const quickestMs = (text: string) => {
      const runs = Array.from({ length: 3 }, () => {
        const start = performance.now();
        speakable(text);
        return performance.now() - start;
      });
      return Math.min(...runs);
    };
    const slow = parts.filter((part) => {
      const [one, eight] = [4_000, 32_000].map((length) => quickestMs(part.repeat(length / part.length)));
      // Eight times the text: linear is 8, square is 64.
      return (eight ?? 0) > 50 && (eight ?? 0) / Math.max(one ?? 0, 1) > 30;
    });
    expect(slow).toEqual([]);
  });
});
