import type { ErrorCode } from '../../shared/errors.js';
import { AppError } from '../../shared/errors.js';
import type { FromWorker, ToWorker, WorkerMethods } from '../../shared/worker-contract.js';
import type { WorkerProcess } from './ports.js';

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** The worker is killed when it has not answered by then. */
  readonly deadlineMs: number;
}

/** The core's side of one worker process: typed calls, each with a deadline. It lives as long as its process. */
export interface WorkerClient<M extends WorkerMethods> {
  readonly pid: number | undefined;
  /**
   * Rejects with the signal's reason when aborted; else with an `AppError`: the worker's own code, or `codes.crashed`
   * or `codes.timeout` when the process is no more. Every call still waiting then is rejected.
   */
  call<Name extends keyof M & string>(
    method: Name,
    params: M[Name]['params'],
    options: CallOptions,
  ): Promise<M[Name]['value']>;
  onExit(listener: () => void): void;
  /** Ends the process, and at once whatever else hangs on `ended`. */
  kill(): void;
  /** Aborted when the process is no more, or is told to end by `kill`. */
  readonly ended: AbortSignal;
  /** We ended it with `kill`: what became of its calls says nothing of the engine. */
  readonly isKilled: boolean;
}

export interface WorkerCodes {
  readonly crashed: ErrorCode;
  readonly timeout: ErrorCode;
  /** For what the worker threw without a code. */
  readonly failed: ErrorCode;
}

interface Pending {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

export function createWorkerClient<M extends WorkerMethods>(
  process: WorkerProcess,
  codes: WorkerCodes,
): WorkerClient<M> {
  const pending = new Map<number, Pending>();
  const exitListeners: (() => void)[] = [];
  let lastId = 0;
  let exited = false;
  let isKilled = false;
  const ended = new AbortController();
  /** Why we killed it, if we did. */
  let killedFor: ErrorCode | null = null;

  process.onMessage((message) => {
    const reply = message as FromWorker;
    const waiting = pending.get(reply.id);
    if (reply.ok) waiting?.resolve(reply.value);
    else if (reply.code !== 'aborted') {
      waiting?.reject(new AppError(reply.code === 'app/internal' ? codes.failed : reply.code, reply.detail));
    }
  });
  process.onExit((exitCode) => {
    exited = true;
    for (const { reject } of pending.values()) {
      reject(new AppError(killedFor ?? codes.crashed, `worker ended (${String(exitCode)})`));
    }
    ended.abort();
    for (const listener of exitListeners) listener();
  });

  return {
    pid: process.pid,

    async call(method, params, { signal, deadlineMs }) {
      signal?.throwIfAborted();
      if (exited) throw new AppError(codes.crashed, 'worker has ended');
      const id = ++lastId;
      const send = (message: ToWorker) => {
        process.post(message);
      };
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      const deadline = setTimeout(() => {
        killedFor = codes.timeout;
        process.kill();
      }, deadlineMs);
      // The caller need not wait until the engine has really stopped: the worker drops the late answer.
      const abort = () => {
        send({ abort: id });
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', abort, { once: true });
      pending.set(id, { resolve, reject });
      try {
        send({ id, method, params });
        return await promise;
      } finally {
        pending.delete(id);
        clearTimeout(deadline);
        signal?.removeEventListener('abort', abort);
      }
    },

    onExit(listener) {
      exitListeners.push(listener);
    },

    kill() {
      // Its id may be another process's by now.
      if (exited) return;
      isKilled = true;
      process.kill();
      ended.abort();
    },

    ended: ended.signal,
    get isKilled() {
      return isKilled;
    },
  };
}
