/** When an engine is left alone. */
export interface CircuitLimits {
  /** So many crashes within `windowMs` open the circuit. */
  readonly crashes: number;
  readonly windowMs: number;
}

/**
 * Counts an engine's crashes, and opens when they come too thick: an engine that dies as soon as it lives would
 * otherwise be started for ever, at the cost of the whole machine. Two quiet minutes and the count is zero again.
 */
export interface Circuit {
  readonly isOpen: boolean;
  crashed(): void;
  /** The learner wants it tried again. */
  close(): void;
}

/** `now`: any clock that does not jump, ms. */
export function createCircuit({ crashes, windowMs }: CircuitLimits, now: () => number): Circuit {
  let times: readonly number[] = [];
  let isOpen = false;
  return {
    get isOpen() {
      return isOpen;
    },
    crashed() {
      const time = now();
      times = [...times.filter((each) => time - each < windowMs), time];
      isOpen ||= times.length >= crashes;
    },
    close() {
      times = [];
      isOpen = false;
    },
  };
}
