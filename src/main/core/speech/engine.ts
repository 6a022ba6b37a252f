import type { EngineView } from '../../../shared/contract/app.js';
import { AppError, type ErrorCode, type ErrorView } from '../../../shared/errors.js';
import type { ComputeDevice, WorkerMethods } from '../../../shared/worker-contract.js';
import type { Log, WorkerProcess } from '../ports.js';
import { createCircuit, type CircuitLimits } from './circuit.js';
import { createWorkerClient, type CallOptions, type WorkerClient, type WorkerCodes } from './worker-client.js';

/**
 * One native engine: a worker process with a model loaded, started again after it ends.
 *
 * `recogniser.ts` gives it a ladder of candidates (see `device-ladder.ts`) and asks for `retry` where a take hangs on
 * the answer; text that may still change is not worth a second try. `voice.ts` gives it one candidate, and asks for
 * `retry`, too: a reply that falls silent in the middle costs more than the second that a new worker takes.
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
  dispose(): void;
}

export interface EngineCallOptions extends CallOptions {
  /** Try once more, on a fresh worker, when the first one ends before it has answered. Each try has its own deadline. */
  readonly retry?: boolean;
}

/** One way to run an engine. The better ones come first; each is left for the next when it does not work. */
export interface EngineCandidate<M extends WorkerMethods> {
  readonly model: { readonly name: string; readonly demo: boolean };
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

/** One worker, from the wish to have it on. */
interface WorkerLifetime<M extends WorkerMethods> {
  readonly loaded: Promise<WorkerClient<M>>;
  /** The newest process: one that is still starting must end with us, too. */
  worker: WorkerClient<M> | null;
  isLoaded: boolean;
  /** We ended it: what becomes of it says nothing about the engine. */
  isOver: boolean;
}

export function createEngine<M extends WorkerMethods>(options: EngineOptions<M>): Engine<M> {
  const { codes, log } = options;
  const circuit = createCircuit(options.limits.circuit, options.now ?? (() => performance.now()));
  let candidates = options.candidates();
  let level = 0;
  let wasStarted = false;
  let fallback: ErrorView | null = null;
  let state: Pick<EngineView, 'state' | 'device' | 'error'> = { state: 'starting', device: null, error: null };
  let lifetime: WorkerLifetime<M> | null = null;
  let disposed = false;

  const candidate = () => candidates[level] ?? candidates[0];
  const isLast = () => level >= candidates.length - 1;
  const change = (next: typeof state) => {
    state = next;
    options.onChange();
  };

  /** Goes to the next candidate, if this failure is a reason to. */
  function stepDown(error: unknown): boolean {
    if (isLast() || !(error instanceof AppError)) return false;
    const reason = candidate().leave?.(error) ?? null;
    if (!reason) return false;
    log.warn('engine steps down', {
      model: candidate().model.name,
      reason: reason.code,
      cause: error.code,
      detail: error.message,
    });
    level += 1;
    fallback = reason;
    return true;
  }

  /** Answers whether the engine is left alone from now on. */
  function countCrash(): boolean {
    circuit.crashed();
    if (!circuit.isOpen) return false;
    log.error('engine is left alone: it crashed again and again', { model: candidate().model.name });
    change({ state: 'stopped', device: null, error: { code: codes.stopped } });
    return true;
  }

  function spawn(current: WorkerLifetime<M>): WorkerClient<M> {
    const worker = createWorkerClient<M>(options.spawn(), codes);
    current.worker = worker;
    worker.onExit(() => {
      // One that ends before it is loaded is start()'s to deal with.
      if (current.isOver || !current.isLoaded || disposed) return;
      log.warn('engine ended', { model: candidate().model.name, device: state.device });
      lifetime = null;
      // It is started again at once, so that it is warm for the next turn.
      if (stepDown(new AppError(codes.crashed, 'ended while it worked')) || !countCrash()) void warmUp();
    });
    return worker;
  }

  async function start(current: WorkerLifetime<M>): Promise<WorkerClient<M>> {
    change({ state: 'starting', device: null, error: null });
    let worker: WorkerClient<M> | null = null;
    // A function, since the answer changes while we wait.
    const isOver = () => current.isOver;
    for (;;) {
      try {
        worker ??= spawn(current);
        const answer = isLast() ? 'use' : ((await candidate().check?.(worker)) ?? 'use');
        // A candidate of before says nothing of those that are tried by now.
        if (isOver()) throw new Error('ended while it was checked');
        if (answer === 'use') {
          const { device } = await candidate().load(worker);
          if (isOver()) throw new Error('ended while it was loaded');
          current.isLoaded = true;
          change({ state: 'ready', device, error: null });
          return worker;
        }
        level += 1;
        if (answer !== 'absent') fallback = answer;
      } catch (error) {
        worker?.kill();
        worker = null;
        if (isOver()) throw new AppError(codes.crashed, 'ended on purpose', { cause: error });
        if (!stepDown(error)) throw giveUp(error);
      }
    }
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

  function loaded(): Promise<WorkerClient<M>> {
    if (disposed) return Promise.reject(new AppError(codes.crashed, 'closing'));
    if (circuit.isOpen) return Promise.reject(stopped());
    if (lifetime) return lifetime.loaded;
    // What they depend on (a setting) may be known only by now.
    if (!wasStarted) candidates = options.candidates();
    wasStarted = true;
    const { promise, resolve, reject } = Promise.withResolvers<WorkerClient<M>>();
    const current: WorkerLifetime<M> = { loaded: promise, worker: null, isLoaded: false, isOver: false };
    lifetime = current;
    start(current).then(resolve, (error: unknown) => {
      if (lifetime === current) lifetime = null;
      reject(error);
    });
    return promise;
  }

  async function warmUp(): Promise<void> {
    try {
      await loaded();
    } catch (error) {
      log.error('engine does not start', { model: candidate().model.name, error });
    }
  }

  /** Ends the worker for good reasons of our own. */
  function end(): void {
    if (!lifetime) return;
    lifetime.isOver = true;
    lifetime.worker?.kill();
    lifetime = null;
  }

  /** One try of a call. Marks, by `isEnd`, what another worker may do better. */
  async function callOnce<Name extends keyof M & string>(
    method: Name,
    params: M[Name]['params'],
    callOptions: CallOptions,
  ): Promise<M[Name]['value']> {
    callOptions.signal?.throwIfAborted();
    const worker = await unlessAborted(loaded(), callOptions.signal);
    try {
      return await worker.call(method, params, callOptions);
    } catch (error) {
      if (isEnd(error) || lifetime?.worker !== worker || !stepDown(error)) throw error;
      // It lives, but it cannot do this: out of memory, or a device that is lost.
      end();
      void warmUp();
      throw new AppError(codes.crashed, 'given up for the next candidate', { cause: error });
    }
  }

  return {
    get view() {
      const { name, demo } = candidate().model;
      return { ...state, model: name, demo, fallback };
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

    async restart() {
      end();
      circuit.close();
      candidates = options.candidates();
      level = 0;
      fallback = null;
      await warmUp();
    },

    dispose() {
      disposed = true;
      end();
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
