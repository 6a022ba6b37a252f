import { AppError } from '../../shared/errors.js';
import type { FromWorker, ToWorker, WorkerMethods } from '../../shared/worker-contract.js';

/** A worker's methods. `signal` aborts when the core no longer wants the answer. */
export type WorkerHandlers<M extends WorkerMethods> = {
  readonly [Name in keyof M]: (params: M[Name]['params'], signal: AbortSignal) => Promise<M[Name]['value']>;
};

/** Where a worker's messages come from and go to. */
export interface WorkerPort {
  post(message: FromWorker): void;
  onMessage(listener: (message: ToWorker) => void): void;
}

/** Answers requests until the process ends. Requests may run side by side; each can be aborted by its id. */
export function serve<M extends WorkerMethods>(handlers: WorkerHandlers<M>, port: WorkerPort = processPort()): void {
  const running = new Map<number, AbortController>();
  port.onMessage((message) => {
    if ('abort' in message) {
      running.get(message.abort)?.abort();
      return;
    }
    const controller = new AbortController();
    running.set(message.id, controller);
    void answer(handlers, message, controller.signal)
      .then((reply) => {
        port.post(reply);
      })
      .finally(() => running.delete(message.id));
  });
}

async function answer<M extends WorkerMethods>(
  handlers: WorkerHandlers<M>,
  { id, method, params }: Extract<ToWorker, { id: number }>,
  signal: AbortSignal,
): Promise<FromWorker> {
  try {
    if (!Object.hasOwn(handlers, method)) throw new Error(`no method ${method}`);
    return { id, ok: true, value: await (handlers[method] as WorkerHandlers<WorkerMethods>[string])(params, signal) };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    if (signal.aborted) return { id, ok: false, code: 'aborted', detail };
    return { id, ok: false, code: error instanceof AppError ? error.code : 'app/internal', detail };
  }
}

/** Electron's utility processes speak through `process.parentPort`, forked Node processes through `process.send`. */
function processPort(): WorkerPort {
  const parentPort = (process as { parentPort?: ElectronParentPort }).parentPort;
  if (parentPort) {
    return {
      post: (message) => {
        parentPort.postMessage(message);
      },
      onMessage: (listener) => {
        parentPort.on('message', ({ data }) => {
          listener(data as ToWorker);
        });
      },
    };
  }
  // The host is gone: nobody is left to answer.
  process.on('disconnect', () => process.exit(0));
  return {
    post: (message) => process.send?.(message),
    onMessage: (listener) => {
      process.on('message', (message) => {
        listener(message as ToWorker);
      });
    },
  };
}

/** The part of Electron's `ParentPort` used here; this folder does not import Electron. */
interface ElectronParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
}
