import { decode, encode } from '@msgpack/msgpack';
import type { WebSocket } from 'ws';
import { takenOverCode, type ClientMessage, type HostMessage } from '../../shared/contract/wire.js';
import type { Core } from '../core/core.js';
import type { Log } from '../core/ports.js';

/** Carries the contract over WebSockets. There is one interface at a time: a newer page takes over from an older. */
export function createContractSocket(core: Core, log: Log): { accept(socket: WebSocket): void; close(): void } {
  let current: WebSocket | null = null;

  const send = (socket: WebSocket, message: HostMessage) => {
    if (socket.readyState !== socket.OPEN) return;
    try {
      socket.send(encode(message));
    } catch (error) {
      // What cannot be encoded is a defect of that message; neither the app nor the service that told it may stumble.
      log.error('message could not be sent', { message: 'event' in message ? message.event : message.id, error });
    }
  };

  const stopEvents = core.onEvent((event, payload) => {
    if (current) send(current, { event, payload });
  });

  return {
    accept(socket) {
      current?.close(takenOverCode, 'opened elsewhere');
      current = socket;
      socket.on('message', (data: Buffer) => {
        const message = parseMessage(data);
        if (!message) {
          log.warn('message that is none');
          socket.close(1008, 'bad message');
          return;
        }
        void core.router.dispatch(message.route, message.input).then((result) => {
          send(socket, { id: message.id, result });
        });
      });
      socket.on('close', () => {
        if (current === socket) current = null;
      });
      socket.on('error', (error) => {
        log.warn('socket failed', { error });
      });
    },

    close() {
      stopEvents();
      current?.close(1001, 'closing');
    },
  };
}

function parseMessage(data: Buffer): ClientMessage | null {
  try {
    const message = decode(data) as Partial<ClientMessage> | null;
    return typeof message?.id === 'number' && typeof message.route === 'string' ? (message as ClientMessage) : null;
  } catch {
    // Not MessagePack at all.
    return null;
  }
}
