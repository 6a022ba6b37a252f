import { describe, expect, it, vi } from 'vitest';
import { AppError, type ErrorView } from '../../../shared/errors.js';
import type { ComputeDevice } from '../../../shared/worker-contract.js';
import { fakeWorker, hang, type FakeBehaviour, type FakeWorker } from '../testing/fake-worker.js';
import { createEngine, type EngineLimits, type EngineCandidate } from './engine.js';

type Methods = {
  load: { params: string; value: { readonly device: ComputeDevice } };
  work: { params: string; value: string };
};

const codes = {
  crashed: 'recogniser/crashed',
  timeout: 'recogniser/timeout',
  failed: 'recogniser/failed',
  stopped: 'recogniser/stopped',
} as const;
const silentLog = { info: () => undefined, warn: () => undefined, error: () => undefined };
const limits: EngineLimits = { callMs: 20, loadMs: 40, circuit: { crashes: 3, windowMs: 120_000 } };
const cpu: ComputeDevice = { kind: 'cpu', name: 'CPU' };
const works: FakeBehaviour = (method, params) => (method === 'load' ? { device: cpu } : `${String(params)}!`);
const crash: FakeBehaviour = (_method, _params, worker) => {
  worker.exit(139);
  return hang;
};
const quick = { deadlineMs: 20 };

const plainCandidate = (name = 'model', leave?: EngineCandidate<Methods>['leave']): EngineCandidate<Methods> => ({
  model: { id: name, name, demo: true },
  load: (worker) => worker.call('load', name, { deadlineMs: limits.loadMs }),
  ...(leave ? { leave } : {}),
});

/** An engine whose workers behave as the list says, one after the other; the last entry goes for all that follow. */
function engineOf(
  behaviours: readonly FakeBehaviour[],
  candidates: readonly [EngineCandidate<Methods>, ...EngineCandidate<Methods>[]] = [plainCandidate()],
) {
  const workers: FakeWorker[] = [];
  const states: string[] = [];
  let now = 0;
  const engine = createEngine<Methods>({
    codes,
    limits,
    log: silentLog,
    candidates: () => candidates,
    spawn: () => {
      const worker = fakeWorker(behaviours[workers.length] ?? behaviours.at(-1));
      workers.push(worker);
      return worker.process;
    },
    onChange: () => states.push(engine.view.state),
    now: () => now,
  });
  return {
    engine,
    workers,
    states,
    pass: (ms: number) => {
      now += ms;
    },
    /** The newest worker dies while it has nothing to do. */
    async crash() {
      workers.at(-1)?.exit(139);
      await vi.waitFor(() => {
        expect(engine.view.state).not.toBe('starting');
      });
    },
  };
}

/** Works as long as it is not asked `bad`, which it does not survive. */
const fragile =
  (isBad: () => boolean): FakeBehaviour =>
  (method, params, worker) =>
    method === 'work' && isBad() ? crash(method, params, worker) : works(method, params, worker);

describe('an engine', () => {
  it('is loaded once, however many want it', async () => {
    const { engine, workers, states } = engineOf([works]);
    await Promise.all([engine.warmUp(), engine.warmUp(), engine.warmUp()]);
    expect(workers).toHaveLength(1);
    expect(states).toEqual(['starting', 'ready']);
    expect(engine.view).toEqual({
      state: 'ready',
      modelId: 'model',
      model: 'model',
      demo: true,
      device: cpu,
      fallback: null,
      error: null,
    });
    expect(await engine.call('work', 'a', quick)).toBe('a!');
  });

  it('that crashes after it worked is warm again by itself', async () => {
    const { engine, workers, crash: crashNow } = engineOf([works]);
    await engine.warmUp();
    await crashNow();
    expect(workers).toHaveLength(2);
    expect(engine.view.state).toBe('ready');
  });

  it('that does not start says why, and is not started until it is asked for', async () => {
    const damaged: FakeBehaviour = () => {
      throw new AppError('recogniser/model-damaged', 'bad');
    };
    const { engine, workers } = engineOf([damaged, damaged, damaged, damaged, works]);
    await engine.warmUp();
    expect(engine.view).toMatchObject({ state: 'failed', error: { code: 'recogniser/model-damaged' } });
    expect(workers).toHaveLength(1);
    // What is no crash does not count as one.
    for (let count = 0; count < 3; count += 1) {
      await expect(engine.call('work', 'a', { ...quick, retry: true })).rejects.toMatchObject({
        code: 'recogniser/model-damaged',
      });
    }
    expect(workers).toHaveLength(4);
    expect(workers.every(({ alive }) => !alive)).toBe(true);
    expect(await engine.call('work', 'a', quick)).toBe('a!');
    expect(engine.view.state).toBe('ready');
  });

  it('ends with the app, even while it is being loaded', async () => {
    const { engine, workers } = engineOf([() => hang]);
    const started = engine.warmUp();
    engine.dispose();
    await started;
    expect(workers.map(({ alive }) => alive)).toEqual([false]);
    await expect(engine.call('work', 'a', { ...quick, retry: true })).rejects.toMatchObject({
      code: 'recogniser/crashed',
    });
    expect(workers).toHaveLength(1);
  });
});

describe('a call', () => {
  it('whose worker crashes is tried once more, on a fresh one', async () => {
    let bad = true;
    const { engine, workers } = engineOf([
      fragile(() => bad),
      fragile(() => {
        bad = false;
        return false;
      }),
    ]);
    expect(await engine.call('work', 'a', { ...quick, retry: true })).toBe('a!');
    expect(workers).toHaveLength(2);
  });

  it('whose worker hangs is tried once more; the one that hangs is killed', async () => {
    const { engine, workers } = engineOf([
      (method, ...rest) => (method === 'work' ? hang : works(method, ...rest)),
      works,
    ]);
    expect(await engine.call('work', 'a', { ...quick, retry: true })).toBe('a!');
    expect(workers.map(({ killed }) => killed)).toEqual([1, 0]);
  });

  it('is tried twice and no more', async () => {
    const { engine, workers } = engineOf([(method, ...rest) => (method === 'work' ? hang : works(method, ...rest))]);
    await expect(engine.call('work', 'a', { ...quick, retry: true })).rejects.toMatchObject({
      code: 'recogniser/timeout',
    });
    expect(workers.map(({ killed }) => killed).slice(0, 2)).toEqual([1, 1]);
    expect(
      workers.flatMap(({ sent }) => sent).filter((message) => 'method' in message && message.method === 'work'),
    ).toHaveLength(2);
  });

  it('that does not ask for it is not tried again', async () => {
    const { engine, workers } = engineOf([fragile(() => true)]);
    await expect(engine.call('work', 'a', quick)).rejects.toMatchObject({ code: 'recogniser/crashed' });
    expect(
      workers.flatMap(({ sent }) => sent).filter((message) => 'method' in message && message.method === 'work'),
    ).toHaveLength(1);
  });

  it('that nobody wants any more is not tried again', async () => {
    const controller = new AbortController();
    const { engine, workers } = engineOf([
      fragile(() => {
        controller.abort(new Error('discarded'));
        return true;
      }),
    ]);
    await expect(engine.call('work', 'a', { ...quick, retry: true, signal: controller.signal })).rejects.toThrow(
      'discarded',
    );
    expect(
      workers.flatMap(({ sent }) => sent).filter((message) => 'method' in message && message.method === 'work'),
    ).toHaveLength(1);
  });

  it('does not wait for an engine that is still being loaded once nobody wants it', async () => {
    const controller = new AbortController();
    const { engine } = engineOf([() => hang]);
    const call = engine.call('work', 'a', { ...quick, signal: controller.signal });
    controller.abort(new Error('discarded'));
    await expect(call).rejects.toThrow('discarded');
    engine.dispose();
  });

  it('rejected for a reason of its own is not tried again', async () => {
    const { engine, workers } = engineOf([
      (method, ...rest) => {
        if (method === 'work') throw new AppError('recogniser/nothing-heard');
        return works(method, ...rest);
      },
    ]);
    await expect(engine.call('work', 'a', { ...quick, retry: true })).rejects.toMatchObject({
      code: 'recogniser/nothing-heard',
    });
    expect(workers).toHaveLength(1);
  });
});

describe('an engine that crashes again and again', () => {
  it('is left alone after three times in two minutes, and says so at once', async () => {
    const { engine, workers, crash: crashNow, pass } = engineOf([works]);
    await engine.warmUp();
    for (let count = 0; count < 3; count += 1) {
      pass(30_000);
      await crashNow();
    }
    expect(engine.view).toMatchObject({ state: 'stopped', device: null, error: { code: 'recogniser/stopped' } });
    await expect(engine.call('work', 'a', { ...quick, retry: true })).rejects.toMatchObject({
      code: 'recogniser/stopped',
    });
    await engine.warmUp();
    expect(workers).toHaveLength(3);
    expect(engine.view.state).toBe('stopped');
  });

  it('is started again when the learner asks for it, with a clean record', async () => {
    const { engine, workers, crash: crashNow } = engineOf([works]);
    await engine.warmUp();
    for (let count = 0; count < 3; count += 1) await crashNow();
    await engine.restart();
    expect(engine.view).toMatchObject({ state: 'ready', error: null });
    expect(await engine.call('work', 'a', quick)).toBe('a!');
    for (let count = 0; count < 2; count += 1) await crashNow();
    expect(engine.view.state).toBe('ready');
    expect(workers).toHaveLength(6);
  });

  it('goes on where the crashes are far apart', async () => {
    const { engine, crash: crashNow, pass } = engineOf([works]);
    await engine.warmUp();
    for (let count = 0; count < 10; count += 1) {
      await crashNow();
      pass(61_000);
    }
    expect(engine.view.state).toBe('ready');
  });

  it('is left alone where it does not even start, too: a hang is as bad as a crash', async () => {
    const { engine, workers } = engineOf([() => hang, crash]);
    await engine.warmUp();
    expect(engine.view).toMatchObject({ state: 'failed', error: { code: 'recogniser/timeout' } });
    await expect(engine.call('work', 'a', { ...quick, retry: true })).rejects.toMatchObject({
      code: 'recogniser/stopped',
    });
    expect(engine.view.state).toBe('stopped');
    expect(workers).toHaveLength(3);
  });

  it('tells the call that was the last straw what to do', async () => {
    const { engine, crash: crashNow } = engineOf([works, fragile(() => true)]);
    await engine.warmUp();
    await crashNow();
    await expect(engine.call('work', 'a', { ...quick, retry: true })).rejects.toMatchObject({
      code: 'recogniser/stopped',
    });
  });
});

describe('a restart', () => {
  it('ends what runs and is no crash; calls that ask for it go on with the new worker', async () => {
    const { engine, workers } = engineOf([
      (method, ...rest) => (method === 'work' ? hang : works(method, ...rest)),
      works,
    ]);
    await engine.warmUp();
    const call = engine.call('work', 'a', { deadlineMs: 10_000, retry: true });
    const other = engine.call('work', 'b', { deadlineMs: 10_000 });
    other.catch(() => undefined);
    await vi.waitFor(() => {
      expect(workers[0]?.sent).toHaveLength(3);
    });
    await engine.restart();
    expect(await call).toBe('a!');
    await expect(other).rejects.toMatchObject({ code: 'recogniser/crashed' });
    for (let count = 0; count < 3; count += 1) await engine.restart();
    expect(engine.view.state).toBe('ready');
  });

  it('takes over from a start that hangs', async () => {
    const { engine, workers } = engineOf([() => hang, works]);
    const first = engine.warmUp();
    await engine.restart();
    await first;
    expect(engine.view.state).toBe('ready');
    expect(workers.map(({ alive }) => alive)).toEqual([false, true]);
  });
});

describe('a ladder', () => {
  const reason: ErrorView = { code: 'recogniser/gpu-failed' };
  const gpu: ComputeDevice = { kind: 'vulkan', name: 'GPU' };
  const leaves =
    (...these: readonly string[]) =>
    (error: AppError) =>
      these.includes(error.code) ? reason : null;
  const onGpu =
    (behave: FakeBehaviour): FakeBehaviour =>
    (method, params, worker) => {
      const isGpu = method === 'load' ? params === 'gpu' : params === 'on gpu';
      return isGpu ? behave(method, params, worker) : works(method, params, worker);
    };

  it('is gone down where a candidate crashes while it is loaded, and the view tells why', async () => {
    const { engine, workers } = engineOf(
      [onGpu(crash)],
      [plainCandidate('gpu', leaves('recogniser/crashed')), plainCandidate('cpu')],
    );
    await engine.warmUp();
    expect(engine.view).toMatchObject({ state: 'ready', model: 'cpu', fallback: reason, error: null });
    expect(workers).toHaveLength(2);
  });

  it('is gone down where a candidate crashes at work, at no cost to the circuit; the call is tried again', async () => {
    let bad = true;
    const { engine, crash: crashNow } = engineOf(
      [
        (method, params, worker) => {
          if (method === 'load') return { device: params === 'gpu' ? gpu : cpu };
          if (!bad) return works(method, params, worker);
          bad = false;
          return crash(method, params, worker);
        },
      ],
      [plainCandidate('gpu', leaves('recogniser/crashed')), plainCandidate('cpu')],
    );
    await engine.warmUp();
    expect(engine.view.device).toEqual(gpu);
    expect(await engine.call('work', 'a', { ...quick, retry: true })).toBe('a!');
    expect(engine.view).toMatchObject({ model: 'cpu', device: cpu, fallback: reason });
    await crashNow();
    await crashNow();
    expect(engine.view.state).toBe('ready');
    // From the top, when the learner asks for it.
    await engine.restart();
    expect(engine.view).toMatchObject({ model: 'gpu', fallback: null });
  });

  it('is gone down for want of memory in the middle of a call, which is tried again', async () => {
    const { engine, workers } = engineOf(
      [
        (method, params, worker) => {
          if (method === 'work' && worker === workers[0]) throw new AppError('recogniser/out-of-memory', 'no room');
          return works(method, params, worker);
        },
      ],
      [plainCandidate('large', leaves('recogniser/out-of-memory')), plainCandidate('small')],
    );
    expect(await engine.call('work', 'a', { ...quick, retry: true })).toBe('a!');
    expect(engine.view).toMatchObject({ model: 'small', fallback: reason });
    expect(workers.map(({ alive }) => alive)).toEqual([false, true]);
  });

  it('ends with its last candidate: its failures are the engine’s own', async () => {
    const always = leaves('recogniser/crashed', 'recogniser/out-of-memory');
    const { engine } = engineOf([crash], [plainCandidate('gpu', always), plainCandidate('cpu', always)]);
    await engine.warmUp();
    expect(engine.view).toMatchObject({ state: 'failed', model: 'cpu', error: { code: 'recogniser/crashed' } });
  });

  it('is asked for at the first start, when all that it depends on is known', async () => {
    let candidates: [EngineCandidate<Methods>] = [plainCandidate('early')];
    const engine = createEngine<Methods>({
      codes,
      limits,
      log: silentLog,
      candidates: () => candidates,
      spawn: () => fakeWorker(works).process,
      onChange: () => undefined,
    });
    candidates = [plainCandidate('late')];
    await engine.warmUp();
    expect(engine.view).toMatchObject({ state: 'ready', model: 'late' });
  });

  it('asks a candidate before it is loaded, and tells why one is passed over, on the same worker', async () => {
    const candidate = (answer: 'absent' | ErrorView): EngineCandidate<Methods> => ({
      ...plainCandidate('gpu'),
      check: () => Promise.resolve(answer),
    });
    const absent = engineOf([works], [candidate('absent'), plainCandidate('cpu')]);
    await absent.engine.warmUp();
    expect(absent.engine.view).toMatchObject({ model: 'cpu', fallback: null });
    const broken = engineOf([works], [candidate(reason), plainCandidate('cpu')]);
    await broken.engine.warmUp();
    expect(broken.engine.view).toMatchObject({ model: 'cpu', fallback: reason });
    expect([absent.workers.length, broken.workers.length]).toEqual([1, 1]);
  });
});

describe('another model', () => {
  const named =
    (answer: string, device = cpu): FakeBehaviour =>
    (method) =>
      method === 'load' ? { device } : answer;

  /** An engine with a model called `old`, ready; `wanted.name` is what the next exchange goes over to. */
  async function withOldModel(behaviours: readonly FakeBehaviour[]) {
    const wanted = { name: 'old' };
    const workers: FakeWorker[] = [];
    const engine = createEngine<Methods>({
      codes,
      limits,
      log: silentLog,
      candidates: () => [plainCandidate(wanted.name)],
      spawn: () => {
        const worker = fakeWorker(behaviours[workers.length] ?? works);
        workers.push(worker);
        return worker.process;
      },
      onChange: () => undefined,
    });
    await engine.warmUp();
    wanted.name = 'new';
    return { engine, workers };
  }
  const free = () => Promise.resolve();

  it('takes over once nobody is busy; until then the old one answers', async () => {
    const { engine, workers } = await withOldModel([named('old says'), named('new says')]);
    const { promise: quiet, resolve: fallQuiet } = Promise.withResolvers<undefined>();
    const exchanged = engine.exchange(() => quiet);
    await expect.poll(() => workers.length).toBe(2);
    expect(await engine.call('work', 'a', quick)).toBe('old says');
    expect(engine.view).toMatchObject({ modelId: 'old', state: 'ready' });
    fallQuiet(undefined);
    await exchanged;
    expect(engine.view).toMatchObject({ modelId: 'new', state: 'ready' });
    expect(await engine.call('work', 'a', quick)).toBe('new says');
    expect(workers[0]?.alive).toBe(false);
    expect(workers[1]?.alive).toBe(true);
    engine.dispose();
  });

  it('lets the old one answer what it was asked', async () => {
    const { promise: late, resolve: answer } = Promise.withResolvers<string>();
    const { engine, workers } = await withOldModel([
      (method) => (method === 'load' ? { device: cpu } : late),
      named('new says'),
    ]);
    const asked = engine.call('work', 'a', { deadlineMs: 5000 });
    await engine.exchange(free);
    expect(workers[0]?.alive).toBe(true);
    answer('old says');
    expect(await asked).toBe('old says');
    await expect.poll(() => workers[0]?.alive).toBe(false);
    engine.dispose();
  });

  it('that does not load leaves the old one at work, and is told', async () => {
    const { engine, workers } = await withOldModel([named('old says'), crash]);
    await expect(engine.exchange(free)).rejects.toMatchObject({ code: codes.crashed });
    expect(engine.view).toMatchObject({ modelId: 'old', state: 'ready', error: null });
    expect(await engine.call('work', 'a', quick)).toBe('old says');
    expect(workers).toHaveLength(2);
    engine.dispose();
  });

  it('gives way to a third that comes meanwhile', async () => {
    const { engine, workers } = await withOldModel([named('old says'), named('second'), named('third')]);
    const { promise: quiet, resolve: fallQuiet } = Promise.withResolvers<undefined>();
    const second = engine.exchange(() => quiet);
    await expect.poll(() => workers.length).toBe(2);
    const third = engine.exchange(() => quiet);
    fallQuiet(undefined);
    await expect(second).rejects.toMatchObject({ code: codes.crashed });
    await third;
    expect(await engine.call('work', 'a', quick)).toBe('third');
    expect(workers.map(({ alive }) => alive)).toEqual([false, false, true]);
    engine.dispose();
  });

  it('on a GPU waits for the old one’s memory', async () => {
    const gpu: ComputeDevice = { kind: 'vulkan', name: 'A card' };
    const { engine, workers } = await withOldModel([named('old says', gpu), named('new says', gpu)]);
    await engine.exchange(() => {
      expect(workers).toHaveLength(1);
      return free();
    });
    expect(workers[0]?.alive).toBe(false);
    expect(await engine.call('work', 'a', quick)).toBe('new says');
    engine.dispose();
  });
});
