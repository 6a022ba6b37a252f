import { expect, test } from 'vitest';
import { isSameName, missing, newPasswordProblems } from './account-form.js';

test('a new password is long enough and typed twice alike', () => {
  expect(newPasswordProblems('1234567', '1234567')).toEqual({ password: 'passwordShort' });
  expect(newPasswordProblems('12345678', '1234567')).toEqual({ repeat: 'repeatWrong' });
  expect(newPasswordProblems('12345678', '12345678')).toEqual({});
});

test('blanks are nothing', () => {
  expect(missing({ name: '  ', password: 'x', invitation: '' })).toEqual({ name: 'required', invitation: 'required' });
});

test('a name is confirmed as the store compares names', () => {
  expect(isSameName(' 小明Ａ ', '小明a')).toBe(true);
  expect(isSameName('小明', '小明a')).toBe(false);
});
