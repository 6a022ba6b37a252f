import { atLineStart, pause, rule, silence, type Rule } from './rule.js';

/** What a page can show and nobody says. Code between fences is left out before any rule is tried. */
export const markup: readonly Rule[] = [
  rule(/```(?:[\w+#.-]{0,20}(?=[ \t]*\n)[ \t]*\n)?/, silence),
  rule(/<!--[\s\S]{0,500}?-->|<\/?[a-z][a-z0-9]{0,15}(?:\s[^<>]{0,300})?\/?>/i, silence),
  // A line that draws a rule, or a table's.
  rule(/(?:[-*_=][ \t]{0,3}){3,80}(?=\n|$)|\|?[ \t]{0,3}:?-{2,80}:?[ \t]{0,3}\|[-:| \t]{0,300}(?=\n|$)/, (_, before) =>
    atLineStart(before) ? null : undefined,
  ),
  // A gap to be filled in.
  rule(/_{2,}(?!\p{Letter})/u, ([gap], before) =>
    /[\p{Letter}\p{Number}_]$/u.test(before) || (gap === '__' && /\S$/.test(before)) ? undefined : 'blank',
  ),
  rule(/[ \t]*(?:#{1,6}\s|>|[-*+•]\s+(?:\[[ xX]\]\s)?|\d{1,2}[.)]\s+(?=\S))/, (_, before) =>
    atLineStart(before) ? null : undefined,
  ),
  rule(/!?\[(?=[^\]\n]{0,300}\]\([^)\n]{0,500}\))|\]\([^)\n]{0,500}\)|\[\^?\d{1,3}\]/, silence),
  rule(/\|/, pause(',')),
  // Faces made of marks, and pictures.
  rule(/(?:[:;=8]['’]?-?[()DPpOo3/\\|*]{1,5}|<3|\^_?\^)(?=\s|$|[.,!?])/, (_, before) =>
    /(?:^|\s)$/.test(before) ? null : undefined,
  ),
  rule(
    /[0-9#*]\ufe0f?\u20e3|[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}\u200d\ufe0f\u{e0000}-\u{e007f}]/u,
    ([picture]) => (/[©®™]/u.test(picture) ? undefined : null),
  ),
];
