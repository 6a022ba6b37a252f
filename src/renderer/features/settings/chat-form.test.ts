import { expect, test } from 'vitest';
import { sampleSnapshot } from '../../stores/sample-views.js';
import { chatPatch, isBaseUrl } from './chat-form.js';

test('an address is none, or a whole one', () => {
  for (const good of ['', 'https://api.example.com/v1', 'api.example.com/v1', 'http://127.0.0.1:11434/v1'])
    expect(isBaseUrl(good)).toBe(true);
  for (const bad of ['ftp://x', 'https://', 'javascript:alert(1)', 'a b']) {
    expect(isBaseUrl(bad), bad).toBe(false);
  }
});

test('only what has changed is saved', () => {
  const { settings } = sampleSnapshot([]);
  expect(chatPatch(settings, { baseUrl: ' ', model: '' })).toEqual({});
  expect(chatPatch(settings, { baseUrl: 'https://a.b ', model: '' })).toEqual({ chatBaseUrl: 'https://a.b' });
});
