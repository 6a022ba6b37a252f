import { abbreviations, bareAbbreviations, initialisms, sayUnit } from './spoken-abbreviations.js';
import {
  monthNumber,
  sayDate,
  sayDecade,
  sayDigits,
  sayFraction,
  sayMoney,
  sayMonth,
  sayNumber,
  sayOrdinal,
  sayTime,
  sayYear,
} from './spoken-numbers.js';

/** A stretch of a shown text and the words that say it. */
export interface SpokenWord {
  /** Where it stands in the text that is shown. */
  readonly start: number;
  readonly end: number;
  /** What is said for it: one word, or some ("$3.50" → "three dollars fifty"); with spaces between them. */
  readonly spoken: string;
  /** The mark after it, at which the voice pauses; empty where it goes on. */
  readonly mark: string;
}

/** A shown text as it is to be heard. */
export interface Utterance {
  /** What the voice is given: words and the marks that make it pause. Empty where there is nothing to say. */
  readonly text: string;
  /** The stretches of the shown text that are said, in order; they do not touch. */
  readonly words: readonly SpokenWord[];
}

/** What a rule makes of the text at its place: words to say, a mark to pause at, or silence. */
type Heard = string | { readonly mark: string } | null;

interface Rule {
  /** Sticky: it matches where the reading has come to, or not at all. */
  readonly pattern: RegExp;
  /** `undefined`: it does not apply here after all. */
  hear(match: RegExpExecArray, before: string, after: string): Heard | undefined;
}

const rule = (pattern: RegExp, hear: Rule['hear']): Rule => ({
  pattern: new RegExp(pattern, `${pattern.flags}y`),
  hear,
});

const silence = (): null => null;
const pause = (mark: string) => (): Heard => ({ mark });

const number = '\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?|\\d+(?:\\.\\d+)?';
const month =
  '(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)';
const atLineStart = (before: string): boolean => /(?:^|\n)[\s>]*$/.test(before);

/** What a page can show and nobody says. */
const markup: readonly Rule[] = [
  rule(/```[\s\S]*?(?:```|$)/, silence),
  rule(/<!--[\s\S]*?-->|<\/?[a-z][a-z0-9]*(?:\s[^<>]*)?\/?>/i, silence),
  rule(/&nbsp;|&lt;|&gt;|&quot;/, silence),
  rule(/&amp;/, () => 'and'),
  // A line that draws a rule, or a table's.
  rule(/(?:[-*_=][ \t]*){3,}(?=\n|$)|\|?[ \t]*:?-{2,}:?[ \t]*\|[-:| \t]*(?=\n|$)/, (_, before) =>
    atLineStart(before) ? null : undefined,
  ),
  rule(/[ \t]*(?:#{1,6}\s|>|[-*+•]\s+(?:\[[ xX]\]\s)?|\d{1,2}[.)]\s+(?=\S))/, (_, before) =>
    atLineStart(before) ? null : undefined,
  ),
  rule(/!?\[(?=[^\]\n]*\]\([^)\n]*\))|\]\([^)\n]*\)|\[\^?\d+\]/, silence),
  rule(/\|/, pause(',')),
  // Faces made of marks, and pictures.
  rule(/(?:[:;=8]['’]?-?[()DPpOo3/\\|*]+|<3|\^_?\^)(?=\s|$|[.,!?])/, (_, before) =>
    /(?:^|\s)$/.test(before) ? null : undefined,
  ),
  rule(
    /[0-9#*]\ufe0f?\u20e3|[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}\u200d\ufe0f]+/u,
    silence,
  ),
];

/** "li.ming@mail.example.com" → "li dot ming at mail dot example dot com". */
function sayAddress(address: string): string {
  const names: Readonly<Record<string, string>> = { '.': 'dot', '@': 'at', '-': 'dash', _: 'underscore', '+': 'plus' };
  const parts = address.match(/\p{Letter}+|\d+|[.@_+-]/gu) ?? [];
  return parts
    .map((part, index) => {
      if (/\d/.test(part)) return part.length > 2 ? sayDigits(part) : sayNumber(part);
      const isCountry = part.length === 2 && parts[index - 1] === '.' && index >= parts.length - 1;
      return names[part] ?? (isCountry ? spelled(part) : part);
    })
    .join(' ');
}

/** Of a page's address the part that says whose it is: nobody listens to the rest. */
const addresses: readonly Rule[] = [
  rule(/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/, ([address]) => sayAddress(address)),
  rule(
    /<?https?:\/\/(?:www\.)?([^\s/?#<>)]*[^\s/?#<>).,;:!?])(?:[/?#][^\s<>)]*[^\s<>).,;:!?]|\/)?>?/,
    ([, host = '']) => (/^[\w-]+(?:\.[\w-]+)+$/.test(host) && host.length <= 40 ? sayAddress(host) : 'a link'),
  ),
  rule(
    /(?:www\.)?((?:[a-z0-9][a-z0-9-]*\.)+(?:com|org|net|edu|gov|io|ai|app|dev|info|cn|uk|hk|tw|au|ca|de|jp|eu))(?![\w-]|\.\w)(?:\/[^\s<>)]*[^\s<>).,;:!?]|\/)?/i,
    ([, host = '']) => sayAddress(host),
  ),
  rule(/@/, () => 'at'),
  rule(/#(?=\d)/, () => 'number'),
  rule(/#(?=\p{Letter})/u, () => 'hashtag'),
];

/** What makes the number behind it one that is read digit by digit. */
const namesNumber =
  /\b(?:call|dial|ring|phone|extension|ext\.|code|PIN|room|flight|password)\s+(?:number\s+|no\.\s+)?$/i;
const tellsYear =
  /\b(?:in|since|by|from|until|till|to|of|year|before|after|around|spring|summer|autumn|fall|winter|early|late|mid)[\s-]+$|\d{4}\s*[-–—]\s*$/i;
/** A number of things, not a year: "1999 people", "2050 steps". */
const countsThings = /^\s+(?:people|men|women|children|(?!was|is|has|as|this|plus|versus)[a-z]+s\b)/;

const scales: Readonly<Record<string, string>> = { k: 'thousand', m: 'million', b: 'billion', bn: 'billion' };
const sayScale = (written: string | undefined): string | null =>
  written === undefined ? null : (scales[written.trim().toLowerCase()] ?? written.trim().toLowerCase());

const phone =
  /\+\d{1,3}(?:[ -]?\(?\d{2,4}\)?){2,5}|\(\d{3}\) ?\d{3}[- ]\d{4}|\d{3}[-. ]\d{3}[-. ]\d{4}|\d{3}-\d{4}(?!-?\d)|1[3-9]\d[- ]?\d{4}[- ]?\d{4}|0\d{2,3}-\d{7,8}|\d{7,}/;

function sayPhone(written: string): string {
  return `${written.startsWith('+') ? 'plus ' : ''}${(written.match(/\d+/g) ?? []).map(sayDigits).join(', ')}`;
}

const numbers: readonly Rule[] = [
  // Chinese numbers, dates and prices belong to their sentence, which is left as it is.
  rule(/\d[\d.,:]*\s?(?=\p{Script=Han})/u, ([written]) => written.trim()),
  rule(
    /(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?![\d.])/,
    ([, year, m, day]) => sayDate(Number(m), Number(day), Number(year)) ?? undefined,
  ),
  rule(/(\d{1,2})\/(\d{1,2})\/(\d{4})(?!\d)/, ([, m, day, year]) =>
    Number(m) > 12
      ? (sayDate(Number(day), Number(m), Number(year)) ?? undefined)
      : (sayDate(Number(m), Number(day), Number(year)) ?? undefined),
  ),
  rule(
    new RegExp(`(${month})\\.? +(\\d{1,2})(?:st|nd|rd|th)?(?:,? +(\\d{4}))?(?![\\d:])`),
    ([, name = '', day, year]) =>
      sayDate(monthNumber(name) ?? 0, Number(day), year === undefined ? null : Number(year)) ?? undefined,
  ),
  rule(
    new RegExp(`(\\d{1,2})(?:st|nd|rd|th)?(?: of)? +(${month})\\b\\.?(?:,? +(\\d{4}))?(?!\\d)`),
    ([, day = '', name = '', year]) =>
      `${sayOrdinal(day)} of ${sayMonth(monthNumber(name) ?? 0) ?? ''}${year === undefined ? '' : ` ${sayYear(Number(year))}`}`,
  ),
  rule(phone, ([written], before, after) =>
    /^\.?\d/.test(after) || /[.\d]$/.test(before) ? undefined : sayPhone(written),
  ),
  rule(
    /(\d{1,2}):([0-5]\d)(?!\d|:)(?:\s*([apAP])(?:\.\s?[mM](?:\.(?!\s*$|\s+[A-Z]))?|[mM]\b))?/,
    ([, hour, minute, half]) =>
      Number(hour) > 24 ? undefined : sayTime(Number(hour), Number(minute), halfOfDay(half)),
  ),
  rule(/(\d{1,2})\s*([apAP])(?:\.\s?[mM](?:\.(?!\s*$|\s+[A-Z]))?|[mM]\b)/, ([, hour, half]) =>
    sayTime(Number(hour), 0, halfOfDay(half)),
  ),
  rule(
    new RegExp(
      `(US|A|HK|NT|C|)([$€£¥￥])(${number})(?:\\s?[-–—]\\s?[$€£¥￥]?(${number}))?(?:(\\s?(?:thousand|million|billion|trillion)|[kKMB]|bn)\\b)?`,
    ),
    ([, country = '', sign = '', amount = '', upTo, scale]) => {
      const where =
        { US: 'U-S ', A: 'Australian ', HK: 'Hong Kong ', NT: 'New Taiwan ', C: 'Canadian ' }[country] ?? '';
      const said = sayMoney(sign.replace('￥', '¥'), upTo ?? amount, sayScale(scale)).replace(
        'dollar',
        `${where}dollar`,
      );
      return upTo === undefined ? said : `${sayNumber(amount)} to ${said}`;
    },
  ),
  rule(
    new RegExp(`(${number})\\s?(?:°\\s?([CF])?|(℃)|(℉))(?![a-z])`),
    ([, value = '', letter, celsius, fahrenheit]) => {
      const scale =
        celsius !== undefined || letter === 'C'
          ? ' Celsius'
          : fahrenheit !== undefined || letter === 'F'
            ? ' Fahrenheit'
            : '';
      return `${sayNumber(value)} degree${value === '1' ? '' : 's'}${scale}`;
    },
  ),
  rule(/['’]?(\d{2}00|\d{3}0|[2-9]0)['’]?s\b/, ([, value = '']) => sayDecade(value)),
  rule(
    new RegExp(`(${number})(\\s?)([A-Za-z]+(?:/[a-z]+)?[²³]?|[ckm]?m2)(?![\\w/])`),
    ([, value = '', space, unit = '']) => {
      const scale = space === '' ? scales[unit.toLowerCase()] : undefined;
      // "5m" may be five million, but "5 m" and "5 km" are lengths.
      if (unit === 'K' && /^[48]$/.test(value)) return undefined;
      if (scale !== undefined && unit !== 'm') return `${sayNumber(value)} ${scale}`;
      const said = sayUnit(unit, value === '1');
      return said === null ? undefined : `${sayNumber(value)} ${said}`;
    },
  ),
  rule(/(\d{1,3}(?:,\d{3})+|\d+)(?:st|nd|rd|th)\b/i, ([, value = '']) => sayOrdinal(value)),
  rule(/24\/7\b/, () => 'twenty four seven'),
  rule(/(\d+)\s+(\d{1,2})\/(\d{1,3})(?![\d/])/, ([, whole = '', over, under]) =>
    isFraction(Number(over), Number(under))
      ? `${sayNumber(whole)} and ${mixed(Number(over), Number(under))}`
      : undefined,
  ),
  rule(/(\d{1,2})\/(\d{1,3})(?![\d/])/, ([, over, under]) =>
    isFraction(Number(over), Number(under)) ? sayFraction(Number(over), Number(under)) : undefined,
  ),
  rule(/(\d*)([½⅓⅔¼¾])/, ([, whole = '', sign = '']) => {
    const [over = 1, under = 2] = { '½': [1, 2], '⅓': [1, 3], '⅔': [2, 3], '¼': [1, 4], '¾': [3, 4] }[sign] ?? [];
    return whole === '' ? sayFraction(over, under) : `${sayNumber(whole)} and ${mixed(over, under)}`;
  }),
  rule(/(\d+)\s?[x×]\s?(?=\d)/, ([, value = '']) => `${sayNumber(value)} by`),
  rule(/(v?)(\d+(?:\.\d+){2,}|(?<=v)\d+\.\d+)/i, ([, v, parts = '']) => {
    const said = parts.split('.').map(sayNumber).join(' point ');
    return v === '' ? said : `version ${said}`;
  }),
  rule(/\d{4}(?!\d|,\d|\.\d)/, ([written], before, after) => {
    const year = Number(written);
    const inContext = year >= 1100 && year < 2100 && tellsYear.test(before);
    return (inContext || (year >= 1900 && year < 2100)) && !countsThings.test(after) ? sayYear(year) : undefined;
  }),
  rule(/\d{3,}(?![.,]?\d)/, ([written], before) => (namesNumber.test(before) ? sayDigits(written) : undefined)),
  rule(new RegExp(number), ([written]) => sayNumber(written)),
];

const halfOfDay = (letter: string | undefined): string | null =>
  letter === undefined ? null : `${letter.toUpperCase()}-M`;
const isFraction = (over: number, under: number): boolean =>
  over > 0 && over < under && (under <= 10 || under % 10 === 0);
const mixed = (over: number, under: number): string => sayFraction(over, under).replace(/^one (?=half|quarter)/, 'a ');

/** Signs that stand for words. */
const signs: readonly Rule[] = [
  rule(/[-–—~～]+/, ([sign], before, after) => {
    if (/^[~～]/.test(sign) && !/\d$/.test(before)) return /^\d/.test(after) ? 'about' : null;
    if (/[\d%°CF]\s?$/.test(before) && /^\s?[$€£¥]?\d/.test(after)) {
      const isSpaced = /\s$/.test(before);
      return isSpaced && sign === '-' && after.includes('=') ? 'minus' : 'to';
    }
    if (sign === '-' && /^[$€£¥]?\d/.test(after) && !/[\p{Letter}\p{Number}]$/u.test(before)) return 'minus';
    // Between words that belong together it is nothing, else a pause.
    return sign === '-' && /\S$/.test(before) ? null : { mark: ',' };
  }),
  rule(/−(?=\s?\d)/, () => 'minus'),
  rule(/%/, () => 'percent'),
  rule(/&/, () => 'and'),
  rule(/\+/, () => 'plus'),
  rule(/=+/, () => 'equals'),
  rule(/[×*](?=\s?\d)/, (_, before) => (/\d\s?$/.test(before) ? 'times' : undefined)),
  rule(/÷/, () => 'divided by'),
  rule(/±/, () => 'plus or minus'),
  rule(/≈/, () => 'about'),
  rule(/<=/, () => 'at most'),
  rule(/>=/, () => 'at least'),
  rule(/<(?=\s?\d)/, () => 'less than'),
  rule(/>(?=\s?\d)/, () => 'more than'),
  rule(/≤/, () => 'at most'),
  rule(/≥/, () => 'at least'),
  rule(/:(?=\d)/, (_, before) => (/\d$/.test(before) ? 'to' : undefined)),
  rule(/²/, () => 'squared'),
  rule(/³/, () => 'cubed'),
];

/** With hyphens, which voices take for one name: by itself "A" would be the article. */
const spelled = (letters: string): string => (letters.toUpperCase().match(/\p{Letter}/gu) ?? []).join('-');

const isCapitals = (letters: string): boolean => letters === letters.toUpperCase();

/** Whether capitals are named one by one. Others are a name that is read (NASA), or a word said with force (LOVE). */
function isSpelled(capitals: string): boolean {
  return capitals.length > 1 && (initialisms.has(capitals) || !/[AEIOUY]/.test(capitals));
}

const words: readonly Rule[] = [
  rule(/C\+\+/, () => 'C plus plus'),
  rule(/([CF])#(?!\w)/, ([, letter = '']) => `${letter} sharp`),
  rule(/w\/o\b/, () => 'without'),
  rule(/w\/(?=\s?\p{Letter})/u, () => 'with'),
  rule(/St\./, (_, before) => (/\p{Uppercase}\p{Letter}*\s$/u.test(before) ? 'Street' : 'Saint')),
  rule(/[Nn]o\.(?=\s?\d)/, () => 'number'),
  rule(new RegExp(`(${month})\\.`), ([, name = ''], _, after) =>
    name.length > 4 || (name === 'May' && !/^\s?\d/.test(after))
      ? undefined
      : (sayMonth(monthNumber(name) ?? 0) ?? undefined),
  ),
  // "U.S.", "Ph.D."; the letters of a name ("J. K.") are left to the voice.
  rule(
    /(\p{Letter}{1,2}(?:\.\p{Letter})+)(?:\.(?!\s*$))?(?!\p{Letter})/u,
    ([, letters = '']) =>
      abbreviations[letters.toLowerCase()] ??
      (/\p{Uppercase}/u.test(letters) ? spelled(letters.replaceAll('.', '')) : undefined),
  ),
  rule(/(\p{Letter}+)(\.)?(?![\p{Letter}\p{Number}'’])/u, ([, word = '', stop]) => {
    const short = word.toLowerCase();
    // "Wed" and "fri" are short for nothing, "Wed." is; "Fri" at the end of a sentence is the same day.
    if (stop === undefined ? !bareAbbreviations.has(short) : !Object.hasOwn(abbreviations, short)) return undefined;
    if (word === 'MS' || (word === 'mon' && stop !== undefined)) return undefined;
    return abbreviations[short];
  }),
  // "GPT-4o", "MP3", "B2": letters by name, numbers as such.
  rule(/(?=\p{Script=Latin}*\d)[\p{Script=Latin}\d]+/u, ([written]) =>
    (written.match(/\d+|\p{Letter}+/gu) ?? [])
      .map((part) =>
        /\d/.test(part) ? sayNumber(part) : part.length <= 3 && isCapitals(part) ? `${spelled(part)}-` : part,
      )
      .join(' ')
      .replaceAll(/- |-$/g, (end) => (end === '- ' ? '-' : '')),
  ),
  rule(
    /(\p{Uppercase}{2,})(['’]?s)?(?!['’]?[\p{Letter}\p{Number}])/u,
    ([, capitals = '', plural]) =>
      `${isSpelled(capitals) ? spelled(capitals) : capitals.toLowerCase()}${plural === undefined ? '' : "'s"}`,
  ),
  rule(/\p{Script=Han}+/u, ([han]) => han),
  rule(/(?:(?!\p{Script=Han})[\p{Letter}\p{Mark}])+(?:['’](?:(?!\p{Script=Han})[\p{Letter}\p{Mark}])+)*/u, ([word]) =>
    (/\p{Lowercase}/u.test(word) || word.length < 3 ? word : word.toLowerCase()).replaceAll('’', "'"),
  ),
  rule(/[\p{Letter}\p{Number}\p{Mark}]/u, ([letter]) => letter),
];

const marks: readonly Rule[] = [
  rule(/\.{2,}|…+/, pause(',')),
  rule(/[.!?]*\?[.!?]*/, pause('?')),
  rule(/!+/, pause('!')),
  rule(/[.,;:，。！？、；：]/, ([mark]) => ({ mark })),
  rule(/[()（）[\]{}•→]/, pause(',')),
  rule(/\n+/, (_, before) => (before.trim() === '' ? null : { mark: '.' })),
];

const rules: readonly Rule[] = [
  ...markup,
  ...addresses,
  ...numbers,
  ...words.slice(0, 4),
  ...signs,
  ...words.slice(4),
  ...marks,
];

/** When two marks meet, the weightier is kept. */
const weights = ',、，:：;；.。!！?？';

/**
 * What a learner should hear of a piece of a reply, and which of its words say which shown stretch. Markdown, links,
 * code and emoji are left out; numbers, dates, prices, units and short forms are read as an American would. Chinese
 * is left as it is: the voice skips what it cannot say.
 */
export function speakable(shown: string): Utterance {
  const heard: SpokenWord[] = [];
  let text = '';
  let mark = '';
  const flushMark = (): void => {
    const last = heard.at(-1);
    if (last && mark !== '') {
      text += mark;
      heard[heard.length - 1] = { ...last, mark };
    }
    mark = '';
  };
  for (let position = 0; position < shown.length;) {
    const { end, said } = readAt(shown, position);
    if (typeof said === 'string' && said !== '') {
      flushMark();
      text += text === '' ? said : ` ${said}`;
      const last = heard.at(-1);
      const spoken = said.replaceAll(',', '').replaceAll('-', ' ');
      if (last?.end === position) heard[heard.length - 1] = { ...last, end, spoken: `${last.spoken} ${spoken}` };
      else heard.push({ start: position, end, spoken, mark: '' });
    } else if (said !== null && typeof said !== 'string' && weights.indexOf(said.mark) >= weights.indexOf(mark)) {
      mark = said.mark;
    }
    position = end;
  }
  flushMark();
  return heard.length === 0 ? { text: '', words: [] } : { text, words: heard };
}

/** What the text says at a position, and where that ends. */
function readAt(shown: string, position: number): { readonly end: number; readonly said: Heard } {
  const before = shown.slice(0, position);
  for (const { pattern, hear } of rules) {
    pattern.lastIndex = position;
    const match = pattern.exec(shown);
    if (match === null || match[0] === '') continue;
    const end = position + match[0].length;
    const said = hear(match, before, shown.slice(end));
    if (said !== undefined) return { end, said };
  }
  // Spaces, quotes, and whatever else has no sound.
  return { end: position + (String.fromCodePoint(shown.codePointAt(position) ?? 0).length || 1), said: null };
}
