import { sayNumber, sayOrdinal } from './number-words.js';
import { number, rule, type Rule } from './rule.js';

/** Ordinals and what is counted or measured by no unit. */
export const ordinals: readonly Rule[] = [
  rule(/(\d{1,3}(?:,\d{3})+|\d{1,40})\s?(?:st|nd|rd|th)\b/i, ([written, value = '']) =>
    // "5 St" is a street.
    /\s/.test(written) ? undefined : sayOrdinal(value),
  ),
];

export const cardinals: readonly Rule[] = [
  rule(/(\d+)\s?[x×]\s?(?=\d)/, ([, value = ''], _, after) =>
    /^\d[\d.,]*\s?=/.test(after) ? `${sayNumber(value)} times` : `${sayNumber(value)} by`,
  ),
  rule(/(v?)(\d+(?:\.\d+){2,20}|(?<=v)\d+\.\d+)/i, ([, v, parts = '']) => {
    const said = parts.split('.').map(sayNumber).join(' point ');
    return v === '' ? said : `version ${said}`;
  }),
  rule(
    new RegExp(`(${number})\\s(thousand|million|billion|trillion)\\b`),
    ([, value = '', scale = '']) => `${sayNumber(value)} ${scale}`,
  ),
];

export const plainNumbers: readonly Rule[] = [
  rule(new RegExp(number), ([written], before) =>
    written.startsWith('.') && /[\p{Letter}\p{Number}]$/u.test(before) ? undefined : sayNumber(written),
  ),
];
