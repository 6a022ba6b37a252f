/** What must not be disturbed while it lasts: a take, a turn. Whoever has time waits for quiet. */
export interface Activity {
  /** Something begins; the answer is called when it is over. */
  begin(): () => void;
  /** Resolves when nothing is going on. */
  quiet(): Promise<void>;
}

export function createActivity(): Activity {
  let going = 0;
  let waiting: (() => void)[] = [];
  return {
    begin() {
      going += 1;
      let isOver = false;
      return () => {
        if (isOver) return;
        isOver = true;
        going -= 1;
        if (going > 0) return;
        for (const tell of waiting) tell();
        waiting = [];
      };
    },
    async quiet() {
      // What waited longer may have begun something meanwhile.
      while (going > 0) await new Promise<void>((tell) => waiting.push(tell));
    },
  };
}
