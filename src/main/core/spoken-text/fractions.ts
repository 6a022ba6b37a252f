import { rule, type Rule } from './rule.js';
import { sayDigits, sayFraction, sayMixed, sayNumber } from './say-number.js';

const signs: Readonly<Record<string, readonly [over: number, under: number]>> = {
  ...{ '½': [1, 2], '⅓': [1, 3], '⅔': [2, 3], '¼': [1, 4], '¾': [3, 4], '⅕': [1, 5], '⅖': [2, 5], '⅗': [3, 5] },
  ...{ '⅘': [4, 5], '⅙': [1, 6], '⅚': [5, 6], '⅛': [1, 8], '⅜': [3, 8], '⅝': [5, 8], '⅞': [7, 8] },
};

/** Pairs with a way of their own to be read. */
const pairs: Readonly<Record<string, string>> = {
  '24/7': 'twenty four seven',
  '50/50': 'fifty fifty',
  '20/20': 'twenty twenty',
  '9/11': 'nine eleven',
};

const tellsScore =
  /\b(?:scores?d?|rat(?:e|es|ed|ing)|grade|give (?:it|this|that|him|her|you|them)|gave (?:it|this|that|him|her|you|me|them)|got|is)\b[^.!?]{0,20}$/i;

/** A pressure of blood, read as two numbers: 120 → one twenty. */
const sayPressure = (value: string): string =>
  value.length === 3 && !value.endsWith('00')
    ? `${sayDigits(value[0] ?? '')} ${value[1] === '0' ? `oh ${sayDigits(value[2] ?? '')}` : sayNumber(value.slice(1))}`
    : sayNumber(value);

function isPressure(over: number, under: number, around: string): boolean {
  if (over <= under || over > 260 || under > 160) return false;
  return (
    /\b(?:pressure|BP|mmHg|systolic)\b/i.test(around) || (over >= 90 && over <= 220 && under >= 50 && under <= 130)
  );
}

/** Fractions, scores, and other pairs with a slash between them. */
export const fractions: readonly Rule[] = [
  rule(/(?:24\/7|50\/50|20\/20|9\/11)(?![\d/])/, ([written]) => pairs[written]),
  rule(/(\d{2,3})\/(\d{2,3})(?![\d/])(\s?mmHg)?/, ([, over = '', under = '', unit], before, after) =>
    isPressure(Number(over), Number(under), unit ?? before + after)
      ? `${sayPressure(over)} over ${sayNumber(under)}${unit === undefined ? '' : ' millimeters of mercury'}`
      : undefined,
  ),
  rule(
    /(\d{1,3}(?:\.\d)?)\/(5|10|20|50|100)(?![\d/]|th|rd)(?! (?:of|inch|cup|mile|hour)\b)/,
    ([, over = '', under = ''], before) => {
      const isScore =
        (under === '100' && over.length > 1) ||
        over.includes('.') ||
        tellsScore.test(before) ||
        (under === '10' && /\ban?\s+$/.test(before));
      return isScore && Number(over) <= Number(under) ? `${sayNumber(over)} out of ${sayNumber(under)}` : undefined;
    },
  ),
  rule(
    /(\d{1,9})\s+(\d{1,6})\/(\d{1,6})(?:TH|RD|ND|th|rd|nd)?(?![\d/])/,
    ([, whole = '', over, under]) => `${sayNumber(whole)} and ${sayMixed(Number(over), Number(under))}`,
  ),
  rule(/(\d{1,6})[/⁄](\d{1,6})(?:ths?|rds?|nds?)?(?![\d/.]|\w)/i, ([, over, under], before) =>
    /[\d/]$/.test(before) || Number(over) === 0 ? undefined : sayFraction(Number(over), Number(under)),
  ),
  rule(new RegExp(`(\\d{0,9})\\s?([${Object.keys(signs).join('')}])`), ([, whole = '', sign = '']) => {
    const [over, under] = signs[sign] ?? [1, 2];
    return whole === '' ? sayFraction(over, under) : `${sayNumber(whole)} and ${sayMixed(over, under)}`;
  }),
];
