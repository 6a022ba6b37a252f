import { describe, expect, it } from 'vitest';
import { fakeWorker } from './testing/fake-worker.js';
import { createWorkerClient } from './worker-client.js';

type Methods = { work: { params: string; value: string } };

const codes = { crashed: 'recogniser/crashed', timeout: 'recogniser/timeout', failed: 'recogniser/failed' } as const;

describe('a worker’s client', () => {
  it('matches answers to calls, in whatever order they come', async () => {
    const worker = fakeWorker();
    const client = createWorkerClient<Methods>(worker.process, codes);
    const [one, two] = [client.call('work', 'a', { deadlineMs: 1000 }), client.call('work', 'b', { deadlineMs: 1000 })];
    worker.reply({ id: 2, ok: true, value: 'B' });
    worker.reply({ id: 99, ok: true, value: 'nobody asked' });
    worker.reply({ id: 1, ok: false, code: 'recogniser/model-damaged', detail: 'bad' });
    await expect(two).resolves.toBe('B');
    await expect(one).rejects.toMatchObject({ code: 'recogniser/model-damaged' });
  });

  it('gives what was thrown without a code the engine’s own', async () => {
    const worker = fakeWorker();
    const call = createWorkerClient<Methods>(worker.process, codes).call('work', 'a', { deadlineMs: 1000 });
    worker.reply({ id: 1, ok: false, code: 'app/internal', detail: 'boom' });
    await expect(call).rejects.toMatchObject({ code: 'recogniser/failed', message: 'boom' });
  });

  it('kills a worker that misses a deadline, and fails every call with the reason', async () => {
    const worker = fakeWorker();
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
    const worker = fakeWorker();
    const call = createWorkerClient<Methods>(worker.process, codes).call('work', 'a', { deadlineMs: 10_000 });
    worker.exit(139);
    await expect(call).rejects.toMatchObject({ code: 'recogniser/crashed' });
  });

  it('does not kill a process that has ended: its id may be another’s by now', () => {
    const worker = fakeWorker();
    const client = createWorkerClient<Methods>(worker.process, codes);
    worker.exit(0);
    client.kill();
    expect(worker.killed).toBe(0);
  });

  it('tells the worker of an abort, and does not wait for it', async () => {
    const worker = fakeWorker();
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
