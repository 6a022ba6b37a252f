import type { EngineView } from '../../../shared/contract/app.js';
import { AppError, type ErrorCode, type ErrorView } from '../../../shared/errors.js';
import type { ComputeDevice, WorkerMethods } from '../../../shared/worker-contract.js';
import type { Log, WorkerProcess } from '../ports.js';
import { createCircuit, type CircuitLimits } from './circuit.js';
import { createWorkerClient, type CallOptions, type WorkerClient, type WorkerCodes } from '../worker-client.js';

/**
 * One native engine: a worker process with a model loaded, started again after it ends.
 *
 * `recogniser.ts` gives it a ladder of candidates (see `device-ladder.ts`) and asks for `retry` where a take hangs on
 * the answer; text that may still change is not worth a second try. `voice.ts` asks for `retry`, too:
 * a reply that falls silent in the middle costs more than the second that a new worker takes.
 */
export interface Engine<M extends WorkerMethods> {
  readonly view: EngineView;
  /** Starts it, if it is not up. Never throws: `view` tells how it went. */
  warmUp(): Promise<void>;
  /**
   * Calls a method, starting the engine first where needed. Rejects as `WorkerClient.call` does, or with
   * `codes.stopped` at once while the engine is left alone.
   */
  call<Name extends keyof M & string>(
    method: Name,
    params: M[Name]['params'],
    options: EngineCallOptions,
  ): Promise<M[Name]['value']>;
  /**
   * Ends what runs and starts again from the first candidate, whatever happened before. Never throws. Calls in the middle
   * fail as if it had crashed, or go on with the new worker where they ask for `retry`.
   */
  restart(): Promise<void>;
  /**
   * Goes over to what `candidates` answers now, for another model: it is loaded beside the one that runs, which is left
   * once `whenFree` resolves and its last call has been answered. Where it runs on a GPU, whose memory may not hold two,
   * the old one ends first. Rejects where the new one does not start; the old one goes on then.
   */
  exchange(whenFree: () => Promise<void>): Promise<void>;
  dispose(): void;
}

export interface EngineCallOptions extends CallOptions {
  /** Try once more, on a fresh worker, when the first one ends before it has answered. Each try has its own deadline. */
  readonly retry?: boolean;
}

/** One way to run an engine. The better ones come first; each is left for the next when it does not work. */
export interface EngineCandidate<M extends WorkerMethods> {
  readonly model: { readonly id: string; readonly name: string; readonly demo: boolean };
  /**
   * Asked on a fresh worker before `load`: whether this candidate can be used at all. `absent` where there is no such
   * device, which nobody needs to be told of; else the reason. Rejects when the worker does not survive the question.
   * The last candidate is used whatever it says.
   */
  check?(worker: WorkerClient<M>): Promise<'use' | 'absent' | ErrorView>;
  /** Loads the model; answers the device that really computes. */
  load(worker: WorkerClient<M>): Promise<{ readonly device: ComputeDevice }>;
  /** After a failure in `check`, `load` or a call: why the next candidate is used from now on; null to keep this one. */
  leave?(error: AppError): ErrorView | null;
}

export interface EngineCodes extends WorkerCodes {
  /** For calls to an engine that is left alone. */
  readonly stopped: ErrorCode;
}

/** How patient the app is with its engines. Tests of faults have less time. */
export interface EngineLimits {
  /** The shortest deadline of a call, ms. */
  readonly callMs: number;
  /** The deadline of loading a model, ms: a large one from a slow disk takes a while, and so does a GPU's first run. */
  readonly loadMs: number;
  /** Once is an accident, twice is the retry of the same call; a third time in two minutes, another will not help. */
  readonly circuit: CircuitLimits;
}

export const engineLimits: EngineLimits = {
  callMs: 30_000,
  loadMs: 120_000,
  circuit: { crashes: 3, windowMs: 120_000 },
};

export interface EngineOptions<M extends WorkerMethods> {
  readonly codes: EngineCodes;
  readonly log: Log;
  readonly limits: EngineLimits;
  /** The ways to run it, best first; asked for at each start from the top. */
  candidates(): readonly [EngineCandidate<M>, ...EngineCandidate<M>[]];
  spawn(): WorkerProcess;
  onChange(): void;
  /** A clock that does not jump, ms. */
  now?(): number;
}

/** The candidates as they were answered once, and the one that it has come down to. */
interface Descent<M extends WorkerMethods> {
  readonly candidates: readonly [EngineCandidate<M>, ...EngineCandidate<M>[]];
  level: number;
  /** Why the better ones are not used. */
  fallback: ErrorView | null;
}

/** One worker, from the wish to have it on. */
interface WorkerLifetime<M extends WorkerMethods> {
  readonly descent: Descent<M>;
  readonly loaded: Promise<WorkerClient<M>>;
  /** The newest process: one that is still starting must end with us, too. */
  worker: WorkerClient<M> | null;
  /** What computes, once it is loaded. */
  device: ComputeDevice | null;
  /** We ended it: what becomes of it says nothing about the engine. */
  isOver: boolean;
  /** Calls that wait for an answer. */
  calls: number;
  /** Another one has taken its place: it ends with its last call. */
  isRetired: boolean;
}

export function createEngine<M extends WorkerMethods>(options: EngineOptions<M>): Engine<M> {
  const { codes, log } = options;
  const circuit = createCircuit(options.limits.circuit, options.now ?? (() => performance.now()));
  const beginDescent = (): Descent<M> => ({ candidates: options.candidates(), level: 0, fallback: null });
  let descent = beginDescent();
  let wasStarted = false;
  let state: Pick<EngineView, 'state' | 'device' | 'error'> = { state: 'starting', device: null, error: null };
  let lifetime: WorkerLifetime<M> | null = null;
  /** Another model, on its way to take the place of the one that runs. */
  let successor: WorkerLifetime<M> | null = null;
  let disposed = false;

  const candidateOf = ({ candidates, level }: Descent<M>) => candidates[level] ?? candidates[0];
  const isLast = ({ candidates, level }: Descent<M>) => level >= candidates.length - 1;
  const change = (next: typeof state) => {
    state = next;
    options.onChange();
  };

  /** Goes to the next candidate, if this failure is a reason to. */
  function stepDown(down: Descent<M>, error: unknown): boolean {
    if (isLast(down) || !(error instanceof AppError)) return false;
    const candidate = candidateOf(down);
    const reason = candidate.leave?.(error) ?? null;
    if (!reason) return false;
    log.warn('engine steps down', {
      model: candidate.model.name,
      reason: reason.code,
      cause: error.code,
      detail: error.message,
    });
    down.level += 1;
    down.fallback = reason;
    return true;
  }

  /** Answers whether the engine is left alone from now on. */
  function countCrash(): boolean {
    circuit.crashed();
    if (!circuit.isOpen) return false;
    log.error('engine is left alone: it crashed again and again', { model: candidateOf(descent).model.name });
    change({ state: 'stopped', device: null, error: { code: codes.stopped } });
    return true;
  }

  function spawn(current: WorkerLifetime<M>): WorkerClient<M> {
    const worker = createWorkerClient<M>(options.spawn(), codes);
    current.worker = worker;
    worker.onExit(() => {
      // One that ends before it is loaded is start()'s to deal with.
      if (current.isOver || current.device === null || disposed) return;
      current.isOver = true;
      if (lifetime !== current) return;
      log.warn('engine ended', { model: candidateOf(descent).model.name, device: state.device });
      lifetime = null;
      // It is started again at once, so that it is warm for the next turn.
      if (stepDown(descent, new AppError(codes.crashed, 'ended while it worked')) || !countCrash()) void warmUp();
    });
    return worker;
  }

  /** Starts a worker and loads the first candidate that works. Rejects where none does. */
  async function start(current: WorkerLifetime<M>): Promise<WorkerClient<M>> {
    const down = current.descent;
    let worker: WorkerClient<M> | null = null;
    // A function, since the answer changes while we wait.
    const isOver = () => current.isOver;
    for (;;) {
      try {
        worker ??= spawn(current);
        const answer = isLast(down) ? 'use' : ((await candidateOf(down).check?.(worker)) ?? 'use');
        // A candidate of before says nothing of those that are tried by now.
        if (isOver()) throw new Error('ended while it was checked');
        if (answer === 'use') {
          const { device } = await candidateOf(down).load(worker);
          if (isOver()) throw new Error('ended while it was loaded');
          current.device = device;
          return worker;
        }
        down.level += 1;
        if (answer !== 'absent') down.fallback = answer;
      } catch (error) {
        worker?.kill();
        worker = null;
        if (isOver()) throw new AppError(codes.crashed, 'ended on purpose', { cause: error });
        if (!stepDown(down, error)) throw error;
      }
    }
  }

  function beginLifetime(down: Descent<M>): WorkerLifetime<M> {
    const { promise, resolve, reject } = Promise.withResolvers<WorkerClient<M>>();
    const current: WorkerLifetime<M> = {
      descent: down,
      loaded: promise,
      worker: null,
      device: null,
      isOver: false,
      calls: 0,
      isRetired: false,
    };
    start(current).then(
      (worker) => {
        if (lifetime === current) change({ state: 'ready', device: current.device, error: null });
        resolve(worker);
      },
      (error: unknown) => {
        // What becomes of one that was to take the place of another says nothing of that other.
        const isOurs = !current.isOver && successor !== current;
        if (lifetime === current) lifetime = null;
        if (successor === current) successor = null;
        reject(isOurs ? giveUp(error) : error);
      },
    );
    return current;
  }

  /** One that does not even start is left until it is asked for: it would only fail again. */
  function giveUp(error: unknown): unknown {
    if (isEnd(error) && countCrash()) return stopped(error);
    const view = error instanceof AppError ? { code: error.code, detail: error.message } : { code: codes.failed };
    change({ state: 'failed', device: null, error: view });
    return error;
  }

  const isEnd = (error: unknown): boolean =>
    error instanceof AppError && (error.code === codes.crashed || error.code === codes.timeout);
  const stopped = (cause?: unknown) => new AppError(codes.stopped, undefined, { cause });

  /** The one that runs, or else a new one. Throws where the engine is left alone. */
  function wanted(): WorkerLifetime<M> {
    if (disposed) throw new AppError(codes.crashed, 'closing');
    if (circuit.isOpen) throw stopped();
    if (lifetime) return lifetime;
    // What they depend on (a setting) may be known only by now.
    if (!wasStarted) descent = beginDescent();
    wasStarted = true;
    change({ state: 'starting', device: null, error: null });
    return (lifetime = beginLifetime(descent));
  }

  async function warmUp(): Promise<void> {
    try {
      await wanted().loaded;
    } catch (error) {
      log.error('engine does not start', { model: candidateOf(descent).model.name, error });
    }
  }

  /** Ends a worker for good reasons of our own. */
  function end(current: WorkerLifetime<M> | null): void {
    if (!current) return;
    current.isOver = true;
    current.worker?.kill();
    if (lifetime === current) lifetime = null;
    if (successor === current) successor = null;
  }

  /** Ends it with its last call. */
  function retire(current: WorkerLifetime<M> | null): void {
    if (!current) return;
    current.isRetired = true;
    if (current.calls === 0) end(current);
  }

  async function restart(): Promise<void> {
    end(lifetime);
    end(successor);
    circuit.close();
    descent = beginDescent();
    wasStarted = true;
    await warmUp();
  }

  /** One try of a call. Marks, by `isEnd`, what another worker may do better. */
  async function callOnce<Name extends keyof M & string>(
    method: Name,
    params: M[Name]['params'],
    callOptions: CallOptions,
  ): Promise<M[Name]['value']> {
    callOptions.signal?.throwIfAborted();
    const current = wanted();
    current.calls += 1;
    try {
      const worker = await unlessAborted(current.loaded, callOptions.signal);
      try {
        return await worker.call(method, params, callOptions);
      } catch (error) {
        if (isEnd(error) || lifetime !== current || !stepDown(descent, error)) throw error;
        // It lives, but it cannot do this: out of memory, or a device that is lost.
        end(current);
        void warmUp();
        throw new AppError(codes.crashed, 'given up for the next candidate', { cause: error });
      }
    } finally {
      current.calls -= 1;
      if (current.isRetired && current.calls === 0) end(current);
    }
  }

  return {
    get view() {
      const { id, name, demo } = candidateOf(descent).model;
      return { ...state, modelId: id, model: name, demo, fallback: descent.fallback };
    },
    warmUp,

    async call(method, params, { retry = false, ...callOptions }) {
      try {
        return await callOnce(method, params, callOptions);
      } catch (error) {
        if (!isEnd(error) || callOptions.signal?.aborted) throw error;
        if (!retry || disposed) throw circuit.isOpen ? stopped(error) : error;
        log.warn('call is tried once more', { method, error });
      }
      try {
        return await callOnce(method, params, callOptions);
      } catch (error) {
        throw isEnd(error) && circuit.isOpen ? stopped(error) : error;
      }
    },

    restart,

    async exchange(whenFree) {
      // One that was never started begins with what there is then.
      if (disposed || !wasStarted) return;
      end(successor);
      if (lifetime?.device?.kind !== 'cpu') {
        await whenFree();
        await restart();
        return;
      }
      const next = (successor = beginLifetime(beginDescent()));
      // A function, since the answer changes while we wait.
      const isOver = () => next.isOver;
      await next.loaded;
      await whenFree();
      // Another exchange may have come meanwhile, or this one's worker may have died while it waited.
      if (isOver()) throw new AppError(codes.crashed, 'ended before its turn came');
      const former = lifetime;
      successor = null;
      lifetime = next;
      descent = next.descent;
      circuit.close();
      change({ state: 'ready', device: next.device, error: null });
      retire(former);
    },

    dispose() {
      disposed = true;
      end(lifetime);
      end(successor);
    },
  };
}

/** The promise's outcome, or the signal's reason if that comes first. */
async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => {
    reject(signal.reason as Error);
  };
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
