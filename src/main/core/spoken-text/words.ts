import { pause, rule, type Rule } from './rule.js';

/** As a page writes it, or as an entity. */
const apostrophe = "(?:['’]|&(?:apos|rsquo|#0*39|#[xX]0*27|#8217);)";
const letters = '[\\p{Script=Latin}\\p{Script=Greek}\\p{Mark}]+';

export const words: readonly Rule[] = [
  rule(new RegExp(`${letters}(?:${apostrophe}${letters})*`, 'u'), ([word]) => {
    const plain = word.replaceAll(new RegExp(apostrophe, 'g'), "'");
    return /\p{Lowercase}/u.test(plain) || plain.length < 3 ? plain : plain.toLowerCase();
  }),
  rule(/[ªºµ]/, ([letter]) => letter),
];

export const marks: readonly Rule[] = [
  rule(/\.{2,}|…+/, pause(',')),
  rule(/[.!?]*\?[.!?]*/, pause('?')),
  rule(/!+/, pause('!')),
  rule(/[.,;:，。！？、；：]/, ([mark]) => ({ mark })),
  rule(/[()（）[\]{}•→]/, pause(',')),
  rule(/\n+/, (_, before) => (before.trim() === '' ? null : { mark: '.' })),
];
