import { expect, test } from 'vitest';
import { heardStretches, placedWords, wordAt } from './spoken-words.js';

const word = (text: string, startMs = 0, endMs = 0, probability: number | null = null) => ({
  text,
  startMs,
  endMs,
  probability,
});

test('words are found in order, each once', () => {
  const placed = placedWords(
    'A tea, a Tea and $3.50.',
    ['A', 'tea', 'a', 'and', '$3.50'].map((text) => word(text)),
  );
  expect(placed.map(({ start, end }) => [start, end])).toEqual([
    [0, 1],
    [2, 5],
    [7, 8],
    [13, 16],
    [17, 22],
  ]);
});

test('a word that is not in the text is left out, and the next are still found', () => {
  expect(placedWords('One two', [word(' One'), word('tow'), word(''), word('two')]).map(({ text }) => text)).toEqual([
    ' One',
    'two',
  ]);
});

test('the word that is said is the last that has begun, and none is in a pause', () => {
  const words = [word('One', 100, 400), word('two', 450, 700), word('three', 2000, 2300)];
  const said = [0, 100, 420, 450, 900, 1000, 2000, 9000].map((ms) => wordAt(words, ms)?.text ?? null);
  expect(said).toEqual([null, 'One', 'One', 'two', 'two', null, 'three', null]);
});

test('only what the machine was unsure of stands out', () => {
  const words = [word('I', 0, 0, 0.9), word('want', 0, 0, 0.49), word('tea', 0, 0, 0.5), word('now', 0, 0, 0.1)];
  expect(heardStretches('I want tea, now', words)).toEqual([
    { text: 'I ', unsure: false },
    { text: 'want', unsure: true },
    { text: ' tea, ', unsure: false },
    { text: 'now', unsure: true },
  ]);
  expect(heardStretches('I want', [word('I'), word('want')])).toEqual([{ text: 'I want', unsure: false }]);
});
