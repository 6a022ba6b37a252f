import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** What happens to a connection that comes through. Bytes are counted in both directions together. */
export type Fault =
  | { readonly kind: 'none' }
  | { readonly kind: 'cut'; readonly afterBytes: number }
  /** Nothing more is passed on, and nobody is told. */
  | { readonly kind: 'stall'; readonly afterBytes: number }
  /** The server gets all that was said, and is cut off when it answers. */
  | { readonly kind: 'lose-answer'; readonly afterBytesSent: number };

export interface CuttingProxy {
  readonly port: number;
  /** How often a fault really happened. */
  readonly injected: number;
  close(): void;
}

/** A way to a server on this machine on which connections meet with faults: `next` is asked for each of them. */
export async function startCuttingProxy(serverPort: number, next: () => Fault): Promise<CuttingProxy> {
  let injected = 0;
  const sockets = new Set<Socket>();
  const listener = createServer((client) => {
    const fault = next();
    const server = connect({ host: '127.0.0.1', port: serverPort, noDelay: true });
    let bytes = 0;
    let sent = 0;
    let stalled = false;
    const cut = () => {
      client.destroy();
      server.destroy();
    };
    const happen = () => {
      injected += 1;
      if (fault.kind === 'stall') stalled = true;
      else cut();
    };
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        if (!stalled) cut();
      });
    }
    const pass = (from: Socket, to: Socket) => {
      from.on('data', (chunk: Buffer) => {
        if (stalled) return;
        bytes += chunk.length;
        if (from === client) sent += chunk.length;
        if ((fault.kind === 'cut' || fault.kind === 'stall') && bytes > fault.afterBytes) return happen();
        if (fault.kind === 'lose-answer' && from === server && sent > fault.afterBytesSent) return happen();
        to.write(chunk);
      });
    };
    pass(client, server);
    pass(server, client);
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return {
    port: (listener.address() as AddressInfo).port,
    get injected() {
      return injected;
    },
    close() {
      listener.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
