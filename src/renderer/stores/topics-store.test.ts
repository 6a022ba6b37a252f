import { expect, test } from 'vitest';
import { sampleTopic } from './sample-views.js';
import { withTopic } from './topics-store.js';

test('topics are in the order of their last use, each once', () => {
  const two = [sampleTopic('a', 1), sampleTopic('b', 3)].reduce(withTopic, []);
  expect(two.map(({ id }) => id)).toEqual(['b', 'a']);
  expect(withTopic(two, sampleTopic('a', 5)).map(({ id }) => id)).toEqual(['a', 'b']);
  expect(withTopic(two, sampleTopic('c', 2)).map(({ id }) => id)).toEqual(['b', 'c', 'a']);
});
