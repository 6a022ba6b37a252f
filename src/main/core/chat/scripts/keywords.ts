import type { Keywords } from './script.js';

// Longer input is not read further: it keeps the time for one turn bounded, and nobody says more in one breath.
const longestReadChars = 2000;

const contractions: readonly (readonly [RegExp, string])[] = [
  [/\bwon't\b/g, 'will not'],
  [/\bcan't\b|\bcannot\b/g, 'can not'],
  [/n't\b/g, ' not'],
  [/\blet's\b/g, 'let us'],
  [/'m\b/g, ' am'],
  [/'re\b/g, ' are'],
  [/'ve\b/g, ' have'],
  [/'ll\b/g, ' will'],
  [/'d\b/g, ' would'],
  [/\b(it|that|what|where|who|how|he|she|there|here)'s\b/g, '$1 is'],
];

const hanzi = /\p{Script=Han}/u;

export const hasHanzi = (text: string): boolean => hanzi.test(text);

/** Lower case, full words for contractions, single spaces, no punctuation. */
export function normalise(text: string): string {
  let plain = text
    .slice(0, longestReadChars)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[‘’`´]/g, "'");
  for (const [short, long] of contractions) plain = plain.replace(short, long);
  return plain.replace(/[^\p{L}\p{N}']+/gu, ' ').trim();
}

/** Whether normalised `text` meets one of the keywords. Plain string searches, so no input can make it slow. */
export function meets(text: string, keywords: Keywords): boolean {
  const padded = ` ${text} `;
  return keywords.some((keyword) => {
    if (keyword.startsWith('=')) return text === keyword.slice(1);
    if (hasHanzi(keyword)) return text.includes(keyword);
    return padded.includes(keyword.endsWith('*') ? ` ${keyword.slice(0, -1)}` : ` ${keyword} `);
  });
}

export const yes: Keywords = [
  'yes',
  'yeah',
  'yep',
  'sure',
  'of course',
  'all right',
  'sounds good',
  '=i do',
  '=i would',
  '=i can',
  '=i have',
  'good idea',
  '=ok',
  '=okay',
  '=good',
  '=great',
  '=please',
  '好的',
  '好啊',
  '可以',
  '当然',
  '没问题',
  '是的',
  '对的',
  '=好',
  '=是',
  '=对',
  '=要',
  '=会',
  '=有',
  '=行',
];

export const no: Keywords = [
  'no',
  'nope',
  'not',
  'never',
  'nothing',
  '不是',
  '不用',
  '不要',
  '不想',
  '不了',
  '不会',
  '不喜欢',
  '不行',
  '没有',
  '=不',
  '=没',
];
