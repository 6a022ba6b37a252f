import type { EventName, Events } from '../../shared/contract/contract.js';

export type EventListener = <E extends EventName>(name: E, payload: Events[E]) => void;

/** What services tell the interface. */
export interface EventHub {
  readonly emit: EventListener;
  /** Returns the function that ends the subscription. */
  on(listener: EventListener): () => void;
}

export function createEventHub(): EventHub {
  const listeners = new Set<EventListener>();
  return {
    emit(name, payload) {
      for (const listener of listeners) listener(name, payload);
    },
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
