/** What short forms stand for when they are read aloud. */

/** Short forms that are written with a full stop, in small letters and without that last stop. */
export const abbreviations: Readonly<Record<string, string>> = {
  'e.g': 'for example',
  'i.e': 'that is',
  etc: 'et cetera',
  vs: 'versus',
  mr: 'Mister',
  mrs: 'Missus',
  ms: 'Miss',
  dr: 'Doctor',
  prof: 'Professor',
  jr: 'Junior',
  sr: 'Senior',
  ave: 'Avenue',
  rd: 'Road',
  blvd: 'Boulevard',
  approx: 'approximately',
  dept: 'department',
  inc: 'Incorporated',
  ltd: 'Limited',
  'a.m': 'A-M',
  'p.m': 'P-M',
  'ph.d': 'P-H-D',
  mon: 'Monday',
  tue: 'Tuesday',
  tues: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  thurs: 'Thursday',
  fri: 'Friday',
};

/** Those that mean something also without the full stop. */
export const bareAbbreviations = new Set(['etc', 'vs', 'mr', 'mrs', 'ms', 'dr', 'approx']);

/** Capitals that are named letter by letter although they could be read as a word. Those without a vowel always are. */
export const initialisms = new Set(
  (
    'AI API APP ATM AM CEO CIA DIY EU EUR FAQ FBI ICU ID IELTS IOS IP IQ IT ITO KPI LA MBA NBA NYU OA OS PE PIN-CODE QA QR ROI ' +
    'SUV TOEIC UAE UI UK UN URL US USA USB UX VIP VOA ASAP BBC CAD EQ GDP GPA IRS IPO NGO OCR PIA RIP RSVP SOS UFO UPS'
  ).split(' '),
);

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
};

/** The words for a unit after a number: "km" → kilometers, "m²" → square meters. Null where it is none. */
export function sayUnit(written: string, isOne: boolean): string | null {
  const other = others[written];
  if (other) return other[isOne ? 0 : 1];
  const [, unit = '', power = ''] = /^([A-Za-z]+)([²³2])?$/.exec(written) ?? [];
  const name = metric[unit] ?? (prefixes[unit[0] ?? ''] ?? '') + (metric[unit.slice(1)] ?? ' ');
  if (name.endsWith(' ')) return null;
  if (power !== '' && !unit.endsWith('m')) return null;
  const shape = power === '' ? '' : power === '³' ? 'cubic ' : 'square ';
  return `${shape}${name}${isOne || name.endsWith('hertz') ? '' : 's'}`;
}
