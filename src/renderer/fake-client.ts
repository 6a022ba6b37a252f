import type { Input, Route } from '../shared/contract/contract.js';
import type { Result } from '../shared/errors.js';
import { createEventHub, type Client, type Connection } from './client.js';

/** A client that answers as a test says and remembers what it was asked. For tests. */
export function createFakeClient() {
  const hub = createEventHub();
  const asked: (readonly [route: Route, input: unknown])[] = [];
  const answers = new Map<Route, (input: never) => Result<unknown> | Promise<Result<unknown>>>();
  const connections = new Set<(connection: Connection) => void>();
  const client: Client = {
    on: hub.on,
    request: async <R extends Route>(route: R, input: Input<R>) => {
      asked.push([route, input]);
      const answer = answers.get(route);
      return (answer === undefined ? { ok: true, value: null } : await answer(input as never)) as never;
    },
    onConnection: (listener) => {
      connections.add(listener);
      return () => connections.delete(listener);
    },
    takeBack: () => undefined,
  };
  return {
    client,
    asked,
    emit: hub.emit,
    routes: (): readonly Route[] => asked.map(([route]) => route),
    answer<R extends Route>(route: R, answer: (input: Input<R>) => Result<unknown> | Promise<Result<unknown>>): void {
      answers.set(route, answer);
    },
    connect(connection: Connection): void {
      for (const listener of connections) listener(connection);
    },
  };
}

/** Lets everything that is ready to go on, go on. */
export function settle(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}
