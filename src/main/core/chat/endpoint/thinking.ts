/** Tags between which models write what they think, whatever the endpoint calls its field. */
const opening = /<(?:think|thinking|thought|reasoning)>/i;
const closing = /<\/(?:think|thinking|thought|reasoning)>/i;
const longestTag = '</reasoning>'.length;

/** What became of a stretch of text: words, and whether everything before them was thinking after all. */
export interface Unthought {
  readonly text: string;
  readonly takenBack: boolean;
}

/**
 * Keeps thinking out of a streamed text. Its tags may be cut anywhere; the closing one may come without the opening one
 * (chat templates that begin the answer with it), and then all that went before was thinking.
 */
export interface ThinkingFilter {
  readonly isThinking: boolean;
  push(text: string): Unthought;
  /** What was held back in case a tag would follow. */
  end(): string;
}

export function createThinkingFilter(): ThinkingFilter {
  let held = '';
  let isThinking = false;
  let hasSpoken = false;

  /** How much of the end might be the beginning of a tag. */
  function tagStart(text: string): number {
    const at = text.lastIndexOf('<');
    const tail = at < 0 ? '' : text.slice(at);
    return at >= 0 && tail.length < longestTag && /^<\/?[a-z]*$/i.test(tail) ? at : text.length;
  }

  function speak(text: string): string {
    // What stands between the thinking and the words is layout.
    const words = hasSpoken ? text : text.trimStart();
    hasSpoken ||= words !== '';
    return words;
  }

  return {
    get isThinking() {
      return isThinking;
    },
    push(text) {
      held += text;
      let spoken = '';
      let takenBack = false;
      for (;;) {
        const tag = (isThinking ? closing : new RegExp(`${opening.source}|${closing.source}`, 'i')).exec(held);
        if (!tag) break;
        const before = held.slice(0, tag.index);
        held = held.slice(tag.index + tag[0].length);
        if (isThinking) isThinking = false;
        else if (closing.test(tag[0])) {
          takenBack = true;
          spoken = '';
          hasSpoken = false;
        } else {
          spoken += speak(before);
          isThinking = true;
        }
      }
      const end = tagStart(held);
      if (!isThinking) spoken += speak(held.slice(0, end));
      held = held.slice(end);
      return { text: spoken, takenBack };
    },
    end() {
      const rest = isThinking ? '' : speak(held);
      held = '';
      return rest;
    },
  };
}
