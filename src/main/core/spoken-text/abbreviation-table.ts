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
  mt: 'Mount',
  sgt: 'Sergeant',
  capt: 'Captain',
  lt: 'Lieutenant',
  col: 'Colonel',
  gen: 'General',
  rev: 'Reverend',
  hon: 'Honorable',
  gov: 'Governor',
  sen: 'Senator',
  rep: 'Representative',
  fig: 'figure',
  figs: 'figures',
  eq: 'equation',
  vol: 'volume',
  ch: 'chapter',
  sec: 'section',
  pp: 'pages',
  est: 'established',
  corp: 'Corporation',
  co: 'Company',
  tel: 'telephone',
  ext: 'extension',
  apt: 'apartment',
  hwy: 'Highway',
  min: 'minimum',
  max: 'maximum',
  temp: 'temperature',
};

/** Those that are words as well where no full stop or number follows. */
export const onlyBeforeNumber = new Set(['fig', 'figs', 'eq', 'vol', 'ch', 'sec', 'pp', 'ext', 'apt', 'est']);

/** Titles and the like: a name follows, so that they never end a sentence. */
export const titles = new Set(
  'mr mrs ms dr prof st mt sgt capt lt col gen rev hon gov sen rep fig figs eq vol pp vs e.g i.e approx'.split(' '),
);

/** Those that mean something also without the full stop. */
export const bareAbbreviations = new Set(['etc', 'vs', 'mr', 'mrs', 'ms', 'dr', 'approx']);

/** Capitals that are named letter by letter although they could be read as a word. Those without a vowel always are. */
export const initialisms = new Set(
  (
    'AC DC AI API APP ATM AM CEO CIA DIY EU EUR FAQ FBI ICU ID IELTS IOS IP IQ IT ITO KPI LA MBA NBA NYU OA OS PE PIN-CODE QA QR ROI ' +
    'SUV TOEIC UAE UI UK UN URL US USA USB UX VIP VOA ASAP BBC CAD EQ GDP GPA IRS IPO NGO OCR PIA RIP RSVP SOS UFO UPS'
  ).split(' '),
);
