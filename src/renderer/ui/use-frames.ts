import { useEffect, useRef, useState } from 'react';

/** A value read anew on every frame while `running`; the component renders again only where it has changed. */
export function useFrames<T extends string | number>(running: boolean, read: () => T): T {
  const [value, setValue] = useState<T>(read);
  const latest = useRef(read);
  useEffect(() => {
    latest.current = read;
  });
  useEffect(() => {
    if (!running) return;
    let frame = requestAnimationFrame(function next() {
      setValue(latest.current());
      frame = requestAnimationFrame(next);
    });
    return () => {
      cancelAnimationFrame(frame);
    };
  }, [running]);
  return value;
}
