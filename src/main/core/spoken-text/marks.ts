import { pause, rule, type Rule } from './rule.js';

/** Marks at which a voice pauses. */
export const marks: readonly Rule[] = [
  rule(/\.{2,}|…+/, pause(',')),
  rule(/[.!?]*\?[.!?]*/, pause('?')),
  rule(/!+/, pause('!')),
  rule(/[.,;:]/, ([mark]) => ({ mark })),
  rule(/[()[\]{}•→/\\]/, (_, before, after) =>
    // "and/or" is said in one breath.
    /[\p{Letter}\p{Number}]$/u.test(before) && /^\p{Letter}/u.test(after) && !/[)\]}]$/.test(before)
      ? null
      : { mark: ',' },
  ),
  rule(/\n+/, (_, before) => (before.trim() === '' ? null : { mark: '.' })),
];
