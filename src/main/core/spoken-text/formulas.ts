import { sayFraction, sayNumber, sayOrdinal } from './number-words.js';
import { rule, type Rule } from './rule.js';

/** LaTeX's commands, as they are read. An empty string is not said. */
const commands: Readonly<Record<string, string>> = {
  leq: 'is less than or equal to',
  le: 'is less than or equal to',
  geq: 'is greater than or equal to',
  ge: 'is greater than or equal to',
  lt: 'is less than',
  gt: 'is greater than',
  neq: 'is not equal to',
  ne: 'is not equal to',
  approx: 'is about',
  equiv: 'is equivalent to',
  times: 'times',
  cdot: 'times',
  div: 'divided by',
  pm: 'plus or minus',
  infty: 'infinity',
  sum: 'the sum of',
  int: 'the integral of',
  to: 'to',
  rightarrow: 'to',
  Rightarrow: 'implies',
  in: 'in',
  degree: 'degrees',
  circ: 'degrees',
  percent: 'percent',
  ldots: 'and so on',
  dots: 'and so on',
  cdots: 'and so on',
};
const greek = new Set(
  'alpha beta gamma delta epsilon theta lambda mu pi rho sigma tau phi omega Delta Sigma Omega sin cos tan log ln lim max min'.split(
    ' ',
  ),
);
const signs: Readonly<Record<string, string>> = {
  '+': 'plus',
  '-': 'minus',
  '−': 'minus',
  '=': 'equals',
  '*': 'times',
  '×': 'times',
  '·': 'times',
  '/': 'over',
  '÷': 'divided by',
  '<': 'is less than',
  '>': 'is greater than',
  '≤': 'is less than or equal to',
  '≥': 'is greater than or equal to',
  '≠': 'is not equal to',
  '≈': 'is about',
  '±': 'plus or minus',
  '%': 'percent',
  '!': 'factorial',
};

const group = '\\{([^{}]{0,80})\\}';
const token = new RegExp(
  [
    `\\\\[dt]?frac\\s*${group}\\s*${group}`,
    `\\\\sqrt\\s*${group}`,
    `\\\\(?:text|mathrm|mathbf|mathit|operatorname)\\s*${group}`,
    '\\\\([A-Za-z]+)',
    `[_^](?:${group}|(\\\\?[A-Za-z]+|-?\\d+|.))`,
    '(\\d[\\d,]*(?:\\.\\d+)?|\\.\\d+)',
    '([A-Za-z]+)',
    '(\\S)',
  ].join('|'),
  'gu',
);

/** "2" → squared; "3" → cubed; "6" → to the sixth; "n" → to the n; "-1" → to the minus one. */
function sayPower(power: string): string {
  if (power === '2') return 'squared';
  if (power === '3') return 'cubed';
  if (power === '\\circ') return 'degrees';
  return /^\d{1,6}$/.test(power) ? `to the ${sayOrdinal(power)}` : `to the ${sayFormula(power)}`;
}

function sayQuotient(over: string, under: string): string {
  const isNumeric = /^\d{1,6}$/.test(over) && /^\d{1,6}$/.test(under);
  return isNumeric ? sayFraction(Number(over), Number(under)) : `${sayFormula(over)} over ${sayFormula(under)}`;
}

/** What a formula says, in LaTeX or in plain signs: "6x_1 \leq 24" → six x one is less than or equal to twenty four. */
export function sayFormula(formula: string): string {
  const said: string[] = [];
  for (const match of formula.matchAll(token)) {
    const [written, over, under, root, name, command, braced, script, digits, letters, sign] = match;
    if (over !== undefined && under !== undefined) said.push(sayQuotient(over, under));
    else if (root !== undefined) said.push(`the square root of ${sayFormula(root)}`);
    else if (name !== undefined) said.push(name.trim());
    else if (command !== undefined) said.push(commands[command] ?? (greek.has(command) ? command : ''));
    else if (braced !== undefined || script !== undefined) {
      const content = braced ?? script ?? '';
      said.push(written.startsWith('^') ? sayPower(content) : sayFormula(content));
    } else if (digits !== undefined) said.push(sayNumber(digits));
    else if (letters !== undefined) said.push(letters.length <= 3 ? Array.from(letters).join(' ') : letters);
    else said.push(signs[sign ?? ''] ?? '');
  }
  return said.filter((words) => words !== '').join(' ');
}

/** Between dollar signs stands a formula where there is something of one, and no price. */
const isFormula = (content: string): boolean => /[\\^_={}+*/<>≤≥]|^[A-Za-z]$/.test(content);

export const formulas: readonly Rule[] = [
  rule(
    /\$\$([^$]{1,400})\$\$|\\\[([^\]]{1,400})\\\]|\\\(([^)]{1,400}?)\\\)/,
    ([, display, bracketed, inline]) => sayFormula(display ?? bracketed ?? inline ?? '') || null,
  ),
  rule(/\$(?!\s)([^$\n]{1,200}?)(?<!\s)\$(?!\d)/, ([, content = '']) =>
    isFormula(content) ? sayFormula(content) || null : undefined,
  ),
  rule(new RegExp(`\\\\[dt]?frac\\s*${group}\\s*${group}`), ([, over = '', under = '']) => sayQuotient(over, under)),
  rule(new RegExp(`\\\\sqrt\\s*${group}`), ([formula]) => sayFormula(formula)),
  rule(/\\([A-Za-z]+)/, ([, command = '']) => commands[command] ?? (greek.has(command) ? command : undefined)),
  // "10^6", "x^2", "x_1".
  rule(
    /(\d+(?:\.\d+)?|[A-Za-z]{1,2})\^(?:\{([^{}]{1,20})\}|(-?\w{1,6}))/,
    ([, base = '', braced, power]) => `${sayFormula(base)} ${sayPower(braced ?? power ?? '')}`,
  ),
  rule(
    /([A-Za-z])_(?:\{([^{}]{1,20})\}|(\d{1,3})(?!\w))/,
    ([, base = '', braced, index]) => `${base} ${sayFormula(braced ?? index ?? '')}`,
  ),
];
