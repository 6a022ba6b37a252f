import { execFile, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { findMariaDb, freePort, running, type PrivateServer } from '../../scripts/account-store/private-server.mjs';

/**
 * A server as its installation leaves it, with a configuration and the product's own programs: for tests of what an
 * administrator does. The stores of other tests are on servers that are set up already (test-server.ts).
 */

const run = promisify(execFile);
const asRoot = process.getuid?.() === 0 ? ['--user=root'] : [];

export interface FreshKind {
  readonly product: 'MariaDB' | 'MySQL';
  /** Why it cannot be had here; null where it can. */
  readonly missing: string | null;
  /** What its program for statements is called. */
  readonly client: string;
  readonly server: () => string;
  install(data: string): Promise<void>;
}

/** MySQL's own programs; MariaDB has some of the same names. */
const mySqlPath = [process.env.BOTCHAT_TEST_MYSQL_PATH, process.env.PATH, '/usr/sbin'].filter(Boolean).join(delimiter);

export const freshKinds: readonly FreshKind[] = [
  {
    product: 'MariaDB',
    missing: findMariaDb() ? null : 'no MariaDB: apt install mariadb-server-core mariadb-client-core',
    client: 'mariadb',
    server: () => findMariaDb()?.server ?? '',
    // With its test schemas.
    install: async (data) => {
      const method = '--auth-root-authentication-method=normal';
      await run(findMariaDb()?.installer ?? '', ['--no-defaults', `--datadir=${data}`, method, ...asRoot]);
    },
  },
  {
    product: 'MySQL',
    missing: whyNoMySql(),
    client: 'mysql',
    server: () => 'mysqld',
    install: async (data) => {
      const env = { ...process.env, PATH: mySqlPath };
      await run('mysqld', ['--no-defaults', '--initialize-insecure', `--datadir=${data}`, ...asRoot], { env });
    },
  },
];

function whyNoMySql(): string | null {
  for (const program of ['mysqld', 'mysql', 'mysqldump']) {
    let version: string;
    try {
      version = execFileSync(program, ['--version'], { encoding: 'utf8', env: { ...process.env, PATH: mySqlPath } });
    } catch {
      version = '';
    }
    if (version === '' || /mariadb/i.test(version))
      return `no ${program} of MySQL's: name the folder of MySQL's programs in BOTCHAT_TEST_MYSQL_PATH`;
  }
  return null;
}

export class FreshServer {
  /** Where everything is that belongs to it; commands run there. */
  readonly folder = mkdtempSync(join(tmpdir(), 'botchat-fresh-'));
  readonly socket = join(this.folder, 'server.sock');
  port = 0;
  /** A second port, for a configuration that opens one. */
  secondPort = 0;
  private running: PrivateServer | null = null;

  constructor(readonly kind: FreshKind) {}

  /** Makes the data of a new server. */
  async install(): Promise<void> {
    this.port = await freePort();
    this.secondPort = await freePort();
    mkdirSync(join(this.folder, 'tmp'));
    await this.kind.install(join(this.folder, 'data'));
  }

  /** Starts it, after ending it where it runs, with nobody's settings but these. */
  async start(settings: string): Promise<void> {
    await this.stop();
    writeFileSync(join(this.folder, 'my.cnf'), settings);
    const child = spawn(
      this.kind.server(),
      [
        `--defaults-file=${join(this.folder, 'my.cnf')}`,
        `--datadir=${join(this.folder, 'data')}`,
        `--tmpdir=${join(this.folder, 'tmp')}`,
        `--socket=${this.socket}`,
        `--pid-file=${join(this.folder, 'server.pid')}`,
        `--port=${String(this.port)}`,
        // The folder of its package for files that SQL reads and writes is not here.
        ...(this.kind.product === 'MySQL' ? ['--mysqlx=OFF', '--secure-file-priv=NULL'] : []),
        ...asRoot,
      ],
      { stdio: 'ignore', env: this.environment() },
    );
    const certificates = { ca: '', caKey: '', certificate: '', key: '' };
    const { folder, socket, port } = this;
    this.running = await running({ child, folder, socket, port, certificates });
  }

  /** Runs a shell's commands in the server's folder; answers what they printed. */
  async shell(commands: string): Promise<string> {
    const { stdout } = await run('bash', ['-euc', commands], { cwd: this.folder, env: this.environment() });
    return stdout;
  }

  private environment(): NodeJS.ProcessEnv {
    return this.kind.product === 'MySQL' ? { ...process.env, PATH: mySqlPath } : process.env;
  }

  async stop(): Promise<void> {
    await this.running?.stop();
    this.running = null;
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
