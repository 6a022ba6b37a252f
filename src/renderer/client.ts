import type { ContractBridge } from '../shared/contract/bridge.js';
import type { EventName, Events, Input, Output, Route } from '../shared/contract/contract.js';
import type { Result } from '../shared/errors.js';

/**
 * 'connecting': no word from the core yet. 'lost': it was there, and is being looked for. 'taken': another tab of
 * the web host has it now.
 */
export type Connection = 'connecting' | 'open' | 'lost' | 'taken';

/** The interface's only way to the core. Requests never reject: a failure is a value. */
export interface Client {
  request<R extends Route>(route: R, input: Input<R>): Promise<Result<Output<R>>>;
  on<E extends EventName>(event: E, listener: (payload: Events[E]) => void): () => void;
  /** Tells the connection as it is, at once, and every change of it after that. */
  onConnection(listener: (connection: Connection) => void): () => void;
  /** Connects again after 'taken'. */
  takeBack(): void;
}

/** Calls listeners by event name. */
export function createEventHub() {
  const listeners = new Map<string, Set<(payload: never) => void>>();
  return {
    on<E extends EventName>(event: E, listener: (payload: Events[E]) => void): () => void {
      const those = listeners.get(event) ?? new Set();
      listeners.set(event, those);
      those.add(listener);
      return () => those.delete(listener);
    },
    /** What comes out of the core is ours: its payloads are trusted to be what the contract says. */
    emit(event: string, payload: unknown): void {
      for (const listener of listeners.get(event) ?? []) listener(payload as never);
    },
  };
}

/** The client over Electron's preload bridge: connected for as long as the window lives. */
export function createBridgeClient(bridge: ContractBridge): Client {
  const hub = createEventHub();
  bridge.on(hub.emit);
  return {
    on: hub.on,
    request: async <R extends Route>(route: R, input: Input<R>) => {
      try {
        return (await bridge.request(route, input)) as Result<Output<R>>;
      } catch (error) {
        // The core answers with values only; a rejection is the IPC channel itself failing.
        return { ok: false, error: { code: 'app/internal', detail: String(error) } };
      }
    },
    onConnection: (listener) => {
      listener('open');
      return () => undefined;
    },
    takeBack: () => undefined,
  };
}
