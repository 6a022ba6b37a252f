/**
 * Marks between which models write what they think, and those that surround what they say, where a chat template or a
 * server lets them through: DeepSeek, Qwen, GLM and many others (`<think>`, with other names and attributes), Magistral
 * (`[THINK]`), Kimi (`◁think▷`), gpt-oss (`<|channel|>analysis<|message|>` until `…final<|message|>`), Gemma
 * (`<|channel>thought` until `<channel|>`), and the ends of turns, which mean nothing here.
 */
const names = 'think|thinking|thoughts?|reason|reasoning|reasoning_content|reflection|scratchpad|antthinking';
const marks = new RegExp(
  [
    String.raw`(?<opening><(?:\w+:)?(?:${names})(?:\s[^<>]*)?>|\[THINK\]|◁think▷|<\|begin_of_thought\|>|<\|channel>\w*)`,
    String.raw`(?<closing></(?:\w+:)?(?:${names})\s*>|\[/THINK\]|◁/think▷|<\|end_of_thought\|>|<channel\|>)`,
    String.raw`(?:<\|start\|>[^<]*)?<\|channel\|>\s*(?<channel>\w+)[^<]*(?:<\|constrain\|>[^<]*)?<\|message\|>`,
    String.raw`(?<nothing><\|(?:begin|end)_of_solution\|>|<\|(?:start|end|return|im_end|im_start|eot_id|endoftext|eom_id|end_of_text)\|>)`,
  ].join('|'),
  'i',
);
/** What might become a mark once more text comes. */
const beginning = new RegExp(
  [
    String.raw`</?[\w:]{0,24}`,
    String.raw`</?(?:\w+:)?(?:${names})\s[^<>]{0,100}`,
    String.raw`<\|?[\w|]{0,24}`,
    String.raw`\[/?T?H?I?N?K?`,
    String.raw`◁/?[a-z]{0,5}`,
    // All of gpt-oss' header.
    String.raw`<\|(?:start|channel)\|>[^<]{0,60}(?:<\|(?:channel|constrain)\|>[^<]{0,60}){0,2}(?:<\|?[a-z]{0,9}\|?)?`,
  ]
    .map((form) => `(?:${form})`)
    .join('|')
    .replace(/^/, '(?:')
    .concat(')$'),
  'i',
);

/** What became of a stretch of text: words, and whether everything before them was thinking after all. */
export interface Unthought {
  readonly text: string;
  readonly takenBack: boolean;
}

/**
 * Keeps thinking out of a streamed text. Its marks may be cut anywhere; the closing one may come without the opening one
 * (chat templates that begin the answer with it), and then all that went before was thinking.
 */
export interface ThinkingFilter {
  readonly isThinking: boolean;
  push(text: string): Unthought;
  /** What was held back in case a mark would follow. */
  end(): string;
  /** What was taken for thinking was the answer. Known at the end. */
  readonly wasAnswer: boolean;
}

/**
 * `unopened`: this endpoint has closed a thinking before that it never opened, so the beginning is taken for thinking and
 * held back until its closing mark comes; where none does, it was the answer.
 */
export function createThinkingFilter({ unopened = false } = {}): ThinkingFilter {
  let held = '';
  let isThinking = unopened;
  let hasSpoken = false;
  let wasAnswer = false;
  /** What is taken for thinking without a mark that says so; null once a mark has said what it is. */
  let assumed: string | null = unopened ? '' : null;

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
    get wasAnswer() {
      return wasAnswer;
    },
    push(text) {
      held += text;
      let spoken = '';
      let takenBack = false;

      /** Ends the thinking that was under way, or takes back the words that must have been some. */
      function close(before: string): void {
        if (!isThinking && (hasSpoken || before.trim() !== '')) {
          takenBack = true;
          spoken = '';
          hasSpoken = false;
        }
        isThinking = false;
      }

      for (;;) {
        const at = beginning.exec(held)?.index ?? held.length;
        const mark = marks.exec(held);
        // A mark's beginning may be a mark already that grows: gpt-oss' header begins with the end of a turn.
        if (!mark || at < mark.index + (mark.groups?.nothing === undefined ? 0 : mark[0].length)) break;
        const before = held.slice(0, mark.index);
        held = held.slice(mark.index + mark[0].length);
        const { opening, closing, channel } = mark.groups ?? {};
        if (closing !== undefined || channel?.toLowerCase() === 'final') {
          assumed = null;
          close(before);
        } else if (assumed !== null) {
          assumed += before;
          // Whoever opens it here does not begin with it.
          if (opening !== undefined || channel !== undefined) {
            spoken += speak(assumed);
            assumed = null;
          }
        } else if (!isThinking) {
          spoken += speak(before);
          isThinking = opening !== undefined || channel !== undefined;
        }
      }
      const at = beginning.exec(held)?.index ?? held.length;
      if (assumed !== null) assumed += held.slice(0, at);
      else if (!isThinking) spoken += speak(held.slice(0, at));
      held = held.slice(at);
      return { text: spoken, takenBack };
    },
    end() {
      wasAnswer = assumed !== null;
      const rest = assumed !== null ? speak(assumed + held) : isThinking ? '' : speak(held);
      held = '';
      return rest;
    },
  };
}
