import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanBaseUrl, cleanKey, isNearby } from './chat-address.js';

interface SettingsCases {
  readonly baseUrls: readonly { readonly pasted: string }[];
  readonly keys: readonly { readonly pasted: string; readonly sends?: string; readonly refused?: string }[];
  readonly keyless: readonly { readonly baseUrl: string }[];
}
const file = resolve(import.meta.dirname, '../main/core/chat/endpoint/cases/chat-settings.json');
const cases = JSON.parse(readFileSync(file, 'utf8')) as SettingsCases;

describe('a base URL', () => {
  it.each(cases.baseUrls)('$pasted is one', ({ pasted }) => {
    expect(cleanBaseUrl(pasted)).toMatch(/^https:\/\/[a-z.]+\.example\.com(?:\/compatible-mode)?(?:\/v1)?$/);
  });

  it.each([
    ['https://api.example.com/v1/chat/completions', 'https://api.example.com/v1'],
    ['https://api.example.com/v1/models', 'https://api.example.com/v1'],
    ['https://API.example.com/v1/', 'https://api.example.com/v1'],
    ['“https://api.example.com/v1”。', 'https://api.example.com/v1'],
    ['<https://api.example.com/v1>', 'https://api.example.com/v1'],
    ['ｈｔｔｐｓ：／／api.example.com/v1', 'https://api.example.com/v1'],
    ['\u{200b}https://api.example.com\u{ad}/v1\u{2060}', 'https://api.example.com/v1'],
    ['https://api.example.com/v1?key=1', 'https://api.example.com/v1'],
    ['api.example.com/v1', 'https://api.example.com/v1'],
    ['//api.example.com/v1', 'https://api.example.com/v1'],
    ['localhost:11434/v1', 'http://localhost:11434/v1'],
    ['192.168.1.10:1234', 'http://192.168.1.10:1234'],
    ['[::1]:8080/v1', 'http://[::1]:8080/v1'],
    ['https://open.example.cn/api/paas/v4/', 'https://open.example.cn/api/paas/v4'],
    ['base_url="https://api.example.com/v1"', 'https://api.example.com/v1'],
    ['接口地址：https://api.example.com/v1', 'https://api.example.com/v1'],
    ['POST https://api.example.com/v1/chat/completions', 'https://api.example.com/v1'],
    ['https://api.example.com/v1 （官方）', 'https://api.example.com/v1'],
    ['https://https://api.example.com/v1', 'https://api.example.com/v1'],
    ['https//api.example.com/v1', 'https://api.example.com/v1'],
    ['https://api.example.com//v1//chat/completions', 'https://api.example.com/v1'],
    ['https://api.example.com/v1/chat', 'https://api.example.com/v1'],
    ['http:\\\\127.0.0.1:1234\\v1', 'http://127.0.0.1:1234/v1'],
    ['http://0.0.0.0:11434/v1', 'http://127.0.0.1:11434/v1'],
    ['http://[::]:8080', 'http://[::1]:8080'],
  ])('%j is meant as %s', (pasted, meant) => {
    expect(cleanBaseUrl(pasted)).toBe(meant);
  });

  it.each([
    '',
    '  ',
    'ftp://api.example.com',
    'https://',
    'http://a b/v1',
    'javascript:alert(1)',
    'file:///etc/passwd',
  ])('%j is none', (pasted) => {
    expect(cleanBaseUrl(pasted)).toBeNull();
  });

  it('stays what it is once it is clean', () => {
    fc.assert(
      fc.property(fc.oneof(fc.webUrl(), fc.string()), (pasted) => {
        const clean = cleanBaseUrl(pasted);
        if (clean !== null) expect(cleanBaseUrl(clean)).toBe(clean);
      }),
    );
  });
});

describe('a key', () => {
  it.each(cases.keys.filter(({ sends }) => sends !== undefined))('$pasted is $sends', ({ pasted, sends }) => {
    expect(cleanKey(pasted)).toEqual({ key: sends });
  });

  it.each(cases.keys.filter(({ refused }) => refused !== undefined))('$pasted is refused: $refused', (each) => {
    expect(cleanKey(each.pasted)).toEqual({ problem: each.refused === 'two keys' ? 'two-keys' : 'characters' });
  });

  it.each([
    '"sk-abc"',
    '“sk-abc”',
    'Authorization: Bearer sk-abc',
    'ｓｋ－abc',
    '\u{feff}sk-abc\n',
    'sk-\u{ad}abc',
    'sk-abc，',
    'API Key：sk-abc',
    '密钥: sk-abc',
    'DEEPSEEK_API_KEY=sk-abc',
    'export OPENAI_API_KEY="sk-abc"',
    'Authorization: "Bearer sk-abc"',
    'x-api-key: sk-abc',
  ])('%j is sk-abc', (pasted) => {
    expect(cleanKey(pasted)).toEqual({ key: 'sk-abc' });
  });

  it.each(['。', '', 'sk-ab****ef', 'sk-ab…ef', 'sk-ab...', 'sk–abc', '{"key":"sk-abc"}', 'sk-abc\\n'])(
    '%j is none',
    (pasted) => {
      expect(cleanKey(pasted)).toEqual({ problem: 'characters' });
    },
  );

  it.each(['sk-abc sk-def', 'sk-abc,sk-def', 'sk-abc；sk-def', 'sk-abc|sk-def', 'sk-abc\r\nsk-def', 'sk-abcsk-abc'])(
    '%j is more than one',
    (pasted) => {
      expect(cleanKey(pasted)).toEqual({ problem: 'two-keys' });
    },
  );

  it.each(['sk-or-v1-0a', '12345.abcDEF', 'bce-v3/ALTAK-x/1f', 'a1:b2', 'AIza_x-1', 'key123', 'sk-ant-api03-x_=='])(
    '%j is left as it is',
    (key) => {
      expect(cleanKey(key)).toEqual({ key });
    },
  );
});

describe('a server nearby', () => {
  it.each([
    ...cases.keyless.map(({ baseUrl }) => baseUrl),
    'http://localhost:1234/v1',
    'http://10.0.0.2/v1',
    'http://172.16.0.9:8000/v1',
    'http://100.100.1.1/v1',
    'http://[::1]/v1',
    'http://[fd00::1]:11434/v1',
    'http://nas/v1',
    'http://nas.lan/v1',
  ])('is %s', (url) => {
    expect(isNearby(url)).toBe(true);
  });

  it.each([
    'https://api.openai.com/v1',
    'http://172.32.0.1/v1',
    'http://11.0.0.1',
    'https://localhost.example.com',
    'x',
  ])('is not %s', (url) => {
    expect(isNearby(url)).toBe(false);
  });
});
