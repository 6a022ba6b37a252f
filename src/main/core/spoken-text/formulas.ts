import { rule, type Rule } from './rule.js';
import { sayFraction, sayNumber, sayOrdinal } from './say-number.js';

const greek =
  'alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon phi chi psi omega';
const greekLetters = 'αβγδεζηθικλμνξοπρστυφχψω';

/** The name of a Greek letter, capital or small; null for any other. */
export function sayGreek(letter: string): string | null {
  const index = greekLetters.indexOf(letter.toLowerCase().replace('ς', 'σ'));
  return index < 0 ? null : (greek.split(' ')[index] ?? null);
}

const commands: Readonly<Record<string, string>> = {
  ...Object.fromEntries(greek.split(' ').map((name) => [name, name])),
  ...{ leq: 'is less than or equal to', le: 'is less than or equal to', geq: 'is greater than or equal to' },
  ...{ ge: 'is greater than or equal to', lt: 'is less than', gt: 'is greater than', neq: 'is not equal to' },
  ...{ ne: 'is not equal to', equiv: 'is equivalent to', approx: 'is about', sim: 'is about', times: 'times' },
  ...{ cdot: 'times', ast: 'times', div: 'divided by', pm: 'plus or minus', mp: 'minus or plus', infty: 'infinity' },
  ...{
    to: 'to',
    rightarrow: 'to',
    Rightarrow: 'implies',
    implies: 'implies',
    in: 'in',
    cup: 'union',
    sum: 'the sum of',
  },
  ...{ cap: 'intersection', int: 'the integral of', prod: 'the product of', lim: 'the limit of', circ: 'degrees' },
  ...{ degree: 'degrees', ldots: '', dots: '', cdots: '', left: '', right: '', quad: '', qquad: '', displaystyle: '' },
  ...{ log: 'log', ln: 'natural log', sin: 'sine', cos: 'cosine', tan: 'tangent', partial: 'partial', angle: 'angle' },
  ...{
    text: '',
    mathrm: '',
    mathbf: '',
    textbf: '',
    mathit: '',
    boxed: '',
    overline: '',
    vec: 'vector',
    hat: '',
    bar: '',
  },
};

const characters: Readonly<Record<string, string>> = {
  ...{
    '=': 'equals',
    '+': 'plus',
    '-': 'minus',
    '−': 'minus',
    '*': 'times',
    '×': 'times',
    '·': 'times',
    '÷': 'divided by',
  },
  ...{
    '/': 'over',
    '<': 'is less than',
    '>': 'is greater than',
    '≤': 'is less than or equal to',
    '±': 'plus or minus',
  },
  ...{ '≥': 'is greater than or equal to', '≠': 'is not equal to', '≈': 'is about', '%': 'percent', '!': 'factorial' },
  ...{ '°': 'degrees', '∞': 'infinity', '²': 'squared', '³': 'cubed', '√': 'the square root of', ',': ',' },
};

/** "2" → squared, "6" → to the sixth, "n" → to the power of n. */
export function sayPower(exponent: string): string {
  if (exponent === '2') return 'squared';
  if (exponent === '3') return 'cubed';
  if (/^\d{1,9}$/.test(exponent)) return `to the ${sayOrdinal(exponent)}`;
  if (/^[-−]\d{1,9}$/.test(exponent)) return `to the minus ${sayNumber(exponent.slice(1))}`;
  return `to the power of ${sayFormula(exponent)}`;
}

/** A group in braces, or one sign, at a place; where it ends. */
function groupAt(tex: string, start: number): { readonly inner: string; readonly end: number } {
  const from = start + (/^\s*/.exec(tex.slice(start))?.[0].length ?? 0);
  if (tex[from] !== '{') {
    const [one = ''] = /^(?:\\[A-Za-z]+|\d|.)/su.exec(tex.slice(from)) ?? [];
    return { inner: one, end: from + one.length };
  }
  let depth = 0;
  for (let at = from; at < tex.length; at += 1) {
    if (tex[at] === '{') depth += 1;
    else if (tex[at] === '}') depth -= 1;
    if (depth === 0) return { inner: tex.slice(from + 1, at), end: at + 1 };
  }
  return { inner: tex.slice(from + 1), end: tex.length };
}

function sayOver(over: string, under: string): string {
  const areNumbers = /^\d{1,6}$/.test(over) && /^\d{1,6}$/.test(under);
  return areNumbers ? sayFraction(Number(over), Number(under)) : `${sayFormula(over)} over ${sayFormula(under)}`;
}

/** A formula in TeX's way of writing, or a mathematician's on a line: words with spaces between them. */
export function sayFormula(tex: string): string {
  const said: string[] = [];
  for (let at = 0; at < tex.length;) {
    const rest = tex.slice(at);
    const [command, name = ''] = /^\\([A-Za-z]+)/.exec(rest) ?? [];
    const [digits] = /^\d+(?:,\d{3})*(?:\.\d+)?/.exec(rest) ?? [];
    const [letters] = /^[A-Za-z]+/.exec(rest) ?? [];
    if (command !== undefined) {
      at += command.length;
      if (/^[dt]?frac$/.test(name)) {
        const over = groupAt(tex, at);
        const under = groupAt(tex, over.end);
        said.push(sayOver(over.inner, under.inner));
        at = under.end;
      } else if (name === 'sqrt') {
        const root = /^\[(\d{1,3})\]/.exec(tex.slice(at));
        const inner = groupAt(tex, at + (root?.[0].length ?? 0));
        const which = root === null ? 'square' : root[1] === '3' ? 'cube' : sayOrdinal(root[1] ?? '2');
        said.push(`the ${which} root of ${sayFormula(inner.inner)}`);
        at = inner.end;
      } else if (/^(?:text|mathrm|textbf|operatorname|mathbf|mathit)$/.test(name)) {
        const inner = groupAt(tex, at);
        said.push(inner.inner.replaceAll(/[^A-Za-z' ]+/g, ' '));
        at = inner.end;
      } else said.push(Object.hasOwn(commands, name) ? (commands[name] ?? '') : name);
    } else if (rest.startsWith('^')) {
      const power = groupAt(tex, at + 1);
      said.push(/^\\(?:circ|degree)$/.test(power.inner) ? 'degrees' : sayPower(power.inner));
      at = power.end;
    } else if (rest.startsWith('_')) {
      const below = groupAt(tex, at + 1);
      said.push(sayFormula(below.inner));
      at = below.end;
    } else if (digits !== undefined) {
      said.push(sayNumber(digits));
      at += digits.length;
    } else if (letters !== undefined) {
      // "xy" is x times y; longer ones are words.
      said.push(letters.length > 2 ? letters : letters.split('').join(' '));
      at += letters.length;
    } else {
      const sign = tex[at] ?? '';
      said.push(characters[sign] ?? sayGreek(sign) ?? '');
      at += 1;
    }
  }
  return said.join(' ').replaceAll(/\s+/g, ' ').replaceAll(' ,', ',').trim();
}

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const raised = (written: string): string =>
  Array.from(written, (each) => (each === '⁻' ? '-' : String(superscripts.indexOf(each)))).join('');

/** Formulas between dollars or TeX's brackets, and what looks like one in a sentence. */
export const formulas: readonly Rule[] = [
  rule(/\$\$([^$]{1,400})\$\$|\\\[([\s\S]{1,400}?)\\\]|\\\(([\s\S]{1,400}?)\\\)/, ([, one, two, three]) =>
    sayFormula(one ?? two ?? three ?? ''),
  ),
  // Prices have dollars, too: a formula begins and ends with something, and has a sign of its own or is one letter.
  rule(/\$(?=[^$\n]{0,400}[\\^_=+<>]|[A-Za-z]\$)([^\s$](?:[^$\n]{0,400}[^\s$])?)\$(?!\d)/, ([, tex = '']) =>
    sayFormula(tex),
  ),
  rule(/\\[dt]?frac\s?\{([^{}\n]{1,80})\}\s?\{([^{}\n]{1,80})\}/, ([, over = '', under = '']) => sayOver(over, under)),
  rule(/\\sqrt\s?\{([^{}\n]{1,80})\}/, ([, inner = '']) => `the square root of ${sayFormula(inner)}`),
  rule(/\\([A-Za-z]{2,12})(?![A-Za-z])/, ([, name = '']) =>
    Object.hasOwn(commands, name) ? commands[name] : undefined,
  ),
  rule(/√\s?(\d{1,9}(?:\.\d{1,9})?|[a-z](?![a-z]))/, ([, inner = '']) => `the square root of ${sayFormula(inner)}`),
  rule(
    /(\d{1,12}(?:\.\d{1,9})?|(?<![A-Za-z])[A-Za-z]|(?<=\)))\^(?:\{([^{}\n]{1,20})\}|\(([^()\n]{1,20})\)|(-?\d{1,6}|[a-z](?![a-z])))/,
    ([, base = '', one, two, three]) =>
      `${base === '' ? '' : sayFormula(base)} ${sayPower(one ?? two ?? three ?? '')}`.trim(),
  ),
  rule(
    /(\d{1,12}|(?<![A-Za-z])[A-Za-z])(⁻?[⁰¹²³⁴-⁹]{1,6})/,
    ([, base = '', power = '']) => `${sayFormula(base)} ${sayPower(raised(power))}`,
  ),
  rule(
    /(?<![A-Za-z\d])([a-zA-Z])_(?:\{([A-Za-z\d]{1,6})\}|(\d{1,3}|[a-z]))(?![A-Za-z_])/,
    ([, base = '', one, two]) => `${base} ${sayFormula(one ?? two ?? '')}`,
  ),
];
