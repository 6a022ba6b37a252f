import { useEffect, useLayoutEffect, useRef, useState } from 'react';

/** So near to the end counts as being at it. */
const nearPixels = 80;

/**
 * Keeps a scroller at its end as its content grows, unless the learner has scrolled away from it; and keeps what they
 * look at in its place when older content is put before it (`firstId` changes). `newest` names what the learner has
 * just sent; when it changes, they are brought down to it.
 */
export function useStickToEnd(firstId: string | undefined, newest: string | undefined, onTop: () => void) {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const stuck = useRef(true);
  const lastTop = useRef(0);
  const before = useRef({ firstId, height: 0 });
  const [away, setAway] = useState(false);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const grown = element.scrollHeight - before.current.height;
    if (before.current.firstId !== undefined && before.current.firstId !== firstId && !stuck.current) {
      element.scrollTop += grown;
    }
    before.current = { firstId, height: element.scrollHeight };
  });

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null || newest === undefined) return;
    stuck.current = true;
    element.scrollTop = element.scrollHeight;
  }, [newest]);

  useEffect(() => {
    const element = scroller.current;
    const inner = content.current;
    if (element === null || inner === null) return;
    const observer = new ResizeObserver(() => {
      if (stuck.current) element.scrollTop = element.scrollHeight;
    });
    observer.observe(inner);
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, []);

  return {
    scroller,
    content,
    /** Whether the newest turn is out of sight. */
    away,
    toEnd: () => {
      stuck.current = true;
      scroller.current?.scrollTo({ top: scroller.current.scrollHeight });
    },
    onScroll: () => {
      const element = scroller.current;
      if (element === null) return;
      const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < nearPixels;
      // Only going up is going away. Content that grew since we scrolled down ourselves leaves us above its end, too.
      if (atEnd) stuck.current = true;
      else if (element.scrollTop < lastTop.current) stuck.current = false;
      lastTop.current = element.scrollTop;
      setAway(!atEnd && !stuck.current);
      if (element.scrollTop < nearPixels && !atEnd) onTop();
    },
  };
}
