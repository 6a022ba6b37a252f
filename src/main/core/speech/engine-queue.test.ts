import { describe, expect, it } from 'vitest';
import { createEngineQueue, displaced, type Urgency } from './engine-queue.js';

const never = new AbortController().signal;

/** A job that ends when it is told to, or is aborted. */
function job(queue: ReturnType<typeof createEngineQueue>, urgency: Urgency, signal = never) {
  const { promise, resolve } = Promise.withResolvers<string>();
  let started = false;
  const done = queue.run(urgency, signal, (running) => {
    started = true;
    return new Promise<string>((answer, fail) => {
      running.addEventListener('abort', () => {
        fail(running.reason as Error);
      });
      void promise.then(answer);
    });
  });
  // Looked at later.
  done.catch(() => undefined);
  return {
    done,
    end: resolve,
    get started() {
      return started;
    },
  };
}
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

describe('the queue for an engine', () => {
  it('runs one at a time, the most urgent next, each in the order in which it came', async () => {
    const queue = createEngineQueue();
    const [first, background, guess, final] = (['final', 'background', 'guess', 'final'] as const).map((urgency) =>
      job(queue, urgency),
    );
    await settle();
    expect([first, background, guess, final].map((each) => each?.started)).toEqual([true, false, false, false]);
    first?.end('1');
    await settle();
    expect(final?.started).toBe(true);
    expect(guess?.started).toBe(false);
    final?.end('2');
    await settle();
    expect(guess?.started).toBe(true);
    guess?.end('3');
    await settle();
    expect(background?.started).toBe(true);
  });

  it('tells what came of one before the next begins', async () => {
    const queue = createEngineQueue();
    let known = 'nothing';
    const find = async () => {
      known = await queue.run('guess', never, () => Promise.resolve('the language'));
    };
    const [, used] = await Promise.all([find(), queue.run('guess', never, () => Promise.resolve(known))]);
    expect(used).toBe('the language');
  });

  it('stops what is less urgent than what comes', async () => {
    const queue = createEngineQueue();
    const guess = job(queue, 'guess');
    await settle();
    const final = job(queue, 'final');
    await expect(guess.done).rejects.toBe(displaced);
    await settle();
    expect(final.started).toBe(true);
    final.end('heard');
    await expect(final.done).resolves.toBe('heard');
  });

  it('never stops what is as urgent', async () => {
    const queue = createEngineQueue();
    const one = job(queue, 'final');
    job(queue, 'final');
    one.end('heard');
    await expect(one.done).resolves.toBe('heard');
  });

  it('forgets what nobody wants any more, running or waiting, and goes on', async () => {
    const queue = createEngineQueue();
    const [unwanted, later] = [new AbortController(), new AbortController()];
    const running = job(queue, 'final', unwanted.signal);
    const waiting = job(queue, 'final', later.signal);
    const last = job(queue, 'final');
    await settle();
    later.abort(new Error('later'));
    unwanted.abort(new Error('unwanted'));
    await expect(running.done).rejects.toThrow('unwanted');
    await expect(waiting.done).rejects.toThrow('later');
    await settle();
    expect(waiting.started).toBe(false);
    expect(last.started).toBe(true);
  });

  it('goes on after what failed', async () => {
    const queue = createEngineQueue();
    await expect(queue.run('final', never, () => Promise.reject(new Error('crashed')))).rejects.toThrow('crashed');
    await expect(queue.run('final', never, () => Promise.resolve('heard'))).resolves.toBe('heard');
  });
});
