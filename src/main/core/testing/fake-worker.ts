import type { ToWorker } from '../../../shared/worker-contract.js';
import type { WorkerProcess } from '../ports.js';

/** A worker process under a test's control: it answers when the test says so, and dies as it likes. */
export interface FakeWorker {
  readonly process: WorkerProcess;
  readonly sent: readonly ToWorker[];
  /** How often it was told to end. */
  readonly killed: number;
  /** Whether there is still a process. */
  readonly alive: boolean;
  reply(message: unknown): void;
  /** Ends it by itself, as a crash does. */
  exit(code: number | null): void;
}

/** What a fake worker does with a request: an answer, or nothing (it hangs, or the test replies later). */
export type FakeBehaviour = (method: string, params: unknown, worker: FakeWorker) => unknown;

/** Answer for: never. */
export const hang = Symbol('hang');

/** A fake worker; `behave` answers its requests (a thrown error is the reply), without it the test replies. */
export function fakeWorker(behave?: FakeBehaviour): FakeWorker {
  const sent: ToWorker[] = [];
  let onMessage: (message: unknown) => void = () => undefined;
  const exits: ((code: number | null) => void)[] = [];
  let killed = 0;
  let alive = true;
  const end = (code: number | null) => {
    if (!alive) return;
    alive = false;
    for (const exit of exits) exit(code);
  };

  async function answer({ id, method, params }: Extract<ToWorker, { id: number }>): Promise<void> {
    try {
      const value = await behave?.(method, params, worker);
      if (alive && value !== hang) onMessage({ id, ok: true, value });
    } catch (error) {
      const { code = 'app/internal', message } = error as { readonly code?: string; readonly message: string };
      if (alive) onMessage({ id, ok: false, code, detail: message });
    }
  }

  const worker: FakeWorker = {
    process: {
      pid: 1,
      post: (message) => {
        sent.push(message as ToWorker);
        if (behave && alive && 'id' in (message as ToWorker)) void answer(message as Extract<ToWorker, { id: number }>);
      },
      onMessage: (listener) => (onMessage = listener),
      onExit: (listener) => exits.push(listener),
      kill: () => {
        killed += 1;
        end(null);
      },
    },
    sent,
    get killed() {
      return killed;
    },
    get alive() {
      return alive;
    },
    reply: (message) => {
      onMessage(message);
    },
    exit: end,
  };
  return worker;
}
