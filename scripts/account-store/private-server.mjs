// A private MariaDB on this machine, for developers and tests: made in a second, over TLS, on 127.0.0.1 only.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { writeCertificates } from './certificates.mjs';
import { Refusal } from './refusal.mjs';

const places = ['/usr/sbin', '/usr/bin', '/usr/local/sbin', '/usr/local/bin', '/opt/homebrew/bin', '/usr/libexec'];
const find = (...names) => names.flatMap((name) => places.map((place) => join(place, name))).find(existsSync);

/** Where a MariaDB is; null where there is none. */
export function findMariaDb() {
  const server = find('mariadbd');
  const installer = find('mariadb-install-db');
  return server && installer ? { server, installer } : null;
}

/**
 * Starts a server over `folder`, which is filled when it is empty. Root has no password and comes in by the socket.
 * `options` are added to its command line.
 */
export async function startMariaDb({ folder, port, options = [], log = 'ignore' }) {
  const program = findMariaDb();
  if (!program)
    throw new Refusal('MariaDB is missing; install it (Debian, Ubuntu: sudo apt install mariadb-server-core).');
  const certificates = ensureCertificates(folder);
  const data = join(folder, 'data');
  // As root the server wants to be told that this is meant.
  const asRoot = process.getuid?.() === 0 ? ['--user=root'] : [];
  if (!existsSync(join(data, 'mysql'))) {
    const { status, stdout, stderr } = spawnSync(
      program.installer,
      ['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db', ...asRoot],
      { encoding: 'utf8' },
    );
    if (status !== 0) throw new Refusal(`mariadb-install-db failed:\n${stdout}${stderr}`);
  }
  // A server that starts clears away the temporary files it finds: in a shared folder, those of its neighbours.
  const temporary = join(folder, 'tmp');
  mkdirSync(temporary, { recursive: true });
  const usedPort = port ?? (await freePort());
  const socket = join(folder, 'server.sock');
  const child = spawn(
    program.server,
    [
      '--no-defaults',
      `--datadir=${data}`,
      `--tmpdir=${temporary}`,
      `--socket=${socket}`,
      `--port=${usedPort}`,
      '--bind-address=127.0.0.1',
      ...tlsOptions(certificates),
      ...smallOptions,
      '--innodb-log-file-size=16M',
      ...asRoot,
      ...options,
    ],
    { stdio: ['ignore', 'ignore', log === 'ignore' ? 'ignore' : 'pipe'] },
  );
  return await running({ child, folder, socket, port: usedPort, certificates });
}

export const tlsOptions = ({ ca, certificate, key }) => [
  `--ssl-ca=${ca}`,
  `--ssl-cert=${certificate}`,
  `--ssl-key=${key}`,
];

export const smallOptions = [
  '--innodb-buffer-pool-size=64M',
  '--performance-schema=OFF',
  '--skip-name-resolve',
  '--max-connections=200',
  '--event-scheduler=ON',
  '--max-prepared-stmt-count=100000',
  '--max-connect-errors=1000000000',
  '--local-infile=OFF',
  '--require-secure-transport=ON',
];

/** Waits until a server that was started answers; what `stop` does is told in the typings. */
export async function running({ child, folder, socket, port, certificates }) {
  let ended = false;
  const exit = new Promise((resolve) => {
    child.once('error', resolve);
    child.once('exit', () => {
      ended = true;
      resolve();
    });
  });
  for (let tries = 0; !(await answers(port)); tries += 1) {
    if (ended || tries > 600) throw new Refusal(`The server in ${folder} did not start.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    folder,
    socket,
    port,
    certificates,
    pid: child.pid,
    async stop({ kill = false } = {}) {
      if (!ended) child.kill(kill ? 'SIGKILL' : 'SIGTERM');
      await exit;
    },
  };
}

/** Certificates for this machine's own name, made once for a folder. */
export function ensureCertificates(folder) {
  const place = join(folder, 'certificates');
  mkdirSync(place, { recursive: true });
  const done = join(place, 'done.json');
  if (existsSync(done)) return JSON.parse(readFileSync(done, 'utf8'));
  rmSync(join(place, 'ca.pem'), { force: true });
  const paths = writeCertificates(place, ['localhost', '127.0.0.1', '::1']);
  writeFileSync(done, JSON.stringify(paths));
  return paths;
}

export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function answers(port) {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const end = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('data', () => end(true));
    socket.once('error', () => end(false));
    socket.once('close', () => end(false));
    socket.setTimeout(1000, () => end(false));
  });
}
