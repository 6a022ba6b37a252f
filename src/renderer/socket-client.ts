import { decode, encode } from '@msgpack/msgpack';
import type { Input, Output, Route } from '../shared/contract/contract.js';
import { takenOverCode, type ClientMessage, type HostMessage } from '../shared/contract/wire.js';
import type { Result } from '../shared/errors.js';
import { createEventHub, type Client, type Connection } from './client.js';

const firstRetryMs = 250;
const longestRetryMs = 5_000;

/** How long to wait before the n-th attempt (from 0) to connect again. */
export function retryDelayMs(attempt: number): number {
  return Math.min(longestRetryMs, firstRetryMs * 2 ** attempt);
}

type Answer = (result: Result<unknown>) => void;

const disconnected = { ok: false, error: { code: 'app/disconnected' } } as const;

/**
 * The client over one WebSocket to the web host. A cut answers every request in flight with `app/disconnected` (the
 * core may or may not have done it: the caller reloads) and connects again with growing pauses.
 */
export function createSocketClient(openSocket: () => WebSocket): Client {
  const hub = createEventHub();
  const inFlight = new Map<number, Answer>();
  const connectionListeners = new Set<(connection: Connection) => void>();
  let socket: WebSocket | null = null;
  let connection: Connection = 'connecting';
  let attempt = 0;
  let lastId = 0;

  function tell(next: Connection): void {
    if (next === connection) return;
    connection = next;
    for (const listener of connectionListeners) listener(next);
  }

  function receive(data: unknown): void {
    if (!(data instanceof ArrayBuffer)) return;
    const message = decode(data) as HostMessage;
    if ('event' in message) {
      hub.emit(message.event, message.payload);
      return;
    }
    const answer = inFlight.get(message.id);
    inFlight.delete(message.id);
    answer?.(message.result);
  }

  function closed(code: number): void {
    socket = null;
    const cut = [...inFlight.values()];
    inFlight.clear();
    tell(code === takenOverCode ? 'taken' : 'lost');
    for (const answer of cut) answer(disconnected);
    if (code !== takenOverCode) {
      setTimeout(connect, retryDelayMs(attempt));
      attempt += 1;
    }
  }

  function connect(): void {
    if (socket !== null) return;
    const next = openSocket();
    socket = next;
    next.binaryType = 'arraybuffer';
    next.addEventListener('open', () => {
      attempt = 0;
      tell('open');
    });
    next.addEventListener('message', (event: MessageEvent<unknown>) => {
      receive(event.data);
    });
    next.addEventListener('close', (event) => {
      if (socket === next) closed(event.code);
    });
  }

  connect();
  return {
    on: hub.on,
    request: <R extends Route>(route: R, input: Input<R>) =>
      new Promise<Result<Output<R>>>((resolve) => {
        if (socket === null || connection !== 'open') {
          resolve(disconnected);
          return;
        }
        lastId += 1;
        const message: ClientMessage = { id: lastId, route, input };
        inFlight.set(lastId, resolve as Answer);
        socket.send(encode(message));
      }),
    onConnection: (listener) => {
      connectionListeners.add(listener);
      listener(connection);
      return () => connectionListeners.delete(listener);
    },
    takeBack: () => {
      if (connection !== 'taken') return;
      tell('lost');
      connect();
    },
  };
}
