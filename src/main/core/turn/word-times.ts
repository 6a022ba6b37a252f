import type { ClipWord } from '../../../shared/contract/turn.js';
import { samplesToMs } from '../../../shared/audio-format.js';
import type { Sound } from '../speech/voice.js';
import { speakable, type SpokenWord } from '../spoken-text/speakable.js';

/** A stretch of sound and the words that are said in it, all of them and no others. */
export interface SaidStretch {
  /** In order. */
  readonly words: readonly SaidWord[];
  readonly durationMs: number;
  /** Where in it something is heard: first where it begins, then each silence between, then where it ends. */
  readonly audible: Audible;
}

export interface SaidWord extends Pick<SpokenWord, 'spoken' | 'mark'> {
  /** As it is shown. */
  readonly text: string;
}

export interface Audible {
  readonly startMs: number;
  readonly endMs: number;
  /** Silences between the two that are long enough to be pauses. */
  readonly pauses: readonly { readonly startMs: number; readonly endMs: number }[];
}

/** Quieter than this share of the loudest is silence. */
const silenceShare = 0.02;
const frameMs = 10;
/** Stops within a word ("ap-ple") are shorter than a pause. */
const shortestPauseMs = 130;

/** Where a sound is audible, to 10 ms. */
export function audibleOf({ samples, sampleRateHz }: Sound): Audible {
  const perFrame = Math.round((sampleRateHz * frameMs) / 1000);
  const levels = Array.from({ length: Math.ceil(samples.length / perFrame) }, (_, frame) =>
    samples
      .subarray(frame * perFrame, (frame + 1) * perFrame)
      .reduce((most, each) => Math.max(most, Math.abs(each)), 0),
  );
  const threshold = silenceShare * Math.max(...levels, 0);
  const loud = levels.flatMap((level, frame) => (level > threshold ? [frame] : []));
  const [first] = loud;
  const durationMs = samplesToMs(samples.length, sampleRateHz);
  if (first === undefined) return { startMs: 0, endMs: durationMs, pauses: [] };
  const pauses = loud.flatMap((frame, index) => {
    const before = loud[index - 1] ?? frame;
    const pause = { startMs: (before + 1) * frameMs, endMs: frame * frameMs };
    return pause.endMs - pause.startMs >= shortestPauseMs ? [pause] : [];
  });
  return { startMs: first * frameMs, endMs: Math.min(durationMs, ((loud.at(-1) ?? first) + 1) * frameMs), pauses };
}

/** One word that is said, out of those that say a shown one. */
interface Unit {
  readonly key: string;
  /** The shown word it belongs to. */
  readonly index: number;
  /** How long it takes beside others. */
  readonly weight: number;
  readonly pauseAfter: number;
}

/** A moment at which it is known how far the speaking has come. */
interface Anchor {
  /** How much of all weight has been said. */
  readonly at: number;
  readonly ms: number;
}

/**
 * A recogniser's times are off by more than this for one word in twenty (the demo pair on its phrases: median 140 ms,
 * 95 % below 390 ms), where time shared out by length is off by less (80 and 240 ms there, 50 and 155 ms in espeak-ng's
 * connected speech). So what it heard only corrects an estimate that has gone further astray.
 */
const recogniserErrorMs = 400;

/** Times of a recogniser that heard less of the words than this are those of something else. */
const trustedShare = 0.6;

/**
 * When each word of a stretch is said, in ms from its beginning. The words themselves are known; `heard` is what a
 * recogniser made of the sound. Between what is known (the ends of the sound, its pauses, words that were heard
 * elsewhere than was thought) time is shared out by the length of the words.
 */
export function timeWords(stretch: SaidStretch, heard: readonly ClipWord[] = []): readonly ClipWord[] {
  const units = unitsOf(stretch.words);
  const starts: number[] = [];
  let total = 0;
  for (const { weight, pauseAfter } of units) {
    starts.push(total);
    total += weight + pauseAfter;
  }
  // What follows the last word is not in the sound's audible part.
  total -= units.at(-1)?.pauseAfter ?? 0;
  const { startMs, endMs } = stretch.audible;
  const estimate = inOrder([{ at: 0, ms: startMs }, ...pauseAnchors(stretch, units, starts), { at: total, ms: endMs }]);
  const anchors = heardAnchors(units, starts, heard).reduce(corrected, estimate);
  const msAt = (at: number): number => Math.round(interpolated(anchors, at));
  return stretch.words.map(({ text }, index) => {
    const first = units.findIndex((unit) => unit.index === index);
    const last = units.findLastIndex((unit) => unit.index === index);
    return {
      text,
      startMs: msAt(starts[first] ?? 0),
      endMs: msAt((starts[last] ?? 0) + (units[last]?.weight ?? 0)),
      probability: null,
    };
  });
}

/** The times of the words of stretches that are played one after the other. */
export function timeStretches(
  stretches: readonly SaidStretch[],
  heard: readonly (readonly ClipWord[])[] = [],
): readonly ClipWord[] {
  let offsetMs = 0;
  return stretches.flatMap((stretch, index) => {
    const words = timeWords(stretch, heard[index]).map((word) => ({
      ...word,
      startMs: offsetMs + word.startMs,
      endMs: offsetMs + word.endMs,
    }));
    offsetMs += stretch.durationMs;
    return words;
  });
}

const keyOf = (word: string): string => word.toLowerCase().replaceAll(/[^\p{Letter}\p{Number}]/gu, '');

/** How long the pause at a mark is, in letters. */
const pauseWeight = (mark: string): number => (mark === '' ? 0 : /[,，、]/u.test(mark) ? 3 : 6);

/** Words that are said in passing. */
const lightWords = new Set(
  (
    'a an the to of in on at for from by with and or but as if so than am is are was were be been do does did has have ' +
    'had can could will would shall should may might must i you he she it we they me him her us them my your his its our ' +
    'their this that there not what when where who how'
  ).split(' '),
);
const lightShare = 0.75;

/** The last word before a pause is drawn out. */
const drawnOut = 1.2;

function unitsOf(words: readonly SaidWord[]): readonly Unit[] {
  return words.flatMap(({ spoken, mark }, index) => {
    const parts = spoken.split(' ').filter((part) => part !== '');
    return parts.map((part, place) => {
      const key = keyOf(part);
      const isLast = place === parts.length - 1;
      // A letter that is named takes as long as a short word; a Chinese character is a syllable.
      const letters = 2 + Math.max(2, part.length) + (part.match(/\p{Script=Han}/gu)?.length ?? 0) * 2;
      const pauses = isLast && (mark !== '' || index === words.length - 1);
      return {
        key,
        index,
        weight: letters * (lightWords.has(key) ? lightShare : 1) * (pauses ? drawnOut : 1),
        pauseAfter: isLast ? pauseWeight(mark) : 0,
      };
    });
  });
}

/** The pauses that are heard are those at the marks, where there are as many. */
function pauseAnchors({ audible }: SaidStretch, units: readonly Unit[], starts: readonly number[]): readonly Anchor[] {
  const marked = units.flatMap((unit, index) => (unit.pauseAfter > 0 && index < units.length - 1 ? [index] : []));
  if (marked.length !== audible.pauses.length) return [];
  return audible.pauses.flatMap(({ startMs, endMs }, pause) => {
    const index = marked[pause] ?? 0;
    return [
      { at: (starts[index] ?? 0) + (units[index]?.weight ?? 0), ms: startMs },
      { at: starts[index + 1] ?? 0, ms: endMs },
    ];
  });
}

/** With the time at which a word was heard, if it is not about where it was thought to be. */
function corrected(anchors: readonly Anchor[], heard: Anchor): readonly Anchor[] {
  if (Math.abs(interpolated(anchors, heard.at) - heard.ms) <= recogniserErrorMs) return anchors;
  return inOrder([...anchors.slice(0, -1), heard, ...anchors.slice(-1)]);
}

/** Where the words begin that were heard as they were said, if most were. */
function heardAnchors(
  units: readonly Unit[],
  starts: readonly number[],
  heard: readonly ClipWord[],
): readonly Anchor[] {
  // "$3.50" is heard by one who was told "three dollars fifty": only its first word has a time then.
  const heardUnits = heard.flatMap(({ text, startMs }) =>
    speakable(text)
      .words.flatMap(({ spoken }) => spoken.split(' '))
      .map((part, place) => ({ key: keyOf(part), ms: place === 0 ? startMs : null })),
  );
  const common = commonWords(
    units.map(({ key }) => key),
    heardUnits.map(({ key }) => key),
  );
  if (common.length < trustedShare * units.length) return [];
  return common.flatMap(([unit, other]) => {
    const ms = heardUnits[other]?.ms ?? null;
    return ms === null ? [] : [{ at: starts[unit] ?? 0, ms }];
  });
}

/** The longest run of words that two lists have in common, in order though not side by side: pairs of their places. */
export function commonWords(one: readonly string[], other: readonly string[]): readonly (readonly [number, number])[] {
  // lengths[i][j]: of the longest run in what follows place i of the one and place j of the other.
  const lengths = Array.from({ length: one.length + 1 }, () => new Uint16Array(other.length + 1));
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = one.length - 1; i >= 0; i -= 1) {
    const row = lengths[i];
    if (!row) continue;
    for (let j = other.length - 1; j >= 0; j -= 1) {
      row[j] = one[i] === other[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const pairs: (readonly [number, number])[] = [];
  for (let i = 0, j = 0; i < one.length && j < other.length;) {
    if (one[i] === other[j]) pairs.push([i++, j++]);
    else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
  return pairs;
}

/** Time goes forward: anchors that contradict one before them, or the end, are left out. The first and the last stay. */
function inOrder(anchors: readonly Anchor[]): readonly Anchor[] {
  const first = anchors[0];
  const last = anchors.at(-1);
  if (!first || !last) return [];
  const kept = [first];
  for (const anchor of anchors.slice(1, -1).toSorted((one, other) => one.at - other.at)) {
    const before = kept.at(-1) ?? first;
    if (anchor.at > before.at && anchor.ms > before.ms && anchor.at < last.at && anchor.ms < last.ms) kept.push(anchor);
  }
  return [...kept, last];
}

function interpolated(anchors: readonly Anchor[], at: number): number {
  const next = anchors.findIndex((anchor) => anchor.at >= at);
  const to = anchors[next] ?? anchors.at(-1);
  const from = anchors[next - 1] ?? to;
  if (!to || !from || to.at === from.at) return to?.ms ?? 0;
  return from.ms + ((at - from.at) / (to.at - from.at)) * (to.ms - from.ms);
}
