import { execFile, execFileSync, spawn } from 'node:child_process';
import { chownSync, chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createConnection, type Connection } from 'mysql2/promise';
import {
  ensureCertificates,
  findMariaDb,
  freePort,
  running,
  smallOptions,
  tlsOptions,
  type Certificates,
  type PrivateServer,
} from '../../scripts/account-store/private-server.mjs';
import { parseConnectionString, type StoreAddress } from '../../src/main/core/sync/connection-string.js';
import { firstRow } from './test-server.js';

/** A Galera cluster of two private MariaDB nodes on 127.0.0.1, with an account store on it. */

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);
const providers = ['/usr/lib/galera/libgalera_smm.so', '/usr/lib64/galera-4/libgalera_smm.so'];
const provider = providers.find(existsSync);

export interface GaleraNode {
  readonly name: string;
  readonly address: StoreAddress;
  /** As the person who runs the server, in the store's schema; reads what every node has committed. */
  readonly admin: Connection;
}

export interface GaleraCluster {
  readonly nodes: readonly [GaleraNode, GaleraNode];
  stop(): Promise<void>;
}

/** Why there can be no cluster here; null where there can. */
export function whyNoGalera(): string | null {
  const isThere = (program: string) => existsSync(join('/usr/bin', program));
  if (findMariaDb() && provider !== undefined && isThere('wsrep_sst_rsync') && isThere('rsync')) return null;
  return 'no Galera: apt install galera-4 mariadb-server rsync';
}

/** The second node fetches all its data by rsync, whose daemon would give up root's rights: so nothing runs as root. */
function unprivileged(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const idOf = (flag: string) => Number(execFileSync('id', [flag, 'mysql'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

export async function startGalera(): Promise<GaleraCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'botchat-galera-'));
  const owner = unprivileged();
  const certificates = ensureCertificates(folder);
  const folders = ['node-1', 'node-2'].map((name) => join(folder, name));
  for (const node of folders) mkdirSync(join(node, 'data'), { recursive: true });
  chmodSync(folder, 0o755);
  if (owner) {
    for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
      chownSync(join(folder, entry), owner.uid, owner.gid);
  }
  const servers: PrivateServer[] = [];
  const admins: Connection[] = [];
  const stop = async () => {
    for (const admin of admins) admin.destroy();
    for (const server of servers.reverse()) await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await run(
      findMariaDb()?.installer ?? '',
      [
        '--no-defaults',
        `--datadir=${join(folders[0]!, 'data')}`,
        '--auth-root-authentication-method=normal',
        '--skip-test-db',
      ],
      { ...owner },
    );
    const groupPorts = [await freePort(), await freePort()] as const;
    for (const [index, node] of folders.entries()) {
      const join = index === 0 ? '' : `127.0.0.1:${String(groupPorts[0])}`;
      servers.push(await startNode({ folder: node, certificates, owner, join, groupPort: groupPorts[index]! }));
      await untilSynced(servers[index]!, index + 1);
    }
    const ca = encodeURIComponent(certificates.ca);
    const url = `mysql://root@localhost:${String(servers[0]!.port)}/botchat?ca=${ca}`;
    const init = await run(process.execPath, ['scripts/account-store.mjs', 'init', url], { cwd: root });
    const parsed = parseConnectionString(/^botchat:\S+$/m.exec(init.stdout)?.[0] ?? '');
    if (!parsed.ok) throw new Error(`init printed no connection string: ${init.stdout}${init.stderr}`);
    const nodes: GaleraNode[] = [];
    for (const [index, server] of servers.entries()) {
      const admin = await connectAdmin(server);
      admins.push(admin);
      await admin.query('SET SESSION wsrep_sync_wait = 15');
      await admin.query('USE botchat');
      nodes.push({ name: `node ${String(index + 1)}`, address: { ...parsed.address, port: server.port }, admin });
    }
    return { nodes: [nodes[0]!, nodes[1]!], stop };
  } catch (error) {
    const logs = folders.map((node) => join(node, 'server.log')).filter(existsSync);
    const ends = logs.map((log) => `${log}:\n${readFileSync(log, 'utf8').split('\n').slice(-30).join('\n')}`);
    await stop();
    throw new Error(`the cluster did not start\n${ends.join('\n')}`, { cause: error });
  }
}

interface NodeParts {
  readonly folder: string;
  readonly certificates: Certificates;
  readonly owner: { readonly uid: number; readonly gid: number } | null;
  /** A node of the cluster; empty for the first one, which makes it. */
  readonly join: string;
  readonly groupPort: number;
}

async function startNode({ folder, certificates, owner, join: peer, groupPort }: NodeParts): Promise<PrivateServer> {
  const [port, transferPort, catchUpPort] = [await freePort(), await freePort(), await freePort()];
  const socket = join(folder, 'server.sock');
  const child = spawn(
    findMariaDb()?.server ?? '',
    [
      '--no-defaults',
      `--datadir=${join(folder, 'data')}`,
      `--socket=${socket}`,
      `--port=${String(port)}`,
      `--log-error=${join(folder, 'server.log')}`,
      '--bind-address=127.0.0.1',
      ...tlsOptions(certificates),
      ...smallOptions,
      '--innodb-buffer-pool-size=32M',
      '--innodb-log-file-size=16M',
      '--innodb-autoinc-lock-mode=2',
      '--binlog-format=ROW',
      '--wsrep-on=ON',
      `--wsrep-provider=${provider ?? ''}`,
      `--wsrep-cluster-address=gcomm://${peer}`,
      ...(peer === '' ? ['--wsrep-new-cluster'] : []),
      '--wsrep-slave-threads=1',
      '--wsrep-node-address=127.0.0.1',
      '--wsrep-sst-method=rsync',
      `--wsrep-sst-receive-address=127.0.0.1:${String(transferPort)}`,
      `--wsrep-provider-options=${[
        `gmcast.listen_addr=tcp://127.0.0.1:${String(groupPort)}`,
        `ist.recv_addr=127.0.0.1:${String(catchUpPort)}`,
        'gcache.size=32M',
      ].join(';')}`,
    ],
    { stdio: 'ignore', ...owner },
  );
  return await running({ child, folder, socket, port, certificates });
}

async function connectAdmin({ port, certificates }: PrivateServer): Promise<Connection> {
  return await createConnection({
    host: 'localhost',
    port,
    user: 'root',
    supportBigNumbers: true,
    ssl: { ca: readFileSync(certificates.ca, 'utf8'), verifyIdentity: true },
  });
}

async function untilSynced(server: PrivateServer, size: number): Promise<void> {
  let last: unknown = null;
  for (let tries = 0; tries < 300; tries += 1) {
    try {
      const admin = await connectAdmin(server);
      try {
        const sql = `SELECT VARIABLE_VALUE AS state, (SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS
          WHERE VARIABLE_NAME = 'wsrep_cluster_size') AS size FROM information_schema.GLOBAL_STATUS
          WHERE VARIABLE_NAME = 'wsrep_local_state_comment'`;
        last = await firstRow(admin, sql);
        const { state, size: found } = last as { state?: unknown; size?: unknown };
        if (state === 'Synced' && Number(found) === size) return;
      } finally {
        admin.destroy();
      }
    } catch (error) {
      last = error;
    }
    await delay(100);
  }
  throw new Error(`the node in ${server.folder} did not come in step`, { cause: last });
}
