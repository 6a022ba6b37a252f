import { sayDigits, sayNumber } from './number-words.js';
import { rule, type Rule } from './rule.js';

const phone =
  /\+\d{1,3}(?:[ .-]?\(?\d{2,4}\)?){2,5}|\(\d{3}\)[ -]?\d{3}[- ]\d{4}|\d{3}-\d{3}-\d{4}(?:-\d{1,5})?|\d{3}[. ]\d{3}[. ]\d{4}|\d{3}-\d{2}-\d{4}|\d{3}-\d{4}(?!-?\d)|1[3-9]\d[- ]?\d{4}[- ]?\d{4}|0\d{2,3}-\d{7,8}|\d{7,}/;

function sayPhone(written: string): string {
  return `${written.startsWith('+') ? 'plus ' : ''}${(written.match(/\d+/g) ?? []).map(sayDigits).join(', ')}`;
}

/** What makes the number behind it one that is read digit by digit; others of the kind may stand between. */
const namesNumber =
  /\b(?:call|dial|ring|phone|extension|ext\.|code|PIN|room|flight|password)\s+(?:number\s+|no\.\s+)?(?:\d{3,}(?:,|\s+or|\s+and|,\s+or)\s+)*$/i;

export const telephone: readonly Rule[] = [
  // A free number of North America: its code is read as a number.
  rule(/1-(8\d\d)-((?:\d{3}-\d{4}|[\dA-Z]+(?:-[\dA-Z]+)+))(?![\dA-Z])/, ([, code = '', rest = '']) => {
    const groups = rest.split('-').map((group) => (/^\d+$/.test(group) ? sayDigits(group) : group));
    const said = /^\d/.test(rest) ? groups.join(', ') : groups.join(' ');
    return `one, ${code.endsWith('00') ? sayNumber(code) : sayDigits(code)}, ${said}`;
  }),
  // The address of a machine.
  rule(/(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?![.\d])/, ([, ...parts]) => parts.map(sayDigits).join(' dot ')),
  rule(phone, ([written], before, after) =>
    /^\.?\d/.test(after) || /[.\d]$/.test(before) ? undefined : sayPhone(written),
  ),
];

export const digitByDigit: readonly Rule[] = [
  rule(/\d{3,}(?![.,]?\d)/, ([written], before) => (namesNumber.test(before) ? sayDigits(written) : undefined)),
];
