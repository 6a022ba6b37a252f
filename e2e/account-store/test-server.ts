import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, describe, it } from 'vitest';
import {
  ensureCertificates,
  findMariaDb,
  freePort,
  running,
  smallOptions,
  startMariaDb,
  tlsOptions,
  type Certificates,
  type PrivateServer,
} from '../../scripts/account-store/private-server.mjs';
import { parseConnectionString, type StoreAddress } from '../../src/main/core/sync/connection-string.js';

/**
 * Real servers to run the account store's tests on: a private MariaDB, and a MySQL where there is one. Each test file
 * has its own.
 */

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);
/** Gives a private MySQL 9 on a Debian; lies beside the checkout, where it is there at all. */
const mysqlTool = join(root, '../shared/tools/mysql-server');

export interface StoreServer {
  readonly product: 'MariaDB' | 'MySQL';
  readonly adminUrl: string;
  readonly connectionString: string;
  readonly address: StoreAddress;
  /** What signed the server's certificate; null on a server that is not ours. */
  readonly certificates: Certificates | null;
  /** The server's own process; null on a server that is not ours. */
  readonly process: PrivateServer | null;
  /** As the person who runs the server, in the store's schema. */
  readonly admin: Connection;
  /** Another connection like `admin`, for tests that hold something; its own to end. */
  secondAdmin(): Promise<Connection>;
  /** `npm run account-store -- …`; answers what it printed. */
  command(...args: readonly string[]): Promise<string>;
  /** A connection of a hostile app: the client account's password, and any SQL. */
  attacker(options?: { readonly user?: string }): Promise<Connection>;
  /** Stops the server, or kills it, and starts it again over its data. */
  restart(how?: { readonly kill?: boolean; readonly options?: readonly string[] }): Promise<void>;
  stop(): Promise<void>;
}

export interface ServerKind {
  readonly product: 'MariaDB' | 'MySQL';
  /** Why it cannot be had here; null where it can. */
  readonly missing: string | null;
  start(): Promise<StoreServer>;
}

export const serverKinds: readonly ServerKind[] = [
  {
    product: 'MariaDB',
    missing: findMariaDb() ? null : 'no MariaDB: apt install mariadb-server-core mariadb-client-core',
    start: () => startOwn('MariaDB', (folder, port, options) => startMariaDb({ folder, port, options })),
  },
  {
    product: 'MySQL',
    missing: mysqlIsHere() ? null : 'no MySQL: name one in BOTCHAT_TEST_MYSQL_URL',
    start: () => {
      const url = process.env.BOTCHAT_TEST_MYSQL_URL;
      return url ? openForeign(url) : startOwn('MySQL', startMySql);
    },
  },
];

/** Describes the same on every kind of server; one that is not here is a skipped test that says why. */
export function onEachServer(title: string, define: (server: () => StoreServer) => void): void {
  for (const kind of serverKinds) {
    describe(`${title}, on ${kind.product}`, () => {
      if (kind.missing !== null) {
        it('runs', ({ task, skip }) => {
          Object.assign(task.meta, { skipReason: kind.missing });
          skip();
        });
        return;
      }
      let server: StoreServer | null = null;
      beforeAll(async () => {
        server = await kind.start();
      });
      afterAll(async () => {
        await server?.stop();
      });
      define(() => {
        if (!server) throw new Error('the server did not start');
        return server;
      });
    });
  }
}

function mysqlIsHere(): boolean {
  if (process.env.BOTCHAT_TEST_MYSQL_URL) return true;
  return existsSync(mysqlTool) && process.platform === 'linux' && process.getuid?.() === 0;
}

async function startMySql(folder: string, port: number, options: readonly string[]): Promise<PrivateServer> {
  const certificates = ensureCertificates(folder);
  if (!existsSync(join(folder, 'data'))) {
    await run(mysqlTool, ['run', folder, '--initialize-insecure'], { timeout: 300_000 });
  }
  const socket = join(folder, 'server.sock');
  const pidFile = join(folder, 'server.pid');
  const child = spawn(
    mysqlTool,
    [
      'run',
      folder,
      `--socket=${socket}`,
      `--pid-file=${pidFile}`,
      `--port=${String(port)}`,
      '--bind-address=127.0.0.1',
      '--mysqlx=OFF',
      ...tlsOptions(certificates),
      // Root of a fresh MySQL is root@localhost, and comes by TCP; the reaper looks into the performance schema.
      ...smallOptions.filter((option) => !['--skip-name-resolve', '--performance-schema=OFF'].includes(option)),
      '--disable-log-bin',
      ...options,
    ],
    { stdio: 'ignore' },
  );
  const server = await running({ child, folder, socket, port, certificates });
  // The tool is a shell that waits for the server.
  const pid = Number(readFileSync(pidFile, 'utf8'));
  return {
    ...server,
    pid,
    async stop({ kill = false } = {}) {
      process.kill(pid, kill ? 'SIGKILL' : 'SIGTERM');
      await Promise.race([new Promise((resolve) => child.once('exit', resolve)), delay(20_000)]);
    },
  };
}

async function startOwn(
  product: 'MariaDB' | 'MySQL',
  start: (folder: string, port: number, options: readonly string[]) => Promise<PrivateServer>,
): Promise<StoreServer> {
  const folder = mkdtempSync(join(tmpdir(), 'botchat-store-test-'));
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  let server = await start(folder, port, []);
  const { certificates } = server;
  const adminUrl = `mysql://root@localhost:${String(port)}/botchat?ca=${encodeURIComponent(certificates.ca)}`;
  try {
    const store = await openStore(product, adminUrl, readFileSync(certificates.ca, 'utf8'), 'localhost');
    return {
      ...store,
      certificates,
      get process() {
        return server;
      },
      async restart({ kill = false, options = [] } = {}) {
        await server.stop({ kill });
        server = await start(folder, port, options);
        await store.reconnectAdmin();
      },
      get admin() {
        return store.admin;
      },
      async stop() {
        store.admin.destroy();
        await server.stop();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Somebody else's server: its schema is emptied first. */
async function openForeign(url: string): Promise<StoreServer> {
  const { searchParams } = new URL(url);
  const ca = searchParams.get('ca');
  const name = searchParams.get('name') ?? new URL(url).hostname;
  const authority = ca === null ? null : readFileSync(ca, 'utf8');
  const cleaner = await connectAdmin(url, authority, name, false);
  // There is one of it, and test files run side by side.
  await cleaner.query("DO GET_LOCK('botchat account store tests', 300)");
  await cleaner.query(`DROP DATABASE IF EXISTS ${new URL(url).pathname.slice(1)}`);
  await cleaner.query("DROP USER IF EXISTS ''@'%'");
  const store = await openStore('MySQL', url, authority, name);
  return {
    ...store,
    get admin() {
      return store.admin;
    },
    certificates: null,
    process: null,
    restart: () => Promise.reject(new Error('not our server')),
    async stop() {
      await store.admin.end();
      await cleaner.end();
    },
  };
}

async function connectAdmin(url: string, ca: string | null, name: string, withSchema = true): Promise<Connection> {
  const { hostname, port, username, password, pathname } = new URL(url);
  return await createConnection({
    host: hostname,
    port: Number(port || 3306),
    user: decodeURIComponent(username) || 'root',
    password: decodeURIComponent(password),
    ...(withSchema && { database: pathname.slice(1) }),
    charset: 'utf8mb4_bin',
    supportBigNumbers: true,
    // The name in a foreign certificate need not be the host's.
    ssl: { ...(ca !== null && { ca }), verifyIdentity: name === hostname },
  });
}

async function openStore(product: 'MariaDB' | 'MySQL', adminUrl: string, ca: string | null, name: string) {
  const command = async (...args: readonly string[]) => {
    const [command = '', ...rest] = args;
    const { stdout } = await run(process.execPath, ['scripts/account-store.mjs', command, adminUrl, ...rest], {
      cwd: root,
    });
    return stdout;
  };
  const connectionString = /^botchat:\S+$/m.exec(await command('init'))?.[0] ?? '';
  const parsed = parseConnectionString(connectionString);
  if (!parsed.ok) throw new Error(`init printed no connection string: ${parsed.problem}`);
  const { address } = parsed;
  const store = {
    product,
    adminUrl,
    connectionString,
    address,
    admin: await connectAdmin(adminUrl, ca, name),
    secondAdmin: () => connectAdmin(adminUrl, ca, name),
    async reconnectAdmin() {
      store.admin.destroy();
      store.admin = await connectAdmin(adminUrl, ca, name);
    },
    command,
    attacker: ({ user = `x${randomBytes(6).toString('hex')}` } = {}) =>
      createConnection({
        host: address.host,
        port: address.port,
        user,
        password: address.clientPassword,
        database: address.schema,
        ssl: { ca: [...address.ca], rejectUnauthorized: address.host === address.certificateName },
        supportBigNumbers: true,
        multipleStatements: true,
      }),
  };
  return store;
}

/** Skips, with the reason, a test that stops the server: where that is somebody else's. */
export function needsOwnServer(server: StoreServer, task: { readonly meta: object }, skip: () => void): void {
  if (server.process) return;
  Object.assign(task.meta, { skipReason: 'somebody else runs this server' });
  skip();
}

/** The first row of a query. */
export async function firstRow(
  connection: Connection,
  sql: string,
  values: readonly unknown[] = [],
): Promise<RowDataPacket> {
  const [rows] = await connection.query<RowDataPacket[]>(sql, [...values]);
  const [row] = rows;
  if (!row) throw new Error(`no row: ${sql}`);
  return row;
}

/** The number of the error that a statement fails with; 0 where it succeeds. */
export async function errnoOf(work: Promise<unknown>): Promise<number> {
  try {
    await work;
    return 0;
  } catch (error) {
    const { errno } = error as { errno?: unknown };
    return typeof errno === 'number' ? errno : -1;
  }
}
