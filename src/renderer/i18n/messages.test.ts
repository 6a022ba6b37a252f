import { describe, expect, test } from 'vitest';
import { errorCodes } from '../../shared/errors.js';
import { en } from './en.js';
import { errorText, languageFor, messagesIn } from './language.js';
import { zh } from './zh.js';

/** Every text of a language by its path; functions are called with a plausible argument. */
function texts(value: unknown, path = ''): readonly (readonly [string, string])[] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function') return [[path, String((value as (argument: unknown) => unknown)(7))]];
  return Object.entries(value as object).flatMap(([key, inner]) => texts(inner, `${path}/${key}`));
}

describe('the words of the interface', () => {
  test('there are the same in both languages, and none is empty', () => {
    const chinese = texts(zh);
    const english = texts(en);
    expect(english.map(([path]) => path)).toEqual(chinese.map(([path]) => path));
    for (const [path, text] of [...chinese, ...english]) expect(text.trim(), path).not.toBe('');
  });

  test('every error says what happened and what to do next, in both', () => {
    for (const code of errorCodes) {
      expect(zh.errors[code].what, code).toMatch(/\p{Script=Han}/u);
      expect(zh.errors[code].next, code).toMatch(/\p{Script=Han}/u);
      expect(en.errors[code].what, code).toMatch(/^[A-Z].*\.$/);
      expect(en.errors[code].next, code).toMatch(/^[A-Z].*\.$/);
    }
    expect(errorText(en, { code: 'chat/timeout' })).toBe(
      'The chat service did not answer in time. Check the network and retry.',
    );
  });

  test('what is missing is named', () => {
    expect(errorText(en, { code: 'recogniser/gpu-library', detail: 'libX11.so.6' })).toContain('lacks libX11.so.6;');
    expect(errorText(zh, { code: 'recogniser/gpu-library', detail: 'libX11.so.6' })).toContain('缺少 libX11.so.6，');
  });

  test('what is wrong with a server says who can mend it', () => {
    const store = ['no-tls', 'untrusted', 'wrong-host', 'certificate-expired', 'refused', 'not-a-store'] as const;
    for (const name of store) {
      expect(zh.errors[`account/${name}`].next, name).toContain('管理员');
      expect(en.errors[`account/${name}`].next, name).toContain('administrator');
    }
  });

  test('English has no Chinese left in it but the name of the language', () => {
    const left = texts(en).filter(([, text]) => /\p{Script=Han}/u.test(text));
    expect(left.map(([path]) => path)).toEqual(['/composer/spokenLanguages/zh/name']);
  });

  test('the language follows the system unless one was chosen', () => {
    expect(languageFor('system', ['zh-CN', 'en'])).toBe('zh');
    expect(languageFor('system', ['en-GB', 'zh'])).toBe('en');
    expect(languageFor('system', [])).toBe('zh');
    expect(languageFor('zh', ['en'])).toBe('zh');
    expect(messagesIn('en')).toBe(en);
  });
});
