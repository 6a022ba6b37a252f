/** What short forms stand for when they are read aloud. */

/** Short forms that are written with a full stop, in small letters and without that last stop. */
export const abbreviations: Readonly<Record<string, string>> = {
  'e.g': 'for example',
  'i.e': 'that is',
  'a.k.a': 'also known as',
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
  corp: 'Corporation',
  apt: 'apartment',
  misc: 'miscellaneous',
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

/** Titles, of people and mountains: before a name only, since some are words as well. */
export const titles: Readonly<Record<string, string>> = {
  Mt: 'Mount',
  Sgt: 'Sergeant',
  Capt: 'Captain',
  Lt: 'Lieutenant',
  Col: 'Colonel',
  Gen: 'General',
  Gov: 'Governor',
  Sen: 'Senator',
  Rev: 'Reverend',
  Hon: 'Honorable',
  Pres: 'President',
  Ft: 'Fort',
  Fr: 'Father',
};

/** Those after which a sentence may end: "etc. They came" are two, "the U.S. Army" is one. */
export const endingAbbreviations = new Set(
  'etc jr sr inc ltd corp co ave rd blvd a.m p.m ph.d m.a b.a m.d u.s u.k e.u b.c a.d st'.split(' '),
);

/** Those that mean something also without the full stop. */
export const bareAbbreviations = new Set(['etc', 'vs', 'mr', 'mrs', 'ms', 'dr', 'approx']);

/** Capitals that are named letter by letter although they could be read as a word. Those without a vowel always are. */
export const initialisms = new Set(
  (
    'AI API APP ATM AM CEO CIA DIY EU EUR FAQ FBI ICU ID IELTS IOS IP IQ IT ITO KPI LA MBA NBA NYU OA OS PE PIN-CODE QA QR ROI ' +
    'SUV TOEIC UAE UI UK UN URL US USA USB UX VIP VOA ASAP BBC CAD EQ GDP GPA IRS IPO NGO OCR PIA RIP RSVP SOS UFO UPS'
  ).split(' '),
);
