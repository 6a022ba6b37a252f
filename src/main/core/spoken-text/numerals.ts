import { number, rule, type Rule } from './rule.js';
import { sayNumber, sayOrdinal } from './say-number.js';

/** Numbers that are nothing else: cardinals, ordinals, decimals, versions. */
export const numerals: readonly Rule[] = [
  rule(/(\d{1,3}(?:,\d{3}){1,8}|\d{1,27})(?:st|nd|rd|th)(?![\p{Letter}\p{Number}])/iu, ([, value = '']) =>
    sayOrdinal(value),
  ),
  // "5x faster"; "3 x 4 = 12" is a sum, "3 x 4" a size.
  rule(/(\d{1,6}(?:\.\d{1,3})?)x(?=[\s,.!?]|$)/, ([, value = '']) => `${sayNumber(value)} times`),
  rule(/(\d{1,12})\s?[x×]\s?(?=[\d.]{1,12}\s?=)/, ([, value = '']) => `${sayNumber(value)} times`),
  rule(/(\d{1,12})\s?[x×]\s?(?=\d)(?!10[\^⁰¹²³⁴-⁹])/, ([, value = '']) => `${sayNumber(value)} by`),
  // The lines of a picture.
  rule(
    /(\d{1,2})(20|40|60|80)p(?!\p{Letter})/u,
    ([, one = '', other = '']) => `${sayNumber(one)} ${sayNumber(other)} p`,
  ),
  rule(/(v?)(\d{1,9}(?:\.\d{1,9}){2,6}|(?<=v)\d{1,9}\.\d{1,9})/i, ([, v, parts = '']) => {
    const said = parts.split('.').map(sayNumber).join(' point ');
    return v === '' ? said : `version ${said}`;
  }),
  rule(new RegExp(number), ([written], before) =>
    written.startsWith('.') && /[\p{Letter}.]$/u.test(before) ? undefined : sayNumber(written),
  ),
];
