import { isLineStart, pause, rule, silence, type Rule } from './rule.js';

/** Languages of a fence whose content is no code. */
const prose = /^(?:markdown|md|te?xt|plain(?:text)?|english|en|chat|dialog(?:ue)?|email|quote)?$/i;

/** A fence that a model has put around what it says, and not around code. */
function isProse(language: string, content: string): boolean {
  if (!prose.test(language)) return false;
  const words = content.match(/\p{Letter}{2,}/gu)?.length ?? 0;
  const code =
    content.match(/[{}<>=;|\\$]|\(\)|::|=>|^\s*(?:import|def|const|let|var|function|class|return|sudo|npm|pip)\b/gm)
      ?.length ?? 0;
  return words > 0 && code * 4 < words;
}

const named: Readonly<Record<string, string | null>> = {
  amp: 'and',
  nbsp: null,
  lt: null,
  gt: null,
  quot: null,
  mdash: ',',
  ndash: ',',
  hellip: ',',
};

/** What a page can show and nobody says. */
export const markup: readonly Rule[] = [
  rule(
    /```[ \t]*([\w+#-]{0,20})[ \t]*(?=\n|$|[^\w`])([\s\S]{0,20000}?)(```|$)/,
    ([, language = '', content = ''], before) => {
      if (!isProse(language, content)) return before.trim() === '' ? null : { mark: ',' };
      return undefined;
    },
  ),
  // A fence around words is silent itself, at either end.
  rule(/```(?:[ \t]*(?:markdown|md|te?xt|plain(?:text)?|english|en|chat|dialog(?:ue)?|email|quote)(?=\s))?/i, silence),
  rule(/<!--[\s\S]{0,5000}?-->|<\/?[a-z][a-z0-9]{0,20}(?:\s[^<>]{0,300})?\/?>/i, silence),
  rule(/&(lt|gt);(?=\s?\d)/, ([, name]) => (name === 'lt' ? 'less than' : 'more than')),
  rule(/&(amp|nbsp|lt|gt|quot|mdash|ndash|hellip);/, ([, name = '']) => {
    const said = named[name] ?? null;
    return said === ',' ? { mark: ',' } : said;
  }),
  // Apostrophes that a page wrote as entities stand inside words (words.ts); others are quotation marks.
  rule(/&(?:apos|[lr][sd]quo|#0*39|#[xX]0*27|#8217|#34);/, silence),
  rule(/&#(\d{1,6}|[xX][0-9a-fA-F]{1,5});/, ([, code = '']) => {
    const point = /^x/i.test(code) ? parseInt(code.slice(1), 16) : Number(code);
    const character = point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : '';
    return /[\p{Letter}\p{Number}]/u.test(character) ? character : null;
  }),
  // A line that draws a rule, or a table's.
  rule(/(?:[-*_=][ \t]*){3,80}(?=\n|$)|\|?[ \t]*:?-{2,}:?[ \t]*\|[-:| \t]*(?=\n|$)/, (_, before) =>
    isLineStart(before) ? null : undefined,
  ),
  rule(/[ \t]*(?:#{1,6}\s|>|[-*+•]\s+(?:\[[ xX]\]\s)?|\d{1,2}[.)]\s+(?=\S))/, (_, before) =>
    isLineStart(before) ? null : undefined,
  ),
  rule(/!?\[(?=[^\]\n]{0,300}\]\([^)\n]{0,600}\))|\]\([^)\n]{0,600}\)|\[\^?\d{1,4}\]/, silence),
  rule(/\|+/, pause(',')),
  // A gap to be filled in, as exercises have.
  rule(/_{2,}(?=\s|$|[.,!?;:)"'’”])/, (_, before) => (/(?:^|[\s("'‘“])$/.test(before) ? 'blank' : undefined)),
  // Faces made of marks, and pictures.
  rule(/(?:[:;=8]['’]?-?[()DPpOo3/\\|*]+|<3|\^_?\^|[xX]D)(?=\s|$|[.,!?])/, (_, before) =>
    /(?:^|\s)$/.test(before) ? null : undefined,
  ),
  rule(
    /[0-9#*]\ufe0f?\u20e3|[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}\u200d\ufe0f]+/u,
    silence,
  ),
];
