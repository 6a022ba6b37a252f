/** More are no help to anybody who looks for one. */
const mostShown = 200;

/** The options that have all of the typed words in them, in any order; all of them for an empty text. */
export function matchingOptions(options: readonly string[], typed: string): readonly string[] {
  const words = typed
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return options.filter((option) => words.every((word) => option.toLowerCase().includes(word))).slice(0, mostShown);
}
