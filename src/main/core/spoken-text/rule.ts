/** What a rule makes of the text at its place: words to say, a mark to pause at, or silence. */
export type Said = string | { readonly mark: string } | null;

/** One way in which a stretch of written text is said. */
export interface Rule {
  /** Sticky: it matches where the reading has come to, or not at all. */
  readonly pattern: RegExp;
  /**
   * What is said for a match; `undefined`: it does not apply here after all. `before` and `after` are the text around
   * it, as far as `contextCharacters` reach.
   */
  say(match: RegExpExecArray, before: string, after: string): Said | undefined;
}

export function rule(pattern: RegExp, say: Rule['say']): Rule {
  return { pattern: new RegExp(pattern, `${pattern.flags}y`), say };
}

export const silence = (): null => null;
export const pause = (mark: string) => (): Said => ({ mark });

/** How far a rule may look around, in characters. A bound, so that the time grows with the text and not its square. */
export const contextCharacters = 120;

/** "1,234.5", "12", ".5". */
export const number = '\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?|\\d{1,40}(?:\\.\\d+)?|\\.\\d+';

/** Whether nothing but quotation marks of Markdown stand between the line's start and this place. */
export const isLineStart = (before: string): boolean => /(?:^|\n)[\s>]*$/.test(before);

/** Whether a sentence, or a line, may begin at this place. */
export const isSentenceStart = (before: string): boolean => /(?:^|\n|[.!?…。！？"”)\]*:]\s*)\s*$/.test(before);

/** With hyphens, which voices take for one name: by itself "A" would be the article. */
export const spelled = (letters: string): string => (letters.toUpperCase().match(/\p{Letter}/gu) ?? []).join('-');
