import { rule, type Rule } from './rule.js';
import { sayDigits, sayNumber } from './say-number.js';

/** What makes the number behind it one that is read digit by digit. */
const namesNumber =
  /\b(?:call|dial|dialing|ring|text|phone|extension|ext\.|code|PIN|room|flight|password|passcode|hotline|ssn)\s+(?:(?:is|number|no\.|at)\s+)?(?:\d{3,6}(?:,? (?:or|and) |, )){0,4}$/i;

/** Groups of digits with a pause between them. "800" has a name. */
function sayGroups(written: string): string {
  const groups = written.match(/\d+/g) ?? [];
  const said = groups.map((group, index) =>
    index === 1 && groups[0] === '1' && group === '800' ? 'eight hundred' : sayDigits(group),
  );
  return `${written.startsWith('+') ? 'plus ' : ''}${said.join(', ')}`;
}

const number = [
  // +86 138 0013 8000, +1 (123)-123-5678
  '\\+\\d{1,3}(?:[ -]?\\(?\\d{2,5}\\)?){2,5}',
  '1[- ](?:\\(\\d{3}\\)|\\d{3})[- ]\\d{3}[- ]\\d{4}',
  '\\(\\d{3}\\) ?\\d{3}[- ]\\d{4}',
  '\\d{3}[-. ]\\d{3}[-. ]\\d{4}(?:-\\d{1,5})?',
  // A social security number.
  '\\d{3}-\\d{2}-\\d{4}',
  '\\d{3}-\\d{4}(?!-?\\d)',
  // China: mobile numbers, area codes, service numbers.
  '1[3-9]\\d[- ]?\\d{4}[- ]?\\d{4}',
  '0\\d{2,3}[- ]\\d{7,8}',
  '400[- ]\\d{3}[- ]\\d{4}',
  // A card, a book: groups with spaces or dashes between.
  '\\d{4}(?: \\d{4}){2,4}',
  '\\d{1,7}(?:-\\d{1,7}){2,6}',
  '\\d{7,600}',
].join('|');

/** Telephone numbers, addresses of computers, codes: digit by digit. */
export const telephones: readonly Rule[] = [
  rule(
    /(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?::(\d{2,5}))?(?![.\d])/,
    ([, one = '', two = '', three = '', four = '', port]) =>
      [one, two, three, four].map(sayDigits).join(' dot ') + (port === undefined ? '' : ` port ${sayDigits(port)}`),
  ),
  // 1-800-GO-U-HAUL: letters are read as words.
  rule(/1-(8\d\d)-((?=[\d-]*[A-Z])[A-Z\d]+(?:-[A-Z\d]+)*)(?![\w-])/, ([, code = '', name = '']) => {
    const words = name.split('-').map((part) => (/\d/.test(part) ? sayDigits(part) : part.toLowerCase()));
    return `one, ${code === '800' ? 'eight hundred' : sayDigits(code)}, ${words.join(' ')}`;
  }),
  rule(new RegExp(number), ([written], before, after) =>
    /^\.?\d|^(?:st|nd|rd|th)\b|^\s?%/.test(after) || /[.,\d]$/.test(before) ? undefined : sayGroups(written),
  ),
  rule(/\d{3,6}(?![.,:]?\d|\s?[-–]\s?\d|\s(?:people|times|minutes|hours|dollars))/, ([written], before) =>
    namesNumber.test(before) ? sayDigits(written) : undefined,
  ),
  // "1428 Elm St.", "221 Baker Street": the number of a house.
  rule(
    /(\d{1,2})(\d{2})(?=(?: (?:[NSEW]\.?|North|South|East|West))?(?: [A-Z][a-z]+){1,3} (?:St|Ave|Rd|Blvd|Dr|Ln|Street|Avenue|Road|Boulevard|Drive|Lane)\b)/,
    ([, one = '', other = '']) =>
      other === '00'
        ? `${sayNumber(one)} hundred`
        : `${sayNumber(one)} ${other.startsWith('0') ? sayDigits(other).replace('zero', 'oh') : sayNumber(other)}`,
  ),
];
