import { sayFraction, sayInPairs, sayNumber } from './number-words.js';
import { rule, type Rule } from './rule.js';

const mixed = (over: number, under: number): string => sayFraction(over, under).replace(/^one (?=half|quarter)/, 'a ');

/** What makes "4/5" a mark that was given, and "120/80" a pressure. */
const tellsScore =
  /\b(?:scored?|rat(?:e|ed|es|ing)|gives?|gave|got|get|earned|marks?|an?|your score(?: is|:)?|it)\s+(?:an?\s+)?$/i;
const tellsPressure = /\b(?:pressure|BP|systolic)\b[^.!?]{0,40}$/i;

const signs: Readonly<Record<string, readonly [over: number, under: number]>> = {
  '½': [1, 2],
  '⅓': [1, 3],
  '⅔': [2, 3],
  '¼': [1, 4],
  '¾': [3, 4],
  '⅕': [1, 5],
  '⅖': [2, 5],
  '⅗': [3, 5],
  '⅘': [4, 5],
  '⅙': [1, 6],
  '⅛': [1, 8],
  '⅜': [3, 8],
  '⅝': [5, 8],
  '⅞': [7, 8],
};

export const fractions: readonly Rule[] = [
  rule(/24\/7\b/, () => 'twenty four seven'),
  rule(/9\/11\b/, () => 'nine eleven'),
  rule(/(50\/50|20\/20)\b/, ([written]) => written.split('/').map(sayNumber).join(' ')),
  rule(/(\d{2,3})\/(\d{2,3})(?![\d/])(\s?mm ?Hg)?/, ([, over = '', under = '', unit], before) =>
    tellsPressure.test(before) || unit !== undefined
      ? `${sayInPairs(over)} over ${sayInPairs(under)}${unit === undefined ? '' : ' millimeters of mercury'}`
      : undefined,
  ),
  rule(/(\d{1,3}(?:\.\d+)?)\/(\d{1,3})(?![\d/]|\.\d)/, ([, over = '', under = ''], before, after) => {
    const isOutOf = /^(?:10|100)$/.test(under) || over.includes('.') || tellsScore.test(before);
    // One tenth is a share, and so is "7/10 of them".
    const isShare = (over === '1' || /^\s+of\b/.test(after)) && !over.includes('.') && !tellsScore.test(before);
    return isOutOf && !isShare && Number(over) <= Number(under)
      ? `${sayNumber(over)} out of ${sayNumber(under)}`
      : undefined;
  }),
  rule(
    /(\d+)\s+(\d{1,6})\/(\d{1,6})(?![\d/])/,
    ([, whole = '', over, under]) => `${sayNumber(whole)} and ${mixed(Number(over), Number(under))}`,
  ),
  rule(/(\d{1,6})\/(\d{1,6})(?:st|nd|rd|th)?(?![\d/]|\.\d)/i, ([, over, under]) =>
    sayFraction(Number(over), Number(under)),
  ),
  rule(/(\d*)([½⅓⅔¼¾⅕⅖⅗⅘⅙⅛⅜⅝⅞])/, ([, whole = '', sign = '']) => {
    const [over, under] = signs[sign] ?? [1, 2];
    return whole === '' ? sayFraction(over, under) : `${sayNumber(whole)} and ${mixed(over, under)}`;
  }),
];
