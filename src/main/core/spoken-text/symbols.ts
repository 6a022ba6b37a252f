import { rule, type Rule } from './rule.js';

const halfOfDay = /\d\s?[ap]\.?m\.?\s?$/i;

/** Signs that stand for words. */
export const symbols: readonly Rule[] = [
  rule(/[-–—~～]+/, ([sign], before, after) => {
    if (/^[~～]/.test(sign) && !/\d$/.test(before)) return /^\d/.test(after) ? 'about' : null;
    if (
      (/[\d%°CF]\s?$/.test(before) || /\d0['’]?s\s?$/.test(before) || halfOfDay.test(before)) &&
      /^\s?['’]?[$€£¥]?\d/.test(after)
    ) {
      const isSpaced = /\s$/.test(before);
      return isSpaced && sign === '-' && after.includes('=') ? 'minus' : 'to';
    }
    if (sign === '-' && /^[$€£¥]?\.?\d/.test(after) && !/[\p{Letter}\p{Number}]$/u.test(before)) return 'minus';
    // Between words that belong together it is nothing, else a pause.
    return sign === '-' && /\S$/.test(before) ? null : { mark: ',' };
  }),
  rule(/−(?=\s?\d)/, () => 'minus'),
  rule(/%/, () => 'percent'),
  rule(/‰/, () => 'per thousand'),
  rule(/&/, () => 'and'),
  rule(/\+/, () => 'plus'),
  rule(/=+/, () => 'equals'),
  rule(/[×*](?=\s?\d)/, (_, before) => (/\d\s?$/.test(before) ? 'times' : undefined)),
  rule(/÷/, () => 'divided by'),
  rule(/±/, () => 'plus or minus'),
  rule(/≈/, () => 'about'),
  rule(/≠/, () => 'is not equal to'),
  rule(/∞/, () => 'infinity'),
  rule(/√(?=\s?[\dA-Za-z(])/, () => 'the square root of'),
  rule(/<=/, () => 'at most'),
  rule(/>=/, () => 'at least'),
  rule(/<(?=\s?\d)/, () => 'less than'),
  rule(/>(?=\s?\d)/, () => 'more than'),
  rule(/≤/, () => 'at most'),
  rule(/≥/, () => 'at least'),
  // The score of a game.
  rule(/:(?=\d)/, (_, before) => (/\d$/.test(before) ? 'to' : undefined)),
  rule(/²/, () => 'squared'),
  rule(/³/, () => 'cubed'),
  rule(/™|®|©/, () => null),
];
