import { sayNumber } from './number-words.js';
import { number, rule, type Rule } from './rule.js';

interface Currency {
  readonly one: string;
  readonly many: string;
  /** The hundredth part: one and many; null where nobody uses it. */
  readonly parts: readonly [one: string, many: string] | null;
}

const currency = (one: string, many: string, parts: Currency['parts'] = ['cent', 'cents']): Currency => ({
  one,
  many,
  parts,
});
const dollars = (where: string): Currency => currency(`${where} dollar`, `${where} dollars`);
// Whoever learns with this app counts in yuan, not in yen.
const yuan = currency('yuan', 'yuan', ['fen', 'fen']);

const signs: Readonly<Record<string, Currency>> = {
  $: currency('dollar', 'dollars'),
  US$: dollars('U-S'),
  A$: dollars('Australian'),
  C$: dollars('Canadian'),
  HK$: dollars('Hong Kong'),
  NT$: dollars('New Taiwan'),
  S$: dollars('Singapore'),
  R$: currency('real', 'reais', ['centavo', 'centavos']),
  '€': currency('euro', 'euros'),
  '£': currency('pound', 'pounds', ['penny', 'pence']),
  '¥': yuan,
  '￥': yuan,
  '₩': currency('won', 'won', null),
  '₹': currency('rupee', 'rupees', ['paisa', 'paise']),
  '₽': currency('ruble', 'rubles', ['kopek', 'kopeks']),
  '₱': currency('peso', 'pesos', ['centavo', 'centavos']),
  '₫': currency('dong', 'dong', null),
  '฿': currency('baht', 'baht', ['satang', 'satang']),
  '₺': currency('lira', 'lira', null),
  '₴': currency('hryvnia', 'hryvnias', null),
  '₿': currency('bitcoin', 'bitcoins', null),
};

const codes: Readonly<Record<string, Currency>> = {
  USD: dollars('U-S'),
  EUR: currency('euro', 'euros'),
  GBP: currency('pound', 'pounds', ['penny', 'pence']),
  CNY: yuan,
  RMB: yuan,
  JPY: currency('yen', 'yen', null),
  KRW: currency('won', 'won', null),
  HKD: dollars('Hong Kong'),
  AUD: dollars('Australian'),
  CAD: dollars('Canadian'),
  SGD: dollars('Singapore'),
  TWD: dollars('New Taiwan'),
  INR: currency('rupee', 'rupees', ['paisa', 'paise']),
  CHF: currency('Swiss franc', 'Swiss francs'),
};

const scales: Readonly<Record<string, string>> = {
  k: 'thousand',
  m: 'million',
  b: 'billion',
  bn: 'billion',
  tn: 'trillion',
};

/** "k" → thousand, " million" → million; null for none. */
const sayScale = (written: string | undefined): string | null =>
  written === undefined ? null : (scales[written.trim().toLowerCase()] ?? written.trim().toLowerCase());

/** "3.50", dollars → three dollars fifty; "0.010" → one cent; "20.506" → twenty point five zero six dollars. */
function sayAmount(written: string, { one, many, parts }: Currency, scale: string | null): string {
  if (scale !== null) return `${sayNumber(written)} ${scale} ${many}`;
  // "15,50" is how much of Europe writes a price; "1,925" is a thousand.
  const [whole = '', fraction = ''] = written
    .replace(/,(?=\d{2}$)/, '.')
    .replaceAll(',', '')
    .split('.');
  const exact = fraction.replace(/0+$/, '');
  if (exact.length > 2 || (exact !== '' && parts === null)) return `${sayNumber(written.replaceAll(',', ''))} ${many}`;
  const hundredths = Number(exact.padEnd(2, '0'));
  const sayParts = parts === null ? '' : `${sayNumber(String(hundredths))} ${hundredths === 1 ? parts[0] : parts[1]}`;
  if (Number(whole) === 0 && hundredths > 0) return sayParts;
  const said = `${sayNumber(whole === '' ? '0' : whole)} ${Number(whole) === 1 ? one : many}`;
  if (hundredths === 0) return said;
  // "Three dollars fifty", but "three dollars five" would be no price.
  return `${said} ${hundredths < 10 ? sayParts : sayNumber(String(hundredths))}`;
}

const periods: Readonly<Record<string, string>> = {
  s: 'a second',
  sec: 'a second',
  second: 'a second',
  min: 'a minute',
  minute: 'a minute',
  h: 'an hour',
  hr: 'an hour',
  hour: 'an hour',
  d: 'a day',
  day: 'a day',
  wk: 'a week',
  week: 'a week',
  night: 'a night',
  mo: 'a month',
  month: 'a month',
  y: 'a year',
  yr: 'a year',
  year: 'a year',
  person: 'a person',
  head: 'a head',
  piece: 'a piece',
  item: 'an item',
  kg: 'a kilogram',
  km: 'a kilometer',
  lb: 'a pound',
  cup: 'a cup',
  class: 'a class',
  lesson: 'a lesson',
  ticket: 'a ticket',
};

const signPattern = '(?:US|HK|NT|[ACSR])?\\$|[€£¥￥₩₹₽₱₫฿₺₴₿]';
/** As `number`, and "15,50". */
const price = `\\d{1,40},\\d{2}(?![\\d,.])|${number}`;
const scale = '(?:(\\s?(?:thousand|million|billion|trillion)|[kKmMbB]|bn|tn)\\b)?';
const per = `(?:\\s?/\\s?(${Object.keys(periods)
  .sort((a, b) => b.length - a.length)
  .join('|')})\\b)?`;
const codePattern = Object.keys(codes).join('|');

const sayPer = (period: string | undefined): string => (period === undefined ? '' : ` ${periods[period] ?? ''}`);

export const money: readonly Rule[] = [
  rule(
    new RegExp(`(${signPattern})\\s?(${price})(?:\\s?[-–—]\\s?(${signPattern})?(${price}))?${scale}${per}`),
    ([, sign = '', amount = '', again, upTo, written, period]) => {
      const unit = signs[sign];
      if (unit === undefined) return undefined;
      const said = sayAmount(upTo ?? amount, unit, sayScale(written));
      if (upTo === undefined) return `${said}${sayPer(period)}`;
      // "$10-15" is ten to fifteen dollars, "$10-$15" ten dollars to fifteen dollars.
      const from = again === undefined && !amount.includes('.') ? sayNumber(amount) : sayAmount(amount, unit, null);
      return `${from} to ${said}${sayPer(period)}`;
    },
  ),
  rule(
    new RegExp(`(${price})${scale}\\s?(?:([€£₩₹₽₱₫฿₺₴]|(?<=\\d)\\$(?!\\d))|(${codePattern})\\b)${per}`),
    ([, amount = '', written, sign, code, period]) => {
      const unit = sign === undefined ? codes[code ?? ''] : signs[sign];
      return unit && `${sayAmount(amount, unit, sayScale(written))}${sayPer(period)}`;
    },
  ),
  rule(new RegExp(`(${codePattern})\\s?(${price})${scale}${per}`), ([, code = '', amount = '', written, period]) => {
    const unit = codes[code];
    return unit && `${sayAmount(amount, unit, sayScale(written))}${sayPer(period)}`;
  }),
  rule(new RegExp(`(${number})\\s?¢`), ([, amount = '']) => `${sayNumber(amount)} cent${amount === '1' ? '' : 's'}`),
];
