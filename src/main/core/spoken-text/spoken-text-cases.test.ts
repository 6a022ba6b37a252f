import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSentenceSplitter } from './sentence-splitter.js';
import { speakable } from './speakable.js';

const read = (name: string) => readFileSync(join(import.meta.dirname, 'cases', name), 'utf8');

/** What two readings have in common whose words are the same: neither case nor marks. */
const bare = (said: string): string =>
  said
    .toLowerCase()
    .replaceAll('-', ' ')
    .replaceAll(/[^a-z0-9 ]/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();

describe('texts that were said wrong', () => {
  const cases = JSON.parse(read('spoken-text.json')) as readonly { readonly text: string; readonly said: string }[];
  it.each(cases.filter(({ said }) => !said.startsWith('the Chinese')))('$text', ({ text, said }) => {
    expect(bare(speakable(text).text)).toBe(bare(said));
  });
});

/** Readings of NeMo that are not ours, each with its reason. */
const ordinalSlip = 'a slip of the pen: the ordinal that was meant is said';
const cents = 'everyday English leaves the cents out after dollars: "twenty dollars fifty"';
const per = 'people say "a month", and NeMo "per month"';
const deviations: Readonly<Record<string, string>> = {
  '13000': 'a number is a number also without its comma',
  '11/17/05': 'two digits of a year mean this century',
  '$20.50': cents,
  '$20.500': cents,
  '$20.5': cents,
  '$1,925.21': cents,
  '£10/wk sounds good to us.': per,
  '$350/yr is the fee.': per,
  '$1/d is the new subscription cost.': per,
  '$20/mo is what we are currently charging.': per,
  '¥30B': 'whoever learns here counts in yuan',
  '¥30b': 'whoever learns here counts in yuan',
  '21th': ordinalSlip,
  '13rd': ordinalSlip,
  '3th': ordinalSlip,
  '2th': ordinalSlip,
  '1th': ordinalSlip,
  '978-0': 'between numbers a dash means "to"',
  'from 2-10': 'between numbers a dash means "to"',
  'Sam II': 'a name that no ruler had is numbered like a film',
};

describe('how NVIDIA NeMo reads English', () => {
  const [, ...lines] = read('nemo-english.tsv').trim().split('\n');
  const tight = (said: string) =>
    said
      .toLowerCase()
      .replaceAll(/\band\b/g, '')
      .replaceAll(/[^a-z0-9 ]/g, '')
      .replaceAll(/\s+/g, ' ')
      .trim();
  it.each(lines.map((line) => line.split('\t')))('%s: %s', (_class, text = '', said = '') => {
    const ours = tight(speakable(text).text);
    const theirs = said.split('~').map(tight);
    if (Object.hasOwn(deviations, text)) expect(theirs).not.toContain(ours);
    else expect(theirs).toContain(ours);
  });
});

describe('where a reply may be cut', () => {
  const cases = JSON.parse(read('sentence-cuts.json')) as readonly {
    readonly text: string;
    readonly never: readonly string[];
    readonly stopBefore: readonly string[];
  }[];
  it.each(cases)('$text', ({ text, never, stopBefore }) => {
    for (const size of [1, 3, text.length]) {
      const splitter = createSentenceSplitter();
      const deltas = text.match(new RegExp(`[\\s\\S]{1,${String(size)}}`, 'g')) ?? [];
      const pieces = [...deltas.flatMap((delta) => splitter.push(delta)), ...splitter.flush()].map((piece) =>
        piece.trim(),
      );
      for (const end of never) expect(pieces.slice(0, -1).filter((piece) => piece.endsWith(end))).toEqual([]);
      for (const start of stopBefore) expect(pieces.some((piece) => piece.startsWith(start))).toBe(true);
    }
  });
});
