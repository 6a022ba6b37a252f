import type { EngineView } from '../../../shared/contract/app.js';
import { AppError, type ErrorView } from '../../../shared/errors.js';
import type { WorkerMethods } from '../../../shared/worker-contract.js';
import type { Log, WorkerProcess } from '../ports.js';
import { createWorkerClient, type CallOptions, type WorkerClient, type WorkerCodes } from './worker-client.js';

/** One native engine: a worker process with a model loaded, started again after it ends. */
export interface Engine<M extends WorkerMethods> {
  readonly view: EngineView;
  /** Starts it, if it is not up. Never throws: `view` tells how it went. */
  warmUp(): Promise<void>;
  /** Calls a method, starting the engine first where needed. Rejects as `WorkerClient.call` does. */
  call<Name extends keyof M & string>(
    method: Name,
    params: M[Name]['params'],
    options: CallOptions,
  ): Promise<M[Name]['value']>;
  dispose(): void;
}

export interface EngineOptions<M extends WorkerMethods> {
  readonly model: { readonly name: string; readonly demo: boolean };
  readonly codes: WorkerCodes;
  readonly log: Log;
  spawn(): WorkerProcess;
  /** Loads the model in a fresh worker; answers the device that really computes. */
  load(worker: WorkerClient<M>): Promise<{ readonly device: string }>;
  onChange(): void;
}

export function createEngine<M extends WorkerMethods>(options: EngineOptions<M>): Engine<M> {
  const { model, codes, log } = options;
  let state: Pick<EngineView, 'state' | 'device' | 'error'> = { state: 'starting', device: null, error: null };
  /** The running worker, or the one being started. */
  let running: Promise<WorkerClient<M>> | null = null;
  /** The process behind `running`, while it is there: one that is still starting must end with us, too. */
  let process: WorkerProcess | null = null;
  let disposed = false;

  const change = (next: typeof state) => {
    state = next;
    options.onChange();
  };

  const start = async (): Promise<WorkerClient<M>> => {
    change({ state: 'starting', device: null, error: null });
    process = options.spawn();
    const worker = createWorkerClient<M>(process, codes);
    worker.onExit(() => {
      running = null;
      process = null;
      if (disposed) return;
      log.warn('engine ended', { model: model.name, state: state.state });
      // One that worked is started again at once, so that it is warm for the next turn. One that does not even
      // start is left alone until it is asked for: it would only fail again.
      if (state.state === 'ready') void warmUp();
    });
    try {
      const { device } = await options.load(worker);
      change({ state: 'ready', device, error: null });
      return worker;
    } catch (error) {
      worker.kill();
      change({ state: 'failed', device: null, error: errorView(error, codes) });
      throw error;
    }
  };

  const client = (): Promise<WorkerClient<M>> => {
    if (disposed) return Promise.reject(new AppError(codes.crashed, 'closing'));
    running ??= start().catch((error: unknown) => {
      running = null;
      throw error;
    });
    return running;
  };

  const warmUp = async (): Promise<void> => {
    try {
      await client();
    } catch (error) {
      log.error('engine does not start', { model: model.name, error });
    }
  };

  return {
    get view() {
      return { ...state, model: model.name, demo: model.demo };
    },
    warmUp,
    call: async (method, params, callOptions) => (await client()).call(method, params, callOptions),
    dispose() {
      disposed = true;
      process?.kill();
    },
  };
}

function errorView(error: unknown, codes: WorkerCodes): ErrorView {
  return error instanceof AppError ? { code: error.code, detail: error.message } : { code: codes.failed };
}
