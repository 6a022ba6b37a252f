import { createContext, use, type ReactNode } from 'react';
import type { Settings } from '../../shared/contract/settings.js';
import type { ErrorView } from '../../shared/errors.js';
import { en } from './en.js';
import type { Messages } from './messages.js';
import { zh } from './zh.js';

/** The language to show, given the setting and what the system prefers. */
export function languageFor(setting: Settings['interfaceLanguage'], systemLanguages: readonly string[]): 'zh' | 'en' {
  if (setting !== 'system') return setting;
  const first = systemLanguages[0]?.toLowerCase() ?? 'zh';
  return first.startsWith('zh') ? 'zh' : 'en';
}

/** The words of a language. */
export function messagesIn(language: 'zh' | 'en'): Messages {
  return language === 'zh' ? zh : en;
}

/** What happened and what to do, as one text. Words that have a place for the detail name it. */
export function errorText(messages: Messages, error: ErrorView): string {
  const words = messages.errors[error.code];
  const what = words.what.replace('{detail}', () => error.detail ?? '');
  return words.next === '' ? what : messages.sentences(what, words.next);
}

const LanguageContext = createContext<Messages>(zh);

/** Gives everything inside it the words of a language. */
export function LanguageProvider(props: { readonly messages: Messages; readonly children: ReactNode }) {
  return <LanguageContext value={props.messages}>{props.children}</LanguageContext>;
}

/** The words of the language that is shown. */
export function useMessages(): Messages {
  return use(LanguageContext);
}
