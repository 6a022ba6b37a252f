/** So many words in common are no coincidence. */
const fewestWords = 2;
/** So much of what was heard, in its order, is what was said: echo cancellation leaves holes. */
const commonShare = 0.8;

/**
 * Whether what was heard while the app itself was speaking is its own voice: what echo cancellation lets through must
 * not become a turn. A single word may be an echo or a learner's "wait"; it is taken for the learner's.
 */
export function isEcho(heard: string, said: string): boolean {
  const words = wordsOf(heard);
  if (words.length < fewestWords) return false;
  return longestCommon(words, wordsOf(said)) / words.length >= commonShare;
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/\p{Script=Han}|[\p{Letter}\p{Number}'’]+/gu) ?? [];
}

/** How many words two texts have in common, in the same order (their longest common subsequence). */
function longestCommon(one: readonly string[], other: readonly string[]): number {
  let lengths = new Array<number>(other.length + 1).fill(0);
  for (const word of one) {
    const next = [0];
    other.forEach((candidate, index) => {
      next.push(candidate === word ? (lengths[index] ?? 0) + 1 : Math.max(lengths[index + 1] ?? 0, next[index] ?? 0));
    });
    lengths = next;
  }
  return lengths.at(-1) ?? 0;
}
