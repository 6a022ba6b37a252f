import { randomBytes } from 'node:crypto';
import { connect as connectSocket, type Socket } from 'node:net';
import { createConnection, type Connection, type QueryError } from 'mysql2';
import type { StoreAddress } from './connection-string.js';

/** How long a server may take to let us in, and to answer a call; ms. */
export interface Deadlines {
  readonly connectMs: number;
  readonly callMs: number;
}

/**
 * The longest answer that is taken, bytes. A page of the store has a thousand records, and the store takes no push of
 * more than a few megabytes; a server that goes on for longer means to fill the memory.
 */
const longestAnswerBytes = 64 * 1024 * 1024;
/** How often it is looked how much has come, ms. */
const lookMs = 50;

export const usualDeadlines: Deadlines = { connectMs: 10_000, callMs: 30_000 };

/** Bytes are passed as they are, text as UTF-8. */
export type Argument = Buffer | string | null;

/** The result sets of a call, each an array of rows. */
export type ResultSets = readonly (readonly unknown[])[];

/** One connection to a store, over TLS or not at all. */
export interface StoreConnection {
  /** False once it was lost or cut. */
  readonly isOpen: boolean;
  /** Throws the driver's error, or the signal's reason; after the latter, or no answer in time, it is closed. */
  call(routine: string, args: readonly Argument[], signal: AbortSignal): Promise<ResultSets>;
  /** Says goodbye to the server. */
  close(): void;
}

/**
 * Throws the driver's error, or the signal's reason.
 *
 * GUARANTEE: nothing of an account is sent to a server that did not prove, by a certificate of the named authority for
 * the named host, to be the store. mysql2 without `verifyIdentity` takes a certificate for any host.
 */
export async function openConnection(
  { host, port, schema, clientPassword, userName, certificateName, ca }: StoreAddress,
  signal: AbortSignal,
  deadlines: Deadlines = usualDeadlines,
): Promise<StoreConnection> {
  signal.throwIfAborted();
  const socket = connectSocket({ host, port, noDelay: true, keepAlive: true });
  const connection = createConnection({
    // mysql2 checks the certificate against `host`, and an IP address as if it were "localhost": so `host` is the
    // certificate's name here, and the socket is ours.
    host: certificateName,
    stream: socket,
    // The client account has no name. With one name for all, MySQL would let each end the others' connections.
    user: userName ?? `u${randomBytes(8).toString('hex')}`,
    password: clientPassword,
    database: schema,
    ssl: { ...(ca.length > 0 && { ca: [...ca] }), verifyIdentity: true, minVersion: 'TLSv1.2' },
    // A server must not read files here.
    flags: ['-LOCAL_FILES'],
    charset: 'utf8mb4_bin',
    supportBigNumbers: true,
    // The deadline is kept below.
    connectTimeout: 0,
  });
  const line = createLine(connection, socket);
  await line.exchange(
    (answer) => {
      connection.connect((error) => {
        answer(error, undefined);
      });
    },
    signal,
    deadlines.connectMs,
  );
  return wrap(line, connection, deadlines);
}

type Answer = (error: QueryError | null, results: unknown) => void;

interface Line {
  readonly isOpen: boolean;
  /** One exchange with the server; broken off, by time or by the signal, it takes the connection with it. */
  exchange(start: (answer: Answer) => void, signal: AbortSignal, deadlineMs: number): Promise<unknown>;
  close(): void;
}

/**
 * Every exchange ends. (mysql2 3.24.6 has a `timeout` that does not cover the preparing of a statement: with connections
 * that were cut or stalled there, callers waited for ever.)
 */
function createLine(connection: Connection, socket: Socket): Line {
  let isOpen = true;
  let breakOff: ((reason: Error) => void) | null = null;
  const cut = () => {
    isOpen = false;
    connection.destroy();
    socket.destroy();
  };
  const lost = (reason: Error) => {
    cut();
    breakOff?.(reason);
  };
  // Stays for good: an error that nobody listens to would end the process.
  connection.on('error', lost);
  socket.on('close', () => {
    isOpen = false;
    // The driver may have a better reason than this, and tells it in this same turn.
    setImmediate(lost, Object.assign(new Error('closed'), { code: 'PROTOCOL_CONNECTION_LOST' }));
  });
  return {
    get isOpen() {
      return isOpen;
    },
    exchange: (start, signal, deadlineMs) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted();
        const bytesBefore = socket.bytesRead;
        const looking = setInterval(() => {
          if (socket.bytesRead - bytesBefore > longestAnswerBytes)
            lost(Object.assign(new Error('the answer does not end'), { code: 'ANSWER_TOO_LONG' }));
        }, lookMs);
        const settle = () => {
          clearTimeout(deadline);
          clearInterval(looking);
          signal.removeEventListener('abort', abort);
          breakOff = null;
        };
        const abort = () => {
          cut();
          settle();
          reject(signal.reason as Error);
        };
        const deadline = setTimeout(() => {
          lost(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' }));
        }, deadlineMs);
        signal.addEventListener('abort', abort, { once: true });
        breakOff = (reason) => {
          settle();
          reject(reason);
        };
        start((error, results) => {
          settle();
          if (error?.fatal) cut();
          if (error) reject(error);
          else resolve(results);
        });
      }),
    close() {
      if (!isOpen) return;
      isOpen = false;
      connection.end(() => {
        connection.destroy();
      });
    },
  };
}

function wrap(line: Line, connection: Connection, deadlines: Deadlines): StoreConnection {
  const exchange = (start: (answer: Answer) => void, signal: AbortSignal) =>
    line.exchange(start, signal, deadlines.callMs);
  const callPrepared = (routine: string, args: readonly Argument[], signal: AbortSignal) => {
    const sql = `CALL ${routine}(${args.map(() => '?').join(', ')})`;
    return exchange((answer) => connection.execute({ sql, values: [...args] }, answer), signal);
  };
  const callAsText = (routine: string, args: readonly Argument[], signal: AbortSignal) => {
    const sql = `CALL ${routine}(${args.map(literal).join(', ')})`;
    return exchange((answer) => connection.query(sql, answer), signal);
  };
  const isMariaDb = async (signal: AbortSignal) => {
    // Asked for inside of TLS: the greeting, which names the server too, is not, and could be forged.
    const rows = await exchange((answer) => connection.query('SELECT VERSION() AS version', answer), signal);
    return /mariadb/i.test(JSON.stringify(rows));
  };

  return {
    get isOpen() {
      return line.isOpen;
    },
    async call(routine, args, signal) {
      let results: unknown;
      try {
        // GUARANTEE: no token, key or word of a learner stands in a statement. MariaDB shows the statements of all
        // connections of the client account to each of them, for the moment before a routine begins (measured: 214 of
        // 300 tokens were read off by another app). What a prepared statement is executed with is not shown.
        results = await callPrepared(routine, args, signal);
      } catch (error) {
        // A hostile client can use up the prepared statements of all. MySQL shows nobody's statements to other names:
        // there it may be text. On MariaDB we rather wait.
        if (!ranOutOfStatements(error) || (await isMariaDb(signal))) throw error;
        results = await callAsText(routine, args, signal);
      }
      return Array.isArray(results) ? (results as unknown[]).filter((set) => Array.isArray(set)) : [];
    },
    close: line.close,
  };
}

function ranOutOfStatements(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'errno' in error && error.errno === 1461;
}

/**
 * A value whatever is in it: hexadecimal digits have no quotes to get out of, and do not depend on the server's
 * `sql_mode`, as escaping does.
 */
function literal(value: Argument): string {
  if (value === null) return 'NULL';
  return typeof value === 'string'
    ? `_utf8mb4 x'${Buffer.from(value).toString('hex')}'`
    : `x'${value.toString('hex')}'`;
}
