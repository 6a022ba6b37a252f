import { pause, rule, type Rule } from './rule.js';

/** A voice for English has no Chinese: it pauses, and never says "Chinese letter". Numbers and marks within go along. */
export const foreignWords: readonly Rule[] = [
  rule(
    /(?:\d[\d.,:]{0,20}\s?)?\p{Script=Han}(?:[\p{Script=Han}\d·、“”‘’《》]|[，；：](?=\s?\p{Script=Han}))*/u,
    pause(','),
  ),
  // Letters of any other script that English does not have.
  rule(
    /(?:(?![\p{Script=Latin}\p{Script=Greek}\p{Script=Common}\p{Script=Inherited}])[\p{Letter}\p{Mark}])+/u,
    pause(','),
  ),
];
