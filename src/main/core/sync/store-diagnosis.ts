import { lookup } from 'node:dns/promises';
import { connect, type Socket } from 'node:net';
import { checkServerIdentity, connect as connectTls, type TLSSocket } from 'node:tls';
import { AccountError, certificateError, toAccountError, type AccountErrorCode } from './account-errors.js';
import type { AccountStore, StoreInfo } from './account-store.js';
import { parseConnectionString, type ConnectionStringProblem, type StoreAddress } from './connection-string.js';

export type Diagnosis =
  | { readonly ok: true; readonly address: StoreAddress; readonly info: StoreInfo }
  | { readonly ok: false; readonly code: AccountErrorCode };

/** What a connection string that cannot be read means to whoever pasted it. */
export const connectionStringErrors: Readonly<Record<ConnectionStringProblem, AccountErrorCode>> = {
  'not-a-connection-string': 'account/bad-connection-string',
  damaged: 'account/connection-string-damaged',
  'too-new': 'account/store-too-new',
};

/**
 * Finds out whether a pasted connection string leads to an account store, and otherwise the first thing that is in its
 * way. Throws only the signal's reason.
 */
export async function diagnose(
  connectionString: string,
  createStore: (address: StoreAddress) => AccountStore,
  signal: AbortSignal,
): Promise<Diagnosis> {
  const parsed = parseConnectionString(connectionString);
  if (!parsed.ok) return { ok: false, code: connectionStringErrors[parsed.problem] };
  const { address } = parsed;
  try {
    await probeTls(address, signal);
    const info = await createStore(address).burst((calls) => calls.info(), signal);
    return { ok: true, address, info };
  } catch (error) {
    signal.throwIfAborted();
    return { ok: false, code: toAccountError(error).code };
  }
}

const probeMs = 10_000;

/** MySQL's protocol, as far as TLS: dev.mysql.com, "Connection Phase". */
const protocolVersion = 10;
const errorPacket = 0xff;
const clientSsl = 0x0800;
const clientProtocol41 = 0x0200;
const clientSecureConnection = 0x8000;

/**
 * Goes as far as TLS and no further: no name and no password is sent. Throws an `AccountError` that says more than the
 * driver, which has one error for whatever is wrong with a certificate; or the signal's reason.
 */
export async function probeTls(
  { host, port, certificateName, ca }: Pick<StoreAddress, 'host' | 'port' | 'certificateName' | 'ca'>,
  signal: AbortSignal,
): Promise<void> {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(probeMs)]);
  try {
    const { address } = await settle(lookup(host), deadline);
    const socket = connect({ host: address, port });
    try {
      await settle(occurs(socket, 'connect'), deadline);
      await settle(askForTls(socket), deadline);
      const secure = connectTls({
        socket,
        servername: certificateName,
        minVersion: 'TLSv1.2',
        checkServerIdentity: (_name, certificate) => checkServerIdentity(certificateName, certificate),
        ...(ca.length > 0 && { ca: [...ca] }),
      });
      try {
        await settle(occurs(secure, 'secureConnect'), deadline);
      } catch (error) {
        deadline.throwIfAborted();
        throw new AccountError(certificateError(error), undefined, null, { cause: error });
      } finally {
        secure.destroy();
      }
    } finally {
      socket.destroy();
    }
  } catch (error) {
    signal.throwIfAborted();
    throw deadline.aborted ? new AccountError('account/unreachable', 'no answer') : toAccountError(error);
  }
}

/** Reads the server's greeting and asks for TLS. */
async function askForTls(socket: Socket): Promise<void> {
  const greeting = await firstPacket(socket);
  if (greeting[0] === errorPacket) {
    throw toAccountError({ errno: greeting.length >= 3 ? greeting.readUInt16LE(1) : 0 });
  }
  // version text, 0; thread id (4), salt (8), 0; then the lower half of what the server can do.
  const capabilities = greeting.indexOf(0, 1) + 1 + 4 + 8 + 1;
  if (greeting[0] !== protocolVersion || greeting.length < capabilities + 2)
    throw new AccountError('account/not-a-store');
  // It speaks MySQL's protocol and has no stored routines.
  const version = greeting.toString('latin1', 1, greeting.indexOf(0, 1));
  if (/tidb|vitess/i.test(version)) throw new AccountError('account/not-a-store', version.slice(0, 40));
  if ((greeting.readUInt16LE(capabilities) & clientSsl) === 0) throw new AccountError('account/no-tls');
  const request = Buffer.alloc(4 + 32);
  request.writeUIntLE(32, 0, 3);
  request.writeUInt8(1, 3);
  request.writeUInt32LE(clientSsl | clientProtocol41 | clientSecureConnection, 4);
  request.writeUInt32LE(2 ** 24 - 1, 8);
  request.writeUInt8(45, 12); // utf8mb4
  socket.write(request);
}

function firstPacket(socket: Socket): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    const onData = (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      const length = received.length >= 4 ? received.readUIntLE(0, 3) : Infinity;
      // A greeting is short; what is not, is something else that listens there.
      if (received.length < Math.min(length + 4, 1024)) return;
      socket.off('data', onData);
      resolve(received.subarray(4, 4 + length));
    };
    socket.on('data', onData);
    socket.once('error', reject);
    socket.once('close', () => {
      reject(new AccountError('account/not-a-store', 'closed without a greeting'));
    });
  });
}

function occurs(socket: Socket | TLSSocket, event: 'connect' | 'secureConnect'): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once(event, resolve);
    socket.on('error', reject);
    socket.once('close', () => {
      reject(new AccountError('account/unreachable', 'closed'));
    });
  });
}

/** The promise, or the signal's reason when that comes first. */
function settle<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      reject(signal.reason as Error);
    };
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', abort);
    });
  });
}
