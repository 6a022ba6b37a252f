import { expect, test } from 'vitest';
import { cleanBaseUrl, isNearby } from '../../../shared/chat-address.js';
import { en } from '../../i18n/en.js';
import { zh } from '../../i18n/zh.js';
import { chatPresets, presetOf } from './chat-presets.js';

test.each(chatPresets)('$id is found again by its address, however that is pasted', (preset) => {
  const { baseUrl } = preset;
  expect(cleanBaseUrl(baseUrl)).toBe(baseUrl);
  for (const pasted of [baseUrl, `${baseUrl}/`, ` ${baseUrl}/chat/completions `, `“${baseUrl}”`])
    expect(presetOf(pasted)).toBe(preset);
});

test.each(chatPresets)(
  '$id names a model and where to get a key, or is on this machine',
  ({ baseUrl, model, keyPage }) => {
    expect(keyPage === null).toBe(isNearby(baseUrl));
    expect(model === '').toBe(keyPage === null);
    if (keyPage !== null) {
      // A page that is not served securely is not opened.
      expect(keyPage).toMatch(/^https:/);
      expect(baseUrl).toMatch(/^https:/);
    }
  },
);

test('each preset has a name of its own in both languages', () => {
  for (const { presets } of [zh.settings, en.settings]) {
    const names = chatPresets.map(({ id }) => presets[id]);
    expect(new Set(names).size).toBe(chatPresets.length);
    expect(names).toHaveLength(Object.keys(presets).length);
  }
});

test('any other address belongs to no preset', () => {
  for (const other of ['', 'https://api.example.com/v1', 'http://127.0.0.1:11435/v1', 'api.openai.com.evil.example/v1'])
    expect(presetOf(other)).toBeNull();
});
