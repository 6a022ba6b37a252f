import { accountLimits } from '../../../shared/contract/account.js';
import type { Messages } from '../../i18n/messages.js';

/** As the contract and the account store have it. */

export type Problem = Extract<keyof Messages['account'], 'required' | 'passwordShort' | 'repeatWrong'>;

/** What is wrong with what was entered, by field; empty where all is well. */
export type Problems<Field extends string> = Partial<Record<Field, Problem>>;

/** What is wrong with a new password and its repetition: it is typed blind, so it is typed twice. */
export function newPasswordProblems(password: string, repeat: string): Problems<'password' | 'repeat'> {
  return {
    ...(password.length < accountLimits.shortestPassword ? { password: 'passwordShort' } : {}),
    ...(password === repeat ? {} : { repeat: 'repeatWrong' }),
  };
}

/** Which of the fields are still empty. */
export function missing<Field extends string>(fields: Readonly<Record<Field, string>>): Problems<Field> {
  const problems: Problems<Field> = {};
  for (const field of Object.keys(fields) as Field[]) if (fields[field].trim() === '') problems[field] = 'required';
  return problems;
}

/** Whether the name that was typed is the account's, as the account store compares names. */
export function isSameName(typed: string, name: string): boolean {
  const plain = (text: string) => text.normalize('NFKC').trim().toLowerCase();
  return plain(typed) === plain(name);
}
