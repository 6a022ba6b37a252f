import { shortForms } from './abbreviations.js';
import { addresses } from './addresses.js';
import { dates } from './dates.js';
import { fencesOf } from './fences.js';
import { foreign } from './foreign.js';
import { formulas } from './formulas.js';
import { fractions } from './fractions.js';
import { marks } from './marks.js';
import { markup } from './markup.js';
import { measures } from './measures.js';
import { money } from './money.js';
import { numerals } from './numerals.js';
import { toOrdinary } from './ordinary-letters.js';
import { romans } from './romans.js';
import type { Heard, Rule } from './rule.js';
import { stageDirections } from './stage-directions.js';
import { namesWithSigns, symbols } from './symbols.js';
import { telephones } from './telephones.js';
import { times } from './times.js';
import { words } from './words.js';

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

/**
 * The first rule that applies is taken: what is no words before what is, what has more signs before what has fewer
 * ("2026-11-22" before "2026", "$3.50" before "3.50"), any number before the signs around it.
 */
const rules: readonly Rule[] = [
  ...stageDirections,
  ...addresses,
  ...formulas,
  ...markup,
  ...money,
  ...dates,
  ...telephones,
  ...times,
  ...fractions,
  ...measures,
  ...numerals,
  ...namesWithSigns,
  ...symbols,
  ...romans,
  ...shortForms,
  ...words,
  ...foreign,
  ...marks,
];

/** How far a rule sees, in characters: so the work grows with the text and no faster. */
const seenBefore = 64;
const seenAfter = 640;

/** When two marks meet, the weightier is kept. */
const weights = ',:;.!?';

/**
 * What a learner should hear of a piece of a reply, and which of its words say which shown stretch. Markdown, links,
 * code, emoji and stage directions are left out; numbers, dates, prices, units and short forms are read as an American
 * would. The voice speaks English: for words in other writing it pauses.
 */
export function speakable(shown: string): Utterance {
  const { text: written, origin } = toOrdinary(shown);
  const code = fencesOf(written).filter(({ isCode }) => isCode);
  const heard: SpokenWord[] = [];
  const said: string[] = [];
  let mark = '';
  const flushMark = (): void => {
    const last = heard.at(-1);
    if (last && mark !== '') {
      said.push(mark);
      heard[heard.length - 1] = { ...last, mark };
    }
    mark = '';
  };
  let lastEnd = -1;
  for (let position = 0; position < written.length;) {
    const fence = code[0];
    if (fence && position >= fence.start) {
      // Code is left out with a pause.
      if (mark === '') mark = ',';
      position = Math.max(position, fence.end);
      code.shift();
      continue;
    }
    const { end, heard: what } = readAt(written, position);
    if (typeof what === 'string' && what !== '') {
      flushMark();
      said.push(said.length === 0 ? what : ` ${what}`);
      const spoken = what.replaceAll(',', '').replaceAll('-', ' ');
      const last = heard.at(-1);
      const shownStart = origin[position]?.start ?? 0;
      const shownEnd = origin[end - 1]?.end ?? shown.length;
      if (last && (lastEnd === position || shownStart < last.end))
        heard[heard.length - 1] = { ...last, end: shownEnd, spoken: `${last.spoken} ${spoken}` };
      else heard.push({ start: shownStart, end: shownEnd, spoken, mark: '' });
      lastEnd = end;
    } else if (what !== null && typeof what !== 'string' && weights.indexOf(what.mark) >= weights.indexOf(mark)) {
      mark = what.mark;
    }
    position = end;
  }
  flushMark();
  return { text: said.join(''), words: heard };
}

/** What the text says at a position, and where that ends. */
function readAt(written: string, position: number): { readonly end: number; readonly heard: Heard } {
  const from = Math.max(0, position - seenBefore);
  const seen = written.slice(from, position + seenAfter);
  const before = written.slice(from, position);
  for (const { pattern, hear } of rules) {
    pattern.lastIndex = position - from;
    const match = pattern.exec(seen);
    if (match === null || match[0] === '') continue;
    const what = hear(match, before, seen.slice(before.length + match[0].length));
    if (what !== undefined) return { end: position + match[0].length, heard: what };
  }
  // Spaces, quotes, and whatever else has no sound.
  return { end: position + String.fromCodePoint(written.codePointAt(position) ?? 0).length, heard: null };
}
