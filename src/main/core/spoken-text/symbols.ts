import { sayGreek } from './formulas.js';
import { rule, silence, type Rule } from './rule.js';

/** "5-10", "9 a.m. - 5 p.m.", "5kg-10kg", "20°C-25°C", but not "F-16". */
function isBetweenNumbers(before: string, after: string): boolean {
  if (!/^\s?[$€£¥]?\.?\d/.test(after)) return false;
  if (/(?:[\d%¢°℃℉]|[\d°]\s?[CF]|\d\s?(?:[ap]\.?m\.?|['’]?s))\s?$/i.test(before)) return true;
  return /(?:^|[\s(])[\d.,]+\s?[A-Za-z]{1,4}\s?$/.test(before) && /^\s?[\d.,]+\s?[A-Za-z]{1,4}(?![A-Za-z])/.test(after);
}

/** Signs that stand for words, between numbers, names and things. */
export const symbols: readonly Rule[] = [
  rule(/[-–—~～]+/, ([sign], before, after) => {
    if (/^[~～]/.test(sign) && !/\d$/.test(before)) return /^[$€£¥]?\d/.test(after) ? 'about' : null;
    if (isBetweenNumbers(before, after)) {
      if (sign === '-' && /^\s?[\d.,]+\s?=/.test(after)) return 'minus';
      // "978-0" is no range.
      return /\d{3}$/.test(before) && /^0(?!\d|[.:])/.test(after) ? { mark: ',' } : 'to';
    }
    if (sign === '-' && /^[$€£¥]?\.?\d/.test(after) && !/[\p{Letter}\p{Number}]$/u.test(before)) return 'minus';
    // Between words that belong together it is nothing, else a pause.
    return sign === '-' && /\S$/.test(before) ? null : { mark: ',' };
  }),
  rule(/−(?=\s?\d)/, () => 'minus'),
  rule(/%/, () => 'percent'),
  rule(/‰/, () => 'per mille'),
  rule(/&/, () => 'and'),
  rule(/\+/, () => 'plus'),
  rule(/!=|≠/, () => 'is not equal to'),
  rule(/=>|->|→|⇒/, (_, before) => (before.trim() === '' ? null : { mark: ',' })),
  rule(/<=/, () => 'at most'),
  rule(/>=/, () => 'at least'),
  rule(/=+/, () => 'equals'),
  rule(/[×*](?=\s?[\d(])/, (_, before) => (/[\d)]\s?$/.test(before) ? 'times' : undefined)),
  rule(/×/, () => 'times'),
  rule(/÷/, () => 'divided by'),
  rule(/±/, () => 'plus or minus'),
  rule(/≈/, () => 'about'),
  rule(/<(?=\s?\d)/, () => 'less than'),
  rule(/>(?=\s?\d)/, () => 'more than'),
  rule(/≤/, () => 'at most'),
  rule(/≥/, () => 'at least'),
  rule(/∞/, () => 'infinity'),
  rule(/√/, () => 'the square root of'),
  rule(/:(?=\d)/, (_, before) => (/\d$/.test(before) ? 'to' : undefined)),
  rule(/²/, () => 'squared'),
  rule(/³/, () => 'cubed'),
  rule(/°/, () => 'degrees'),
  rule(/§/, () => 'section'),
  rule(/©/, () => 'copyright'),
  rule(/[®™]/, silence),
  rule(
    /[$€£¥₩₹](?=[\s.,!?]|$)/,
    ([sign]) => ({ $: 'dollars', '€': 'euros', '£': 'pounds', '¥': 'yuan', '₩': 'won', '₹': 'rupees' })[sign] ?? null,
  ),
  rule(/\p{Script=Greek}/u, ([letter]) => sayGreek(letter) ?? undefined),
];

/** Names with signs in them. */
export const namesWithSigns: readonly Rule[] = [
  rule(/C\+\+/, () => 'C plus plus'),
  rule(/([CF])#(?!\w)/, ([, letter = '']) => `${letter} sharp`),
  rule(/w\/o\b/, () => 'without'),
  rule(/w\/(?=\s?\p{Letter})/u, () => 'with'),
  // AT&T, R&D, Q&A: capitals on both sides are letters.
  rule(
    /(?<!\p{Letter})(\p{Uppercase}{1,3})&(\p{Uppercase}{1,3})(['’]?s)?(?!\p{Letter})/u,
    ([, one = '', other = '', plural]) =>
      `${one.split('').join('-')} and ${other.split('').join('-')}${plural === undefined ? '' : "'s"}`,
  ),
];
