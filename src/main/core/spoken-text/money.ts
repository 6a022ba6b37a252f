import { number, rule, type Rule } from './rule.js';
import { sayNumber, sayScale } from './say-number.js';

type Names = readonly [one: string, many: string, hundredth: string, hundredths: string];

const currencies: Readonly<Record<string, Names>> = {
  $: ['dollar', 'dollars', 'cent', 'cents'],
  '€': ['euro', 'euros', 'cent', 'cents'],
  '£': ['pound', 'pounds', 'penny', 'pence'],
  // Whoever learns with this app counts in yuan, not in yen.
  '¥': ['yuan', 'yuan', 'fen', 'fen'],
  '₩': ['won', 'won', 'jeon', 'jeon'],
  '₹': ['rupee', 'rupees', 'paisa', 'paise'],
  '₽': ['ruble', 'rubles', 'kopek', 'kopeks'],
  '₫': ['dong', 'dong', 'xu', 'xu'],
  '฿': ['baht', 'baht', 'satang', 'satang'],
  '₱': ['peso', 'pesos', 'centavo', 'centavos'],
  '₺': ['lira', 'lira', 'kurus', 'kurus'],
  '₪': ['shekel', 'shekels', 'agora', 'agorot'],
  '₿': ['bitcoin', 'bitcoins', 'cent', 'cents'],
};

const codes: Readonly<Record<string, string>> = {
  ...{ USD: '$', EUR: '€', GBP: '£', CNY: '¥', RMB: '¥', KRW: '₩', INR: '₹' },
  ...{ 元: '¥', 块钱: '¥', 块: '¥', 美元: '$', 欧元: '€', 英镑: '£' },
};

const countries: Readonly<Record<string, string>> = {
  ...{ US: 'U-S ', A: 'Australian ', AU: 'Australian ', HK: 'Hong Kong ', NT: 'New Taiwan ', C: 'Canadian ' },
  ...{ CA: 'Canadian ', NZ: 'New Zealand ', S: 'Singapore ', SG: 'Singapore ' },
};

/** "29,99" and "1.299,50" are how Europeans write 29.99 and 1,299.50. */
function american(amount: string): string {
  return /^\d{1,3}(?:\.\d{3})*,\d{2}$/.test(amount) ? amount.replaceAll('.', '').replace(',', '.') : amount;
}

/** "$", "3.50" → three dollars fifty; "£", "0.99" → ninety nine pence; "$", "2", "million" → two million dollars. */
function sayMoney(symbol: string, written: string, scale: string | null): string {
  const [one, many, hundredth, hundredths] = currencies[symbol] ?? ['', '', '', ''];
  const amount = american(written);
  if (scale !== null) return `${sayNumber(amount)} ${scale} ${many}`;
  const [whole = '', fraction = ''] = amount.replaceAll(',', '').split('.');
  // "$0.010" is a cent and "$20.5" twenty dollars fifty: zeros at the end tell nothing.
  const cents = fraction.replace(/0+$/, '').padEnd(2, '0');
  if (cents.length > 2) return `${sayNumber(amount)} ${many}`;
  const parts = Number(cents);
  const sayParts = `${sayNumber(String(parts))} ${parts === 1 ? hundredth : hundredths}`;
  if (Number(whole) === 0 && parts > 0) return sayParts;
  const said = `${sayNumber(whole === '' ? '0' : whole)} ${whole === '1' ? one : many}`;
  if (parts === 0) return said;
  // "three dollars fifty", but not "three dollars five".
  return `${said} ${parts < 10 ? sayParts : sayNumber(String(parts))}`;
}

const rates: Readonly<Record<string, string>> = {
  ...{ hr: 'an hour', h: 'an hour', hour: 'an hour', d: 'a day', day: 'a day', wk: 'a week', week: 'a week' },
  ...{ w: 'a week', mo: 'a month', mth: 'a month', month: 'a month', yr: 'a year', y: 'a year', year: 'a year' },
  ...{ min: 'a minute', sec: 'a second', s: 'a second', kg: 'a kilogram', g: 'a gram', lb: 'a pound', oz: 'an ounce' },
  ...{ km: 'a kilometer', mi: 'a mile', m: 'a meter', l: 'a liter', L: 'a liter', gal: 'a gallon' },
};

/** "/month" → " a month", "/user" → " a user". */
function sayRate(written: string | undefined): string {
  if (written === undefined) return '';
  const known = Object.hasOwn(rates, written) ? rates[written] : undefined;
  return ` ${known ?? `${/^[aeio]/i.test(written) ? 'an' : 'a'} ${written}`}`;
}

const sign = `[$€£¥￥₩₹₽₫฿₱₺₪₿]`;
const amounts = `\\d{1,3}(?:\\.\\d{3})+,\\d{2}(?!\\d)|\\d{1,6},\\d{2}(?!\\d)|${number}`;
const scaled = '(?:(\\s?(?:hundred|thousand|million|billion|trillion)|[kKmMbBT]|[bm]n)(?![A-Za-z]))?';
const rate = '(?:\\s?/\\s?([A-Za-z]{1,12})(?![A-Za-z/]))?';
const dash = '\\s?[-–—~]\\s?';

/** "USD" says whose dollars they are. */
const inCountry = (code: string, said: string): string =>
  code === 'USD' ? said.replace('dollar', 'U-S dollar') : said;

/** Prices, before and behind their sign. */
export const money: readonly Rule[] = [
  rule(
    new RegExp(
      `(US|AU?|HK|NT|CA?|NZ|SG?)?(${sign}) ?(${amounts})${scaled}(?:${dash}(${sign})?(${amounts})${scaled})?${rate}`,
    ),
    ([, country = '', written = '', amount = '', scale, signAgain, upTo, upToScale, per]) => {
      const symbol = written.replace('￥', '¥');
      const say = (each: string, itsScale: string | undefined) =>
        sayMoney(symbol, each, sayScale(itsScale)).replace('dollar', `${countries[country] ?? ''}dollar`);
      if (upTo === undefined) return say(amount, scale) + sayRate(per);
      const from =
        signAgain === undefined ? `${sayNumber(american(amount))} ${sayScale(scale) ?? ''}`.trim() : say(amount, scale);
      return `${from} to ${say(upTo, upToScale)}${sayRate(per)}`;
    },
  ),
  rule(
    new RegExp(
      `(${amounts})(?:${dash}(${amounts}))?${scaled}\\s?(${sign}|(?:USD|EUR|GBP|CNY|RMB|KRW|INR)(?![A-Za-z])|元|块钱?|美元|欧元|英镑)(?!\\d)${rate}`,
    ),
    ([, amount = '', upTo, scale, written = '', per]) => {
      const symbol = codes[written] ?? written.replace('￥', '¥');
      const from = upTo === undefined ? '' : `${sayNumber(american(amount))} to `;
      return from + inCountry(written, sayMoney(symbol, upTo ?? amount, sayScale(scale))) + sayRate(per);
    },
  ),
  rule(new RegExp(`(USD|EUR|GBP|CNY|RMB|KRW|INR) ?(${amounts})${scaled}`), ([, code = '', amount = '', scale]) =>
    inCountry(code, sayMoney(codes[code] ?? '$', amount, sayScale(scale))),
  ),
  rule(/(\d{1,9})\s?¢/, ([, cents = '']) => `${sayNumber(cents)} cent${cents === '1' ? '' : 's'}`),
];
