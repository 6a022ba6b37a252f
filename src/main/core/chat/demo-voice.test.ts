import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { scenes } from './scenes.js';
import { scripts } from './script-player.js';
import { lines } from './scripts/partner-lines.js';
import { glossary, patterns, phrasebookLines } from './scripts/phrasebook-entries.js';
import { sharedAsides } from './scripts/shared-asides.js';

const demo = new URL('../../../../resources/demo/', import.meta.url);

function spokenLines(): readonly string[] {
  const fromScripts = Object.values(scripts).flatMap((script) => [
    ...script.asides.flatMap(({ replies }) => replies),
    ...Object.values(script.nodes).flatMap((node) => [
      node.say,
      node.ask,
      node.simpler,
      node.open ?? '',
      ...node.answers.map(({ reply }) => reply),
      ...node.suggestions.map(({ english }) => english),
    ]),
  ]);
  return [
    ...scenes.map(({ opening }) => opening),
    ...fromScripts,
    ...sharedAsides.flatMap(({ replies }) => replies),
    ...Object.values(lines).flat(),
    ...phrasebookLines.map(([english]) => english),
    ...Object.values(glossary),
    // 'X' is the gap, which the learner's own words fill.
    ...patterns.map(({ english }) => english.replace('X', '')),
  ];
}

const wordsOf = (text: string): readonly string[] => text.toLowerCase().match(/[a-z']+/g) ?? [];

const spokenWords = [...new Set(spokenLines().flatMap(wordsOf))].sort();

describe('the demo voice', () => {
  // `vitest -u` rewrites the list; then build the voice again, see resources/demo/build/README.md.
  it('is built from the words that the partner can say', async () => {
    const file = fileURLToPath(new URL('build/words.txt', demo));
    await expect(`${spokenWords.join('\n')}\n`).toMatchFileSnapshot(file);
  });

  it('is only given letters and marks that it can read', () => {
    expect(spokenLines().filter((text) => !/^[A-Za-z ,.?!:']*$/.test(text))).toEqual([]);
  });
});
