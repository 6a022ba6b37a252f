import { createServer, type AddressInfo, type Socket } from 'node:net';
import { duplexPair } from 'node:stream';
import { createSecureContext, TLSSocket, type SecureContextOptions } from 'node:tls';

export interface RogueServer {
  readonly port: number;
  readonly connections: number;
  /** What was said to it in the open: at most the request for TLS, and TLS itself. */
  readonly heardInTheOpen: Buffer;
  /** What was said to it inside of TLS: it would begin with a name and a password. */
  readonly heardInside: Buffer;
  close(): void;
}

const clientSsl = 0x0800;
/** PROTOCOL_41, TRANSACTIONS, SECURE_CONNECTION, PLUGIN_AUTH, CONNECT_WITH_DB and what else a server of today says. */
const capabilities = 0x00_0f_a2_0f;

/** A server that says it is MySQL, with TLS as given, or without, or with a greeting of its own. */
export async function startRogueServer(
  tls: SecureContextOptions | null,
  greeting?: () => Buffer,
): Promise<RogueServer> {
  let connections = 0;
  const open: Buffer[] = [];
  const inside: Buffer[] = [];
  const sockets = new Set<Socket>();
  const listener = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    socket.write(greeting?.() ?? usualGreeting(tls !== null));
    const [outer, inner] = duplexPair();
    if (tls !== null) {
      const secure = new TLSSocket(inner, { isServer: true, secureContext: createSecureContext(tls) });
      secure.on('error', () => undefined);
      secure.on('data', (said: Buffer) => inside.push(said));
      outer.on('data', (chunk: Buffer) => socket.write(chunk));
    }
    // The request for TLS is 36 bytes; what follows it belongs to TLS.
    let request = 36;
    socket.on('data', (chunk: Buffer) => {
      open.push(chunk);
      const rest = chunk.subarray(request);
      request = Math.max(0, request - chunk.length);
      if (tls !== null && rest.length > 0) outer.write(rest);
    });
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return {
    port: (listener.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    get heardInTheOpen() {
      return Buffer.concat(open);
    },
    get heardInside() {
      return Buffer.concat(inside);
    },
    close() {
      listener.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

export function usualGreeting(withTls: boolean): Buffer {
  const can = withTls ? capabilities | clientSsl : capabilities & ~clientSsl;
  const numbers = Buffer.alloc(8);
  numbers.writeUInt16LE(can & 0xffff, 0);
  numbers.writeUInt8(45, 2);
  numbers.writeUInt16LE(2, 3);
  numbers.writeUInt16LE(can >>> 16, 5);
  numbers.writeUInt8(21, 7);
  const payload = Buffer.concat([
    Buffer.from([10]),
    Buffer.from('8.0.99\0'),
    Buffer.from([1, 0, 0, 0]),
    Buffer.from('saltsalt\0'),
    numbers,
    Buffer.alloc(10),
    Buffer.from('moresaltsalt\0mysql_native_password\0'),
  ]);
  const header = Buffer.alloc(4);
  header.writeUIntLE(payload.length, 0, 3);
  return Buffer.concat([header, payload]);
}
