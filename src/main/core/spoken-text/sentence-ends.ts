import { abbreviations, onlyBeforeNumber, titles } from './abbreviation-table.js';
import { monthNumber } from './dates.js';

/** Words that begin a sentence behind a short form, where a name would go on with it: "the U.S. It is", "U.S. Army". */
const beginners = new Set(
  (
    'he she it they we i you the this that these those there then now so but and or if when what where who why how a an ' +
    'my your his her our their let yes no please after before in on at for to do does did is are was were can could would ' +
    'will have has may thanks thank ok okay well oh also however because although maybe perhaps next later first finally ' +
    "today tomorrow yesterday it's i'm you're we're they're that's here's there's let's don't i've some many most all both"
  ).split(' '),
);

/** Units, which are short forms behind a number only. */
const units = new Set('ft in oz lb lbs hr hrs min mins sec secs yd yds mi gal mph tbsp tsp'.split(' '));

/** The days' short forms are words as well: "We wed." */
const days = /^(?:mon|tues?|wed|thu|thurs|fri)$/;

/** `null`: what comes next will tell. */
type Verdict = boolean | null;

/**
 * Whether a full stop between the two ends no sentence.
 * @param before What stands before the full stop.
 * @param after What stands behind it and its space, as far as it has come.
 */
export function goesOn(before: string, after: string): Verdict {
  // The number of an item of a list.
  if (/(?:^|\n)\s*\d{1,2}$/.test(before)) return true;
  const written = /(?:^|[^\p{Letter}.])(\p{Letter}[\p{Letter}.]{0,20})$/u.exec(before)?.[1];
  if (written === undefined) return false;
  const word = written.toLowerCase();
  if (titles.has(word) && !onlyBeforeNumber.has(word)) return true;
  if (word === 'no' || onlyBeforeNumber.has(word)) return after === '' ? null : /^\d/.test(after);
  if (units.has(word) && /\d\s?\p{Letter}+$/u.test(before)) return nextIsSmall(after);
  const isShort = word === 'p' || isInitials(word) || isShortForm(word);
  if (!isShort) return false;
  if (word === 'etc') return nextIsSmall(after);
  return nextIsName(after);
}

const isInitials = (word: string): boolean => /^(?:[a-hj-z]|(?:\p{Letter}{1,2}\.)+\p{Letter})$/u.test(word);

const isShortForm = (word: string): boolean =>
  (Object.hasOwn(abbreviations, word) && !days.test(word) && !/^(?:min|max|temp|sec|ch|est|eq|col|co)$/.test(word)) ||
  (word !== 'may' && word.length <= 4 && monthNumber(word) !== null && !/^(?:june|july|march|april)$/.test(word)) ||
  word === 'co';

/** A small letter or a number: the sentence goes on. */
function nextIsSmall(after: string): Verdict {
  return after === '' ? null : /^[\p{Lowercase}\d,;:)]/u.test(after);
}

/** Anything but a word that begins sentences. */
function nextIsName(after: string): Verdict {
  if (after === '') return null;
  if (!/^["'“‘(]?\p{Uppercase}/u.test(after)) return !/^["“‘]/.test(after);
  const [, word = '', end] = /^["'“‘(]?(\p{Letter}+(?:['’]\p{Letter}+)?)([^\p{Letter}'’])?/u.exec(after) ?? [];
  return end === undefined ? null : !beginners.has(word.toLowerCase().replace('’', "'"));
}
