/** A length as on a tape: 0:05, 12:30. */
export function clockTime(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(countable(milliseconds) / 1000));
  return `${String(Math.floor(seconds / 60))}:${String(seconds % 60).padStart(2, '0')}`;
}

/** A length in whole seconds, of which even the shortest clip has one. */
export function wholeSeconds(milliseconds: number): number {
  return Math.max(1, Math.round(countable(milliseconds) / 1000));
}

/** Lengths come from files and other machines, too: one that cannot be counted is none. */
function countable(milliseconds: number): number {
  return Number.isSafeInteger(Math.round(milliseconds)) ? milliseconds : 0;
}
