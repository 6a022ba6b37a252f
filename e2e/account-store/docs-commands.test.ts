import { execFile, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findMariaDb, freePort, running, type PrivateServer } from '../../scripts/account-store/private-server.mjs';
import { parseConnectionString } from '../../src/main/core/sync/connection-string.js';
import { createMySqlAccountStore } from '../../src/main/core/sync/mysql-account-store.js';
import { always, pullAll, push, registerLearner, set } from './learner.js';

/**
 * Follows docs/account-store.md: its own commands and its own configuration, with this machine's places and names in
 * their stead. What they say of MySQL's clients is not run: there are none for a private MySQL here.
 */

const root = fileURLToPath(new URL('../..', import.meta.url));
const docs = readFileSync(join(root, 'docs/account-store.md'), 'utf8');
const run = promisify(execFile);

/** The blocks of code between two headings, in order. */
function blocks(kind: string, from: string, to: string): readonly string[] {
  const part = docs.slice(docs.indexOf(from), docs.indexOf(to));
  return Array.from(part.matchAll(new RegExp(`\`\`\`${kind}\\n(.*?)\`\`\``, 'gs')), ([, text]) => text ?? '');
}

describe.runIf(findMariaDb())('docs/account-store.md, on MariaDB', () => {
  let folder: string;
  let socket: string;
  let port: number;
  let server: PrivateServer;

  /** A command of the docs, here: no sudo, this machine's name, and the folder in place of the system's. */
  async function follow(block: string): Promise<string> {
    const here = block
      .replaceAll('npm run account-store --', `"${process.execPath}" "${join(root, 'scripts/account-store.mjs')}"`)
      .replaceAll(/sudo (chown [^&]*&& )?(sudo )?/g, '')
      .replaceAll('/etc/mysql/botchat', join(folder, 'etc'))
      .replaceAll('/run/mysqld/mysqld.sock', socket)
      .replaceAll('store.school.example', 'localhost')
      .replaceAll('--port 3306', `--port ${String(port)}`)
      .replaceAll('ADMIN-URL', `'mysql://root@localhost/botchat?socket=${socket}'`)
      .replaceAll(/^(mariadb(?:-dump)?) /gm, `$1 --no-defaults --user=root --socket='${socket}' `);
    const { stdout } = await run('bash', ['-euc', here], { cwd: folder });
    return stdout;
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'botchat-docs-'));
    socket = join(folder, 'server.sock');
    port = await freePort();
    for (const block of blocks('sh', '**2. TLS.**', '**3. The store.**')) await follow(block);
    const [settings = ''] = blocks('ini', '**2. TLS.**', '**3. The store.**');
    // As installed: with its test schemas, and nobody's settings but those of the docs.
    writeFileSync(join(folder, 'my.cnf'), settings.replaceAll('/etc/mysql/botchat', join(folder, 'etc')));
    mkdirSync(join(folder, 'tmp'));
    const program = findMariaDb()!;
    const asRoot = process.getuid?.() === 0 ? ['--user=root'] : [];
    const data = join(folder, 'data');
    const method = '--auth-root-authentication-method=normal';
    spawnSync(program.installer, ['--no-defaults', `--datadir=${data}`, method, ...asRoot]);
    const child = spawn(
      program.server,
      [
        `--defaults-file=${join(folder, 'my.cnf')}`,
        `--datadir=${data}`,
        `--tmpdir=${join(folder, 'tmp')}`,
        `--socket=${socket}`,
        `--port=${String(port)}`,
        ...asRoot,
      ],
      { stdio: 'ignore' },
    );
    const certificates = { ca: '', caKey: '', certificate: '', key: '' };
    server = await running({ child, folder, socket, port, certificates });
  }, 120_000);
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('makes a store, brings it back from its backup, and tells the apps', { timeout: 240_000 }, async () => {
    const [init = ''] = blocks('sh', '**3. The store.**', '**4. Learners**');
    const made = await follow(init);
    expect(made).toContain('Ready: an app reaches the store');
    expect(made).toContain("Took away everybody's rights to the schema test.");
    // What is left to be mended is what the docs leave to whom strangers can reach.
    const problems = Array.from(made.matchAll(/To be mended: (\w+)/g), ([, name]) => name);
    expect(problems).toEqual(['extra_port']);
    const parsed = parseConnectionString(/^botchat:\S+$/m.exec(made)?.[0] ?? '');
    if (!parsed.ok) throw new Error(parsed.problem);
    const learner = await registerLearner(createMySqlAccountStore(parsed));
    const kept = set(learner, { theme: 'before the backup' });
    const { epoch } = await push(learner, kept);

    const [invite = ''] = blocks('sh', '**5. Who may register.**', '## Looking after it');
    expect(await follow(invite)).toMatch(/^[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}$/m);
    const [backup = '', restore = ''] = blocks('sh', '**Backup.**', '**Deleted accounts**');
    await follow(backup);
    const lost = set(learner, { theme: 'after the backup' });
    await push(learner, lost);
    // A new server has none of its accounts either.
    await follow(
      `mariadb -e "DROP DATABASE botchat; DROP USER ''@'%', botchat_owner@localhost, botchat_reaper@localhost"`,
    );
    const restored = await follow(restore);
    expect(restored).toContain('Told 1 accounts');

    // The string is the same, the epoch another: an app begins anew, and sends again what the backup lacks.
    expect(restored).toContain(/^botchat:\S+$/m.exec(made)?.[0]);
    const page = await learner.store.burst(
      (calls) => calls.pull(learner.token, { epoch, since: 2, limit: 10 }),
      always,
    );
    expect(page.epoch).not.toBe(epoch);
    expect(page.records).toEqual([]);
    expect((await push(learner, kept, lost)).results.map(({ state }) => state)).toEqual(['already', 'applied']);
    expect((await pullAll(learner)).map(({ fields }) => fields.theme)).toEqual([
      'before the backup',
      'after the backup',
    ]);
    expect(await follow('npm run account-store -- status ADMIN-URL')).toMatch(/Housekeeping +two events/);
  });
});
