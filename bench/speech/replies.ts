import { createSentenceSplitter } from '../../src/main/core/spoken-text/sentence-splitter.js';
import { tokensOf } from './chat-server.js';

/** Of words that the demo voice knows. */
const sentences = [
  'I have been studying English for three years now.',
  'The museum is next to the library, and the park is behind it.',
  'We are going to visit our grandparents tomorrow.',
  'Could you help me with my homework, please?',
  'I would like a cup of tea.',
  'The weather is beautiful today, so let us go for a walk in the park.',
  'Please speak a little more slowly.',
];

/** A reply of so many tokens, as `tokensOf` counts them. `variant`: another one, with another beginning. */
export function replyOf(tokens: number, variant = 0): string {
  let text = '';
  for (let index = variant; tokensOf(text).length < tokens; index += 1) {
    text += `${text === '' ? '' : ' '}${sentences[index % sentences.length] ?? ''}`;
  }
  return `${tokensOf(text)
    .slice(0, tokens - 1)
    .join('')}.`;
}

export interface FirstClause {
  /** What the app hands to the voice first. */
  readonly text: string;
  /** The token that completes it: the one after which the splitter lets it go. */
  readonly lastToken: number;
}

/** What the app would say first of a reply that comes token by token. */
export function firstClauseOf(reply: string): FirstClause {
  const splitter = createSentenceSplitter();
  const tokens = tokensOf(reply);
  for (const [index, token] of tokens.entries()) {
    const [first] = splitter.push(token);
    if (first !== undefined) return { text: first, lastToken: index };
  }
  return { text: reply, lastToken: tokens.length - 1 };
}
