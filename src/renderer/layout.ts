import { useEffect, useState } from 'react';

export interface Layout {
  /** How many of topics, conversation and help stand side by side; the others slide over the conversation. */
  readonly columns: 1 | 2 | 3;
  /** Too low for everything around the conversation. */
  readonly short: boolean;
}

/** The layout for a window measured in the text's own size, so that 200 % text is a window half as wide. */
export function layoutFor(widthRem: number, heightRem: number): Layout {
  const columns = widthRem >= 68 ? 3 : widthRem >= 50 ? 2 : 1;
  return { columns, short: heightRem < 24 };
}

function measure(textScalePercent: number): Layout {
  const rem = (16 * textScalePercent) / 100;
  return layoutFor(window.innerWidth / rem, window.innerHeight / rem);
}

/** The layout for the window as it is. */
export function useLayout(textScalePercent: number): Layout {
  const [, setSize] = useState('');
  useEffect(() => {
    const changed = () => {
      setSize(`${String(window.innerWidth)}x${String(window.innerHeight)}`);
    };
    window.addEventListener('resize', changed);
    return () => {
      window.removeEventListener('resize', changed);
    };
  }, []);
  return measure(textScalePercent);
}
