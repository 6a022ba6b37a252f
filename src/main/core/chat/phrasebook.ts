import { hasHanzi } from './scripts/keywords.js';
import { freeTalk } from './scripts/free-talk.js';
import { orderingFood } from './scripts/ordering-food.js';
import { glossary, patterns, phrasebookLines } from './scripts/phrasebook-entries.js';
import { smallTalk } from './scripts/small-talk.js';

// Longer input is not one spoken line; looking through it would only cost time.
const longestLineChars = 400;

const suggestions = [freeTalk, orderingFood, smallTalk].flatMap((script) =>
  Object.values(script.nodes).flatMap((node) => node.suggestions),
);

const englishByChinese: ReadonlyMap<string, string> = new Map([
  ...suggestions.map(({ english, chinese }) => [plain(chinese), english] as const),
  // The phrasebook comes last, so that it has the say where a suggestion has the same Chinese.
  ...phrasebookLines.flatMap(([english, ...chinese]) => chinese.map((text) => [plain(text), english] as const)),
]);

// Longest first, so that 绿茶 is found before 茶.
const glossaryWords = new RegExp(
  Object.keys(glossary)
    .sort((a, b) => b.length - a.length)
    .join('|'),
  'gu',
);

/** Natural English for a Chinese or mixed line; null for English, and for what the phrasebook does not know. */
export function englishFor(text: string): string | null {
  if (text.length > longestLineChars || !hasHanzi(text)) return null;
  const line = plain(text);
  return englishByChinese.get(line) ?? clauses(text) ?? byPattern(text) ?? byWords(text);
}

/** Several known lines one after another: 你好，我很累。 */
function clauses(text: string): string | null {
  const parts = text.split(/[\s,，.。!！?？、;；~～]+/u).filter((part) => part !== '');
  if (parts.length < 2) return null;
  const english = parts.map((part) => englishByChinese.get(plain(part)) ?? byPattern(part));
  return english.every((part) => part !== null) ? english.join(' ') : null;
}

function byPattern(text: string): string | null {
  // Spaces between English words stay; around hanzi they mean nothing.
  const line = trimmed(text).replace(/(?<=\p{Script=Han})\s+|\s+(?=\p{Script=Han})/gu, '');
  for (const { chinese, english, of } of patterns) {
    const gap = chinese.exec(line)?.groups?.x;
    if (gap === undefined) continue;
    const words = hasHanzi(gap) ? (of?.includes(gap) === true ? glossary[gap] : undefined) : gap;
    if (words !== undefined && /^[\p{L}\p{N}' -]+$/u.test(words)) return english.replace('X', () => words);
  }
  return null;
}

/** Puts English for the Chinese words inside an English sentence. */
function byWords(text: string): string | null {
  if (!/[a-z]/i.test(text)) return null;
  const replaced = text
    .normalize('NFKC')
    .replace(glossaryWords, (word) => ` ${glossary[word] ?? word} `)
    .replace(/。/g, '.');
  if (hasHanzi(replaced)) return null;
  return sentence(replaced);
}

function sentence(text: string): string {
  const spaced = text
    .replace(/\s+/g, ' ')
    .replace(/ (?=[,.!?;:])/g, '')
    .trim();
  const ended = /[.!?]$/.test(spaced) ? spaced : `${spaced}.`;
  return ended.charAt(0).toUpperCase() + ended.slice(1);
}

function trimmed(text: string): string {
  return text.normalize('NFKC').replace(/^[\p{P}\p{S}\s]+|[\p{P}\p{S}\s]+$/gu, '');
}

/** Without punctuation and spaces. */
function plain(text: string): string {
  return text.normalize('NFKC').replace(/[\p{P}\p{S}\p{Z}\s]+/gu, '');
}
