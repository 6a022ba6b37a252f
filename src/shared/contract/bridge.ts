import type { Result } from '../errors.js';

/**
 * What the preload script exposes as `window.botchat`, and nothing else. Names and payloads are typed by the
 * contract on the renderer's side of the door and checked on the core's.
 */
export interface ContractBridge {
  request(route: string, input: unknown): Promise<Result<unknown>>;
  /** Calls `listener` for every event; returns the function that ends it. */
  on(listener: (name: string, payload: unknown) => void): () => void;
}
