/** Fences that hold words for people, by the name behind the backticks. */
const proseFence = /^(?:markdown|md|te?xt|plain(?:text)?|quote|english|en|zh|chinese|dialogu?e|email|letter|script)?$/i;

/** A line of a program, which nobody wants to hear. */
const looksLikeCode =
  /[{};]\s*$|^\s*(?:import|from|const|let|var|def|class|function|return|if|for|while|print|console|public|private|#include|SELECT|npm|pip|git|sudo|cd)\b[^.?!]*[({=;:"'/@-]|^\s*[$>]\s|=>|\w\(.*\)\s*$|^\s*[<{[]/;

export interface Fence {
  /** Where its backticks begin. */
  readonly start: number;
  /** After its closing backticks, or at the text's end. */
  readonly end: number;
  readonly isCode: boolean;
  readonly isClosed: boolean;
  /** False while the line that tells code from words is not whole yet. */
  readonly isDecided: boolean;
}

/**
 * The fenced parts of a text, in order. Models put plain answers between fences, too: those are words. The first line
 * decides, so that the answer stays the same as more of the text comes.
 */
export function fencesOf(text: string): readonly Fence[] {
  const fences: Fence[] = [];
  for (let start = text.indexOf('```'); start >= 0;) {
    const closing = text.indexOf('```', start + 3);
    const end = closing < 0 ? text.length : closing + 3;
    const inside = text.slice(start + 3, closing < 0 ? text.length : closing);
    const [, name = '', body = ''] = /^([\w+#.-]{0,20})[ \t]*(?:\n+([^\n]*))?/.exec(inside) ?? [];
    // "```Hello there```" on one line has no name.
    const isOneLine = !inside.includes('\n');
    const isDecided = closing >= 0 || (body !== '' && /\n+[^\n]+\n/.test(inside));
    const isCode = isOneLine ? looksLikeCode.test(inside) : !proseFence.test(name) || looksLikeCode.test(body);
    fences.push({ start, end, isCode, isClosed: closing >= 0, isDecided });
    start = text.indexOf('```', end);
  }
  return fences;
}
