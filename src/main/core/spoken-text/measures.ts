import { number, rule, type Rule } from './rule.js';
import { sayNumber, sayScale } from './say-number.js';

const metric: Readonly<Record<string, string>> = {
  m: 'meter',
  g: 'gram',
  l: 'liter',
  L: 'liter',
  W: 'watt',
  V: 'volt',
  Hz: 'hertz',
  B: 'byte',
};
const prefixes: Readonly<Record<string, string>> = {
  k: 'kilo',
  K: 'kilo',
  M: 'mega',
  G: 'giga',
  T: 'tera',
  c: 'centi',
  m: 'milli',
};

const others: Readonly<Record<string, readonly [one: string, many: string]>> = {
  'km/h': ['kilometer per hour', 'kilometers per hour'],
  kph: ['kilometer per hour', 'kilometers per hour'],
  mph: ['mile per hour', 'miles per hour'],
  'm/s': ['meter per second', 'meters per second'],
  kWh: ['kilowatt hour', 'kilowatt hours'],
  Mbps: ['megabit per second', 'megabits per second'],
  mAh: ['milliamp hour', 'milliamp hours'],
  kcal: ['kilocalorie', 'kilocalories'],
  ft: ['foot', 'feet'],
  mi: ['mile', 'miles'],
  yd: ['yard', 'yards'],
  lb: ['pound', 'pounds'],
  lbs: ['pound', 'pounds'],
  oz: ['ounce', 'ounces'],
  hr: ['hour', 'hours'],
  hrs: ['hour', 'hours'],
  h: ['hour', 'hours'],
  min: ['minute', 'minutes'],
  mins: ['minute', 'minutes'],
  sec: ['second', 'seconds'],
  secs: ['second', 'seconds'],
  s: ['second', 'seconds'],
  ms: ['millisecond', 'milliseconds'],
  yr: ['year', 'years'],
  yrs: ['year', 'years'],
  px: ['pixel', 'pixels'],
  d: ['day', 'days'],
  wk: ['week', 'weeks'],
  wks: ['week', 'weeks'],
  mo: ['month', 'months'],
  gal: ['gallon', 'gallons'],
  tbsp: ['tablespoon', 'tablespoons'],
  tsp: ['teaspoon', 'teaspoons'],
  dB: ['decibel', 'decibels'],
  rpm: ['revolution per minute', 'revolutions per minute'],
  bpm: ['beat per minute', 'beats per minute'],
  fps: ['frame per second', 'frames per second'],
  dpi: ['dot per inch', 'dots per inch'],
  psi: ['pound per square inch', 'pounds per square inch'],
  ppm: ['part per million', 'parts per million'],
  μm: ['micrometer', 'micrometers'],
  µm: ['micrometer', 'micrometers'],
  μg: ['microgram', 'micrograms'],
  µg: ['microgram', 'micrograms'],
  ha: ['hectare', 'hectares'],
  cal: ['calorie', 'calories'],
  mmHg: ['millimeter of mercury', 'millimeters of mercury'],
  mol: ['mole', 'moles'],
  N: ['newton', 'newtons'],
  J: ['joule', 'joules'],
  kJ: ['kilojoule', 'kilojoules'],
  Pa: ['pascal', 'pascals'],
  hPa: ['hectopascal', 'hectopascals'],
  kPa: ['kilopascal', 'kilopascals'],
  t: ['ton', 'tons'],
  in: ['inch', 'inches'],
  cc: ['cubic centimeter', 'cubic centimeters'],
};

/** "mbps", "Gbps" → a prefix of bits per second; "MB/s" → megabytes per second. */
const dataRate = /^([kKmMgGtT])(bps|Bps|bit\/s|b\/s|B\/s)$/;

/** The words for a unit after a number: "km" → kilometers, "m²" → square meters. Null where it is none. */
function sayUnit(written: string, isOne: boolean): string | null {
  const [, size, data] = dataRate.exec(written) ?? [];
  if (size !== undefined && data !== undefined) {
    const what = data.startsWith('B') ? 'byte' : 'bit';
    return `${prefixes[size.toUpperCase()] ?? ''}${what}${isOne ? '' : 's'} per second`;
  }
  const [, over, under] = /^([A-Za-z]+)\/([a-zA-Z]+)$/.exec(written) ?? [];
  if (!Object.hasOwn(others, written) && over !== undefined && under !== undefined) {
    const [one, per] = [sayUnit(over, isOne), sayUnit(under, true)];
    return one === null || per === null ? null : `${one} per ${per}`;
  }
  if (Object.hasOwn(others, written)) return others[written]?.[isOne ? 0 : 1] ?? null;
  const [, unit = '', power = ''] = /^([A-Za-z]+)\^?([²³23])?$/.exec(written) ?? [];
  if (power !== '' && !/(?:m|ft|mi|in|yd)$/.test(unit)) return null;
  const shape = power === '' ? '' : power === '³' || power === '3' ? 'cubic ' : 'square ';
  if (power !== '' && Object.hasOwn(others, unit)) return `${shape}${others[unit]?.[isOne ? 0 : 1] ?? ''}`;
  const base = Object.hasOwn(metric, unit) ? metric[unit] : undefined;
  const size2 = Object.hasOwn(prefixes, unit[0] ?? '') ? prefixes[unit[0] ?? ''] : undefined;
  const stem = Object.hasOwn(metric, unit.slice(1)) ? metric[unit.slice(1)] : undefined;
  const name = base ?? (size2 !== undefined && stem !== undefined ? size2 + stem : undefined);
  if (name !== undefined) return `${shape}${name}${isOne || name.endsWith('hertz') ? '' : 's'}`;
  // "12 KG", "5 KM", "3 Km": many write units as they like; an hour or a mile alone is too short to guess.
  const usual = {
    kg: 'kg',
    km: 'km',
    cm: 'cm',
    mm: 'mm',
    ml: 'ml',
    mg: 'mg',
    mb: 'MB',
    gb: 'GB',
    tb: 'TB',
    kb: 'KB',
    hz: 'Hz',
    kmh: 'km/h',
    mph: 'mph',
    khz: 'kHz',
    mhz: 'MHz',
    ghz: 'GHz',
  }[unit.toLowerCase()];
  return usual === undefined || usual === unit ? null : sayUnit(usual + power, isOne);
}

const unit = '([A-Za-zμµ]{1,5}(?:/[A-Za-z]{1,5})?\\^?[²³]?|(?:[ckm]?m|ft|km)[23])(?![A-Za-z0-9/_])';
const scale = '(?:\\s(hundred|thousand|million|billion|trillion)(?![A-Za-z]))?';

/** Letters that are a unit behind a number, and a word of the sentence behind a number and a space. */
const isWord = /^(?:in|a|I|s|m|t|d|min|mo|mi|cal|N|J|B|W|V|h|ha|l|g)$/;

/** Amounts with their units. */
export const measures: readonly Rule[] = [
  rule(
    new RegExp(`(${number})\\s?(?:°\\s?([CF])?|(℃)|(℉)|degrees? ([CF]))(?![a-zA-Z])`),
    ([, value = '', letter, celsius, fahrenheit, named]) => {
      const isC = celsius !== undefined || letter === 'C' || named === 'C';
      const isF = fahrenheit !== undefined || letter === 'F' || named === 'F';
      return `${sayNumber(value)} degree${value === '1' ? '' : 's'}${isC ? ' Celsius' : isF ? ' Fahrenheit' : ''}`;
    },
  ),
  // 5'8" and 5′8″.
  rule(
    /(\d)['’′]\s?(\d{1,2})(?:["”″]|['’]{2})/,
    ([, feet = '', inches = '']) =>
      `${sayNumber(feet)} ${feet === '1' ? 'foot' : 'feet'} ${sayNumber(inches)} inch${inches === '1' ? '' : 'es'}`,
  ),
  rule(
    new RegExp(`(${number})\\s?/\\s?(kg|g|km|hr|h|day|week|month|year|min|sec|mo|wk|yr|lb|oz|ml|cm|mi)(?![A-Za-z])`),
    ([, value = '', per = '']) => {
      const said = sayUnit(per, true) ?? per;
      return `${sayNumber(value)} per ${said}`;
    },
  ),
  // "5 ft. 8 in. tall": with full stops, where the sentence goes on.
  rule(
    new RegExp(`(${number}) (ft|in|oz|lbs?|yds?|mi|hrs?|mins?|secs?|gal|min|sec)\\.(?=\\s+[a-z0-9])`),
    ([, value = '', short = '']) =>
      `${sayNumber(value)} ${sayUnit(short.replace('yds', 'yd'), value === '1') ?? short}`,
  ),
  rule(new RegExp(`(${number})${scale}(\\s?)${unit}`), ([, value = '', scaled, space, written = ''], before, after) => {
    if (
      scaled === undefined &&
      space === '' &&
      written !== 'm' &&
      written !== 't' &&
      sayScale(written) !== written.toLowerCase()
    ) {
      // "4K" and "8K" are pictures.
      return /^[48]$/.test(value) && written === 'K' ? undefined : `${sayNumber(value)} ${sayScale(written) ?? ''}`;
    }
    if (
      space !== '' &&
      written !== 'in' &&
      isWord.test(written) &&
      !/^(?:m|l|g|h|W|V|N|J|min|mi|B|ha|cal)$/.test(written)
    )
      return undefined;
    if (
      written === 'in' &&
      !/(?:ft|feet|foot)\.? $/.test(before) &&
      !(space === '' && /^\s?(?:tall|wide|long|high|screen|$)/.test(after))
    )
      return undefined;
    const said = sayUnit(written, value === '1' && scaled === undefined);
    return said === null ? undefined : `${sayNumber(value)}${scaled === undefined ? '' : ` ${scaled}`} ${said}`;
  }),
];
