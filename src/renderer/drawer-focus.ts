import { useEffect, useRef, type RefObject } from 'react';

/** Takes the focus into a drawer when it opens, and gives it back when it closes. */
export function useDrawerFocus(open: boolean): RefObject<HTMLElement | null> {
  const element = useRef<HTMLElement>(null);
  const before = useRef<Element | null>(null);
  useEffect(() => {
    if (!open) return;
    // What was clicked may be inert by now and have lost the focus; it is where it is looked for after closing.
    before.current ??= document.activeElement;
    element.current?.focus();
    return () => {
      const opener = before.current;
      before.current = null;
      if (opener instanceof HTMLElement && opener.isConnected && document.activeElement === document.body)
        opener.focus();
    };
  }, [open]);
  return element;
}
