import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isName, makeRecoveryCode, normaliseName, passwordKey, readRecoveryCode, recoveryKey } from './password-key.js';

describe('names', () => {
  it('have one form', () => {
    expect(normaliseName('  Zhang.San ')).toBe('zhang.san');
    expect(normaliseName('ＺＨＡＮＧ')).toBe('zhang');
    expect(normaliseName('Jose\u0301')).toBe('josé');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        expect(normaliseName(normaliseName(name))).toBe(normaliseName(name));
      }),
    );
  });

  it('have 2 to 64 characters that can be seen', () => {
    for (const name of ['ab', '王明', '😀😀', 'x'.repeat(64)]) expect(isName(name), name).toBe(true);
    for (const name of ['a', '王', 'x'.repeat(65), 'a b c', 'abc\u200b', 'abc\u0000', 'abc\ud83d', ''])
      expect(isName(name), JSON.stringify(name)).toBe(false);
  });
});

describe('the password’s key', () => {
  it('depends on the name and the password, and on nothing else', async () => {
    const keys = await Promise.all([
      passwordKey('Zhang.San', 'correct horse'),
      passwordKey('zhang.san ', 'correct horse'),
      passwordKey('zhang.san', 'correct horsf'),
      passwordKey('zhang.sam', 'correct horse'),
    ]);
    const [first, second, third, fourth] = keys.map((key) => key.toString('hex'));
    // Fixed for ever: another value would lock everybody out.
    expect(first).toBe('f9d1b253ba119e5b1c52776ee4b7b8293ab1ca29d8aed1fd8c64f51a3fda2a4b');
    expect(second).toBe(first);
    expect(new Set([first, third, fourth]).size).toBe(3);
  });
});

describe('a recovery code', () => {
  it('is read however it was written down', () => {
    for (let n = 0; n < 200; n += 1) {
      const code = makeRecoveryCode();
      expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{5}-){4}[0-9A-HJKMNP-TV-Z]{5}$/);
      const typed = code.toLowerCase().replaceAll('-', ' – ').replaceAll('0', 'o').replaceAll('1', 'l');
      expect(readRecoveryCode(typed)).toBe(code);
    }
  });

  it('with one wrong letter, or two in each other’s place, is noticed', () => {
    const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
    let wrong = 0;
    let noticed = 0;
    for (let n = 0; n < 100; n += 1) {
      const code = makeRecoveryCode().replaceAll('-', '');
      for (let at = 0; at < code.length; at += 1) {
        const letter = letters.charAt((letters.indexOf(code.charAt(at)) + 1 + (n % 31)) % 32);
        wrong += 1;
        if (readRecoveryCode(code.slice(0, at) + letter + code.slice(at + 1)) === null) noticed += 1;
      }
    }
    expect(noticed).toBe(wrong);
    expect(readRecoveryCode('ABCDE')).toBeNull();
    expect(readRecoveryCode('')).toBeNull();
  });

  it('gives another key for another name', () => {
    const code = makeRecoveryCode();
    expect(recoveryKey('anna', code)).toHaveLength(32);
    expect(recoveryKey('Anna ', code)).toEqual(recoveryKey('anna', code));
    expect(recoveryKey('anne', code)).not.toEqual(recoveryKey('anna', code));
  });
});
