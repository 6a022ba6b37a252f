/** What is asked of an engine, the most urgent first. */
export const urgencies = ['final', 'guess', 'background'] as const;
export type Urgency = (typeof urgencies)[number];

/** Why work was stopped that was not finished: something more urgent came. */
export const displaced = new Error('displaced by something more urgent');

/**
 * One job at a time, the most urgent first, in the order in which they came. What is running gives way to what is more
 * urgent: it is aborted, and rejects with `displaced`. Whether it is worth doing again is for whoever wanted it to say.
 */
export interface EngineQueue {
  run<T>(urgency: Urgency, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

interface Job {
  readonly rank: number;
  readonly controller: AbortController;
  start(): void;
}

export function createEngineQueue(): EngineQueue {
  const waiting: Job[] = [];
  let running: Job | null = null;

  function startNext(): void {
    if (running !== null) return;
    const best = waiting.reduce<Job | null>(
      (first, job) => (first === null || job.rank < first.rank ? job : first),
      null,
    );
    if (best === null) return;
    waiting.splice(waiting.indexOf(best), 1);
    running = best;
    best.start();
  }

  return {
    async run(urgency, signal, work) {
      signal.throwIfAborted();
      const controller = new AbortController();
      const stop = () => {
        controller.abort(signal.reason);
      };
      signal.addEventListener('abort', stop, { once: true });
      const { promise: turn, resolve: start, reject: drop } = Promise.withResolvers<undefined>();
      const job: Job = {
        rank: urgencies.indexOf(urgency),
        controller,
        start: () => {
          start(undefined);
        },
      };
      controller.signal.addEventListener(
        'abort',
        () => {
          const index = waiting.indexOf(job);
          if (index >= 0) waiting.splice(index, 1);
          drop(controller.signal.reason);
        },
        { once: true },
      );
      waiting.push(job);
      if (running !== null && job.rank < running.rank) running.controller.abort(displaced);
      startNext();
      try {
        await turn;
        controller.signal.throwIfAborted();
        return await work(controller.signal);
      } finally {
        signal.removeEventListener('abort', stop);
        // Whoever waited for this is told before the next begins, which may depend on it (the language, for a guess).
        setImmediate(() => {
          if (running !== job) return;
          running = null;
          startNext();
        });
      }
    },
  };
}
