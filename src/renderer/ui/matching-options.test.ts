import { expect, test } from 'vitest';
import { matchingOptions } from './matching-options.js';

const options = ['Qwen/Qwen3-8B', 'deepseek-ai/DeepSeek-V3.2', 'Qwen/QwQ-32B'];

test('what was typed is looked for anywhere, whatever its case, word by word', () => {
  expect(matchingOptions(options, '')).toEqual(options);
  expect(matchingOptions(options, ' ')).toEqual(options);
  expect(matchingOptions(options, 'QWEN')).toEqual(['Qwen/Qwen3-8B', 'Qwen/QwQ-32B']);
  expect(matchingOptions(options, '8b qwen')).toEqual(['Qwen/Qwen3-8B']);
  expect(matchingOptions(options, 'v3.2')).toEqual(['deepseek-ai/DeepSeek-V3.2']);
  expect(matchingOptions(options, 'gpt')).toEqual([]);
});

test('a list of thousands is not shown whole', () => {
  const many = Array.from({ length: 5000 }, (_, index) => `m${String(index)}`);
  expect(matchingOptions(many, '')).toHaveLength(200);
});
