import { pause, rule, type Rule } from './rule.js';

/** Letters with the tones of pinyin, which no English word has. */
const tones = 'āēīōūǖáéíóúǘǎěǐǒǔǚàèìòùǜĀĒĪŌŪǍĚǏǑǓ';

/**
 * Words in other writing than the voice's: it would say "Chinese letter" for each. A short pause, and how they are read
 * in Latin letters behind them is left out with them.
 */
export const foreign: readonly Rule[] = [
  // "这个 (zhège)", "加班 (jiā bān)": Latin letters in brackets right behind Chinese, tones or not.
  rule(
    new RegExp(
      `[（(](?=[^()（）]{0,60}[${tones}])[\\p{Script=Latin}\\p{Mark}\\s'’·,-]{1,60}[)）]|[（(][A-Za-zü]{1,6}[1-5]?(?:[ '][A-Za-zü]{1,6}[1-5]){0,8}[)）]`,
      'u',
    ),
    (_, before) => (/\p{Script=Han}["'”’]?\s?$/u.test(before) ? { mark: ',' } : undefined),
  ),
  rule(
    /(?![\p{Script=Latin}\p{Script=Greek}])\p{Letter}(?:(?![\p{Script=Latin}\p{Script=Greek}])[\p{Letter}\p{Mark}])*/u,
    pause(','),
  ),
];
