/** What a rule makes of the text at its place: words to say, a mark to pause at, or silence. */
export type Heard = string | { readonly mark: string } | null;

/** How one kind of stretch is read aloud. */
export interface Rule {
  /** Sticky: it matches where the reading has come to, or not at all. */
  readonly pattern: RegExp;
  /** `undefined`: it does not apply here after all. */
  hear(match: RegExpExecArray, before: string, after: string): Heard | undefined;
}

/** `before` and `after` are what stands around the match, as far as a rule may look. */
export const rule = (pattern: RegExp, hear: Rule['hear']): Rule => ({
  pattern: new RegExp(pattern, `${pattern.flags}y`),
  hear,
});

export const silence = (): null => null;

export const pause = (mark: string) => (): Heard => ({ mark });

/** Begins a line, quoted or indented ones included. */
export const atLineStart = (before: string): boolean => /(?:^|\n)[\s>]*$/.test(before);

/** A number as Americans write it: 1,234.50, .5, 7; before a unit also as Europeans do: 2,5 kg. */
export const number =
  '\\d{1,3},\\d{1,2}(?=\\s?(?:%|°|(?:[kcm]?m|k?g|m?l|L)(?![A-Za-z])))|\\d{1,3}(?:,\\d{3}){1,8}(?:\\.\\d{1,40})?|\\d{1,40}(?:\\.\\d{1,40})?|(?<!\\d)\\.\\d{1,40}';

/** With hyphens, which voices take for one name: by itself "A" would be the article. */
export const spelled = (letters: string): string => (letters.toUpperCase().match(/\p{Letter}/gu) ?? []).join('-');
