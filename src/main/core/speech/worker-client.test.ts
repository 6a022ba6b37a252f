import { describe, expect, it } from 'vitest';
import { AppError } from '../../../shared/errors.js';
import type { ToWorker } from '../../../shared/worker-contract.js';
import type { WorkerProcess } from '../ports.js';
import { createEngine } from './engine.js';
import { createWorkerClient } from './worker-client.js';

type Methods = { work: { params: string; value: string } };

const codes = { crashed: 'recogniser/crashed', timeout: 'recogniser/timeout', failed: 'recogniser/failed' } as const;
const silentLog = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A process under the test's control. */
function fakeProcess() {
  const sent: ToWorker[] = [];
  let onMessage: (message: unknown) => void = () => undefined;
  const exits: ((code: number | null) => void)[] = [];
  let killed = 0;
  const process: WorkerProcess = {
    pid: 1,
    post: (message) => sent.push(message as ToWorker),
    onMessage: (listener) => (onMessage = listener),
    onExit: (listener) => exits.push(listener),
    kill: () => {
      killed += 1;
      for (const exit of exits) exit(null);
    },
  };
  return {
    process,
    sent,
    reply: (message: unknown) => {
      onMessage(message);
    },
    exit: (code: number) => {
      for (const exit of exits) exit(code);
    },
    get killed() {
      return killed;
    },
  };
}

describe('a worker’s client', () => {
  it('matches answers to calls, in whatever order they come', async () => {
    const worker = fakeProcess();
    const client = createWorkerClient<Methods>(worker.process, codes);
    const [one, two] = [client.call('work', 'a', { deadlineMs: 1000 }), client.call('work', 'b', { deadlineMs: 1000 })];
    worker.reply({ id: 2, ok: true, value: 'B' });
    worker.reply({ id: 99, ok: true, value: 'nobody asked' });
    worker.reply({ id: 1, ok: false, code: 'recogniser/model-damaged', detail: 'bad' });
    await expect(two).resolves.toBe('B');
    await expect(one).rejects.toMatchObject({ code: 'recogniser/model-damaged' });
  });

  it('gives what was thrown without a code the engine’s own', async () => {
    const worker = fakeProcess();
    const call = createWorkerClient<Methods>(worker.process, codes).call('work', 'a', { deadlineMs: 1000 });
    worker.reply({ id: 1, ok: false, code: 'app/internal', detail: 'boom' });
    await expect(call).rejects.toMatchObject({ code: 'recogniser/failed', message: 'boom' });
  });

  it('kills a worker that misses a deadline, and fails every call with the reason', async () => {
    const worker = fakeProcess();
    const client = createWorkerClient<Methods>(worker.process, codes);
    const [slow, other] = [
      client.call('work', 'a', { deadlineMs: 20 }),
      client.call('work', 'b', { deadlineMs: 10_000 }),
    ];
    await expect(slow).rejects.toMatchObject({ code: 'recogniser/timeout' });
    await expect(other).rejects.toMatchObject({ code: 'recogniser/timeout' });
    expect(worker.killed).toBe(1);
    await expect(client.call('work', 'c', { deadlineMs: 20 })).rejects.toMatchObject({ code: 'recogniser/crashed' });
  });

  it('fails what waits when the worker ends', async () => {
    const worker = fakeProcess();
    const call = createWorkerClient<Methods>(worker.process, codes).call('work', 'a', { deadlineMs: 10_000 });
    worker.exit(139);
    await expect(call).rejects.toMatchObject({ code: 'recogniser/crashed' });
  });

  it('tells the worker of an abort, and does not wait for it', async () => {
    const worker = fakeProcess();
    const controller = new AbortController();
    const call = createWorkerClient<Methods>(worker.process, codes).call('work', 'a', {
      deadlineMs: 1000,
      signal: controller.signal,
    });
    controller.abort(new Error('changed my mind'));
    await expect(call).rejects.toThrow('changed my mind');
    expect(worker.sent).toEqual([{ id: 1, method: 'work', params: 'a' }, { abort: 1 }]);
    worker.reply({ id: 1, ok: false, code: 'aborted', detail: '' });
  });
});

describe('an engine', () => {
  function engineOn(load: () => Promise<{ device: string }>) {
    const workers: ReturnType<typeof fakeProcess>[] = [];
    const states: string[] = [];
    const engine = createEngine<Methods>({
      model: { name: 'model', demo: true },
      codes,
      log: silentLog,
      spawn: () => {
        const worker = fakeProcess();
        workers.push(worker);
        return worker.process;
      },
      load,
      onChange: () => states.push(engine.view.state),
    });
    return { engine, workers, states };
  }

  it('is loaded once, however many want it', async () => {
    const { engine, workers, states } = engineOn(() => Promise.resolve({ device: 'CPU' }));
    await Promise.all([engine.warmUp(), engine.warmUp(), engine.warmUp()]);
    expect(workers).toHaveLength(1);
    expect(states).toEqual(['starting', 'ready']);
    expect(engine.view).toMatchObject({ state: 'ready', device: 'CPU', error: null });
  });

  it('that crashes after it worked is warm again by itself', async () => {
    const { engine, workers } = engineOn(() => Promise.resolve({ device: 'CPU' }));
    await engine.warmUp();
    workers[0]?.exit(139);
    await engine.warmUp();
    expect(workers).toHaveLength(2);
    expect(engine.view.state).toBe('ready');
  });

  it('that does not start says why, and is not started for ever', async () => {
    let tries = 0;
    const { engine, workers } = engineOn(() => {
      tries += 1;
      return tries < 3
        ? Promise.reject(new AppError('recogniser/model-damaged', 'bad'))
        : Promise.resolve({ device: 'CPU' });
    });
    await engine.warmUp();
    expect(engine.view).toMatchObject({ state: 'failed', error: { code: 'recogniser/model-damaged' } });
    expect(workers).toHaveLength(1);
    await expect(engine.call('work', 'a', { deadlineMs: 10 })).rejects.toMatchObject({
      code: 'recogniser/model-damaged',
    });
    // Asked for again, it may work again.
    await engine.warmUp();
    expect(engine.view.state).toBe('ready');
    expect(workers).toHaveLength(3);
  });
});
