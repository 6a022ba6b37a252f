import { abbreviations, signedAbbreviations } from './abbreviations.js';
import { addresses } from './addresses.js';
import { dates, dayRanges, years } from './dates.js';
import { foreignWords } from './foreign-words.js';
import { formulas } from './formulas.js';
import { fractions } from './fractions.js';
import { markup } from './markup.js';
import { measures } from './measures.js';
import { money } from './money.js';
import { cardinals, ordinals, plainNumbers } from './numbers.js';
import { roman } from './roman.js';
import { contextCharacters, type Rule, type Said } from './rule.js';
import { stageDirections } from './stage-directions.js';
import { symbols } from './symbols.js';
import { digitByDigit, telephone } from './telephone.js';
import { times } from './times.js';
import { marks, words } from './words.js';

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
 * The classes of what can be written (after Sproat and others, "Normalization of non-standard words", 2001), in the order
 * in which they are tried at each place: the more a class says of what it reads, the earlier it comes.
 */
const rules: readonly Rule[] = [
  ...formulas,
  ...stageDirections,
  ...markup,
  ...foreignWords,
  ...addresses,
  ...dates,
  ...dayRanges,
  ...times,
  ...ordinals,
  ...telephone,
  ...money,
  ...measures,
  ...fractions,
  ...cardinals,
  ...years,
  ...digitByDigit,
  ...plainNumbers,
  ...signedAbbreviations,
  ...symbols,
  ...roman,
  ...abbreviations,
  ...words,
  ...marks,
];

/** When two marks meet, the weightier is kept. */
const weights = ',、，:：;；.。!！?？';

/**
 * What a learner should hear of a piece of a reply, and which of its words say which shown stretch. Markdown, links,
 * code and emoji are left out; numbers, dates, prices, units and short forms are read as an American would. Chinese
 * becomes a pause: the voice is an English one.
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
function readAt(shown: string, position: number): { readonly end: number; readonly said: Said } {
  const start = Math.max(0, position - contextCharacters);
  // What is cut off may be anything but the start of a line.
  const before = `${start > 0 ? '\u0000' : ''}${shown.slice(start, position)}`;
  for (const { pattern, say } of rules) {
    pattern.lastIndex = position;
    const match = pattern.exec(shown);
    if (match === null || match[0] === '') continue;
    const end = position + match[0].length;
    const said = say(match, before, shown.slice(end, end + contextCharacters));
    if (said !== undefined) return { end, said };
  }
  // Spaces, quotes, and whatever else has no sound.
  return { end: position + (String.fromCodePoint(shown.codePointAt(position) ?? 0).length || 1), said: null };
}
