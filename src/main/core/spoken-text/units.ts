/** Units of measure, as they are read after a number. */

const metric: Readonly<Record<string, string>> = {
  m: 'meter',
  g: 'gram',
  l: 'liter',
  L: 'liter',
  W: 'watt',
  V: 'volt',
  Hz: 'hertz',
  B: 'byte',
  b: 'bit',
  A: 'ampere',
  J: 'joule',
  N: 'newton',
  Pa: 'pascal',
  Ω: 'ohm',
  cal: 'calorie',
};
const prefixes: Readonly<Record<string, string>> = {
  k: 'kilo',
  K: 'kilo',
  M: 'mega',
  G: 'giga',
  T: 'tera',
  c: 'centi',
  m: 'milli',
  μ: 'micro',
  µ: 'micro',
  n: 'nano',
};

const others: Readonly<Record<string, readonly [one: string, many: string]>> = {
  'km/h': ['kilometer per hour', 'kilometers per hour'],
  bps: ['bit per second', 'bits per second'],
  kbps: ['kilobit per second', 'kilobits per second'],
  Mbps: ['megabit per second', 'megabits per second'],
  Gbps: ['gigabit per second', 'gigabits per second'],
  kph: ['kilometer per hour', 'kilometers per hour'],
  mph: ['mile per hour', 'miles per hour'],
  'm/s': ['meter per second', 'meters per second'],
  kWh: ['kilowatt hour', 'kilowatt hours'],
  mAh: ['milliamp hour', 'milliamp hours'],
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
  rpm: ['revolution per minute', 'revolutions per minute'],
  bpm: ['beat per minute', 'beats per minute'],
  fps: ['frame per second', 'frames per second'],
  dB: ['decibel', 'decibels'],
  ha: ['hectare', 'hectares'],
  gal: ['gallon', 'gallons'],
  pt: ['pint', 'pints'],
  tsp: ['teaspoon', 'teaspoons'],
  tbsp: ['tablespoon', 'tablespoons'],
  wk: ['week', 'weeks'],
  wks: ['week', 'weeks'],
  mo: ['month', 'months'],
  sq: ['square', 'square'],
};

/** In capitals or small letters by habit alone: nothing else is written so. */
const insensitive = new Map(
  [
    'kg',
    'km',
    'cm',
    'mm',
    'ml',
    'mL',
    'mg',
    'km/h',
    'mph',
    'kph',
    'lb',
    'lbs',
    'oz',
    'Mbps',
    'Gbps',
    'kbps',
    'kWh',
    'Hz',
    'MHz',
    'GHz',
    'MB',
    'GB',
    'TB',
    'KB',
    'mAh',
    'kcal',
    'cal',
    'min',
    'mins',
    'hr',
    'hrs',
    'sec',
  ].map((unit) => [unit.toLowerCase(), unit]),
);

/** The words for a unit after a number: "km" → kilometers, "KG" → kilograms, "m²" → square meters. Null where it is none. */
export function sayUnit(written: string, isOne: boolean): string | null {
  return sayExactly(written, isOne) ?? sayExactly(insensitive.get(written.toLowerCase()) ?? '', isOne);
}

function sayExactly(written: string, isOne: boolean): string | null {
  const other = others[written];
  if (other) return other[isOne ? 0 : 1];
  const [, unit = '', power = ''] = /^([A-Za-zµμΩ]+)([²³23])?$/.exec(written) ?? [];
  const whole = metric[unit];
  const part = metric[unit.slice(1)];
  const prefix = prefixes[unit[0] ?? ''];
  const name = whole ?? (part === undefined || prefix === undefined ? null : prefix + part);
  if (name === null) return null;
  if (power !== '' && !unit.endsWith('m')) return null;
  const shape = power === '' ? '' : power === '³' || power === '3' ? 'cubic ' : 'square ';
  return `${shape}${isOne ? name : plural(name)}`;
}

const plural = (name: string): string =>
  name.endsWith('hertz') ? name : name.includes(' per ') ? name.replace(' per ', 's per ') : `${name}s`;
