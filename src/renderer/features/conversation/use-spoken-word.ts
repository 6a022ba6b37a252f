import { useEffect, useMemo, type RefObject } from 'react';
import type { ClipWord } from '../../../shared/contract/turn.js';
import { useViewModel } from '../../view-model.js';
import { placedWords, wordAt, type PlacedWord } from './spoken-words.js';
import type { ClipState } from './use-clip.js';

/** Its look is in the style sheet of whoever shows the text. */
const highlightName = 'spoken-word';

/**
 * Highlights the word that is being said in an element that holds nothing but the text. It is painted over the text:
 * the page itself does not change, so nothing moves and no screen reader is disturbed.
 */
export function useSpokenWord(
  element: RefObject<HTMLElement | null>,
  text: string | null,
  words: readonly ClipWord[] | null,
  state: ClipState,
): void {
  const { playback } = useViewModel();
  const placed = useMemo(() => (text === null || words === null ? [] : placedWords(text, words)), [text, words]);
  useEffect(() => {
    const node = element.current?.firstChild;
    const isHeard = state === 'playing' || state === 'speaking' || state === 'paused';
    if (!node || placed.length === 0 || !isHeard || !('highlights' in CSS)) return;
    let lit: PlacedWord | null = null;
    let frame = 0;
    const light = () => {
      const word = wordAt(placed, playback.position().positionMs);
      if (word !== lit) {
        lit = word;
        if (word === null) CSS.highlights.delete(highlightName);
        else CSS.highlights.set(highlightName, new Highlight(rangeOf(node, word)));
      }
      if (state !== 'paused') frame = requestAnimationFrame(light);
    };
    light();
    return () => {
      cancelAnimationFrame(frame);
      CSS.highlights.delete(highlightName);
    };
  }, [element, placed, state, playback]);
}

function rangeOf(node: Node, { start, end }: PlacedWord): Range {
  const range = new Range();
  range.setStart(node, start);
  range.setEnd(node, end);
  return range;
}
