import { describe, expect, it } from 'vitest';
import { speakable } from './speakable.js';

type Kind = readonly [name: string, cases: readonly (readonly [shown: string, said: string])[]];

const kinds: readonly Kind[] = [
  [
    'Roman numerals',
    [
      ['World War I was long. Part II.', 'World War one was long. Part two.'],
      ['Queen Elizabeth II met John Paul II.', 'Queen Elizabeth the second met John Paul the second.'],
      ['Super Bowl LIX, Type II, Final Fantasy VII', 'Super Bowl fifty nine, Type two, Final Fantasy seven'],
      ['I think I am. Vitamin C, Malcolm and I', 'I think I am. Vitamin C, Malcolm and I'],
      ['Henry I think is ill. Elizabeth I ruled.', 'Henry I think is ill. Elizabeth the first ruled.'],
    ],
  ],
  ['eras', [['in 1066 AD, 300 B.C., AD 79', 'in ten sixty six A-D, three hundred B-C, A-D seventy nine']]],
  [
    'formulas',
    [
      ['$x^3$, $a_1$ and $\\sqrt{16} = 4$', 'x cubed, a one and the square root of sixteen equals four'],
      ['\\(x \\geq 3\\) and $E = mc^2$', 'x is greater than or equal to three and E equals m c squared'],
      ['2^10, 10^-3, 10⁶', 'two to the tenth, ten to the minus three, ten to the sixth'],
      ['$$\\frac{a+b}{2}$$ and \\frac{1}{2}', 'a plus b over two and one half'],
      ['It costs $5 = ¥35 and $6.', 'It costs five dollars equals thirty five yuan and six dollars.'],
    ],
  ],
  [
    'money',
    [
      [
        '1.299,50 €, 3,50€, €0,99',
        'one thousand two hundred ninety nine euros fifty, three euros fifty, ninety nine cents',
      ],
      ['5 EUR, 100 USD, RMB 50', 'five euros, one hundred U-S dollars, fifty yuan'],
      ['1¢, ₹1.5, ₽500, 1500₩', 'one cent, one rupee fifty, five hundred rubles, one thousand five hundred won'],
      ['$10/day, €5/person, £12.50/hour', 'ten dollars a day, five euros a person, twelve pounds fifty an hour'],
      ['$.05, $1.05, $0', 'five cents, one dollar five cents, zero dollars'],
      ['¥100-200, $5–10 million', 'one hundred to two hundred yuan, five to ten million dollars'],
    ],
  ],
  [
    'scores and fractions',
    [
      ['4.5/5, rate it 4/5, a 6/10', 'four point five out of five, rate it four out of five, a six out of ten'],
      ['7/10 of people, 3/5 of us', 'seven tenths of people, three fifths of us'],
      ['15/16, 1 1/2, 3 3/4', 'fifteen sixteenths, one and a half, three and three quarters'],
      ['BP 135/85, 110/70', 'B-P one thirty five over eighty five, one ten over seventy'],
      ['50/50, 9/11', 'fifty fifty, nine eleven'],
    ],
  ],
  [
    'times',
    [
      ['9 a.m. - 5 p.m., 9:30am-5:30pm', 'nine A-M to five P-M, nine thirty A-M to five thirty P-M'],
      ['0:45:30, 2:00:00', 'forty five minutes and thirty seconds, two hours'],
      ['at 10:30:15', 'at ten thirty and fifteen seconds'],
      [
        '1h30m, 45m30s, 3hr 20min',
        'one hour thirty minutes, forty five minutes thirty seconds, three hours twenty minutes',
      ],
    ],
  ],
  [
    'dates',
    [
      ['due 12/25, by 10/1', 'due December twenty fifth, by October first'],
      ['4 July 1776; the 4th of July', 'the fourth of July seventeen seventy six; the fourth of July'],
      ['on may 5, but you may 5 times', 'on May fifth, but you may five times'],
      ['2024-01-15T10:30:00Z', 'January fifteenth, twenty twenty four at ten thirty'],
      ['the 90s, mid-1800s, 1914-18', 'the nineties, mid eighteen hundreds, nineteen fourteen to eighteen'],
      ['2024年3月5日', 'March fifth, twenty twenty four'],
    ],
  ],
  [
    'telephone numbers',
    [
      ['1 (800) 555-0199', 'one, eight hundred, five five five, zero one nine nine'],
      ['Call 120, 110 or 119.', 'Call one two zero, one one zero or one one nine.'],
      ['Dial 112 or 999.', 'Dial one one two or nine nine nine.'],
      ['PIN 1234, room 1203', 'pin one two three four, room one two zero three'],
      ['978-0-306-40615-7', 'nine seven eight, zero, three zero six, four zero six one five, seven'],
    ],
  ],
  [
    'measures',
    [
      ['5 KG, 100 KM, 5 mL', 'five kilograms, one hundred kilometers, five milliliters'],
      ['1 Gbps, 50 KB/s', 'one gigabit per second, fifty kilobytes per second'],
      ['5\'8" and 6′2″', 'five feet eight inches and six feet two inches'],
      ['5kg-10kg, 20°C-25°C', 'five kilograms to ten kilograms, twenty degrees Celsius to twenty five degrees Celsius'],
      ['He has 5 in his hand.', 'He has five in his hand.'],
    ],
  ],
  ['gaps', [['Fill in: ____, __init__ snake_case', 'Fill in: blank, init snake case']]],
  ['entities', [['&quot;Hi&quot; &amp; bye&#33; 5 &lt; 6 it&rsquo;s', "Hi and bye! five less than six it's"]]],
  [
    'letters',
    [
      ['R&D, Q&A, M&M’s', "R and D, Q and A, M and M's"],
      ['PM10, CO2, F-16', 'P-M-ten, C-O-two, F sixteen'],
      ['report.pdf, main.py, song.mp3', 'report dot P-D-F, main dot P-Y, song dot M-P-three'],
      ['１２３ ＡＢＣ 𝐁𝐨𝐥𝐝 ٣', 'one hundred twenty three abc Bold three'],
    ],
  ],
  [
    'short forms',
    [
      ['Mt. Everest, Sgt. Pepper, Ft. Worth', 'Mount Everest, Sergeant Pepper, Fort Worth'],
      ['See Fig. 3, pp. 3-5, Vol. 2.', 'See figure three, pages three to five, volume two.'],
      ['I ate a fig. That is the max. Now', 'I ate a fig. That is the max. Now'],
    ],
  ],
  [
    'stage directions',
    [
      ['*nods slowly* Yes. (smiling) Great! [laughter] Hi *winks*', 'Yes. Great! Hi'],
      ['(clears throat) So. _grins_ *takes a sip of tea* Now go. (in a soft voice)', 'So. Now go.'],
      [
        'The *waves* are high (takes two days) and *Laughs* are rare.',
        'The waves are high, takes two days, and Laughs are rare.',
      ],
      ['I am happy (looking forward to it).', 'I am happy, looking forward to it.'],
      ['*Really?* I said *takes* (see below).', 'Really? I said takes, see below.'],
    ],
  ],
  [
    'fences',
    [
      ['```text\nGood morning.\n```\nBye.', 'Good morning. Bye.'],
      ['```python\nprint("x")\n```\nThat prints x.', 'That prints x.'],
      ['```\nconst x = 1;\n```', ''],
    ],
  ],
  [
    'other writing',
    [
      ['你好 (nǐ hǎo) means hello, Привет too.', 'means hello, too.'],
      ['Use 你好 (ni3 hao3) or 您好。Then go.', 'Use, or. Then go.'],
      ['café jiābān', 'café jiaban'],
    ],
  ],
];

describe.each(kinds)('%s', (_, cases) => {
  it.each(cases)('%j is said as %j', (shown, said) => {
    expect(speakable(shown).text).toBe(said);
  });
});
