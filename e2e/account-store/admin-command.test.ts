import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { X509Certificate } from 'node:crypto';
import type { RowDataPacket } from 'mysql2/promise';
import { describe, expect, it } from 'vitest';
import { parseConnectionString } from '../../src/main/core/sync/connection-string.js';
import { createMySqlAccountStore } from '../../src/main/core/sync/mysql-account-store.js';
import { always, pullAll, push, refusal, registerLearner, set, storeOf } from './learner.js';
import { errnoOf, firstRow, onEachServer, serverKinds, type StoreServer } from './test-server.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const trials = process.env.BOTCHAT_FULL ? 50 : 10;

interface Ended {
  readonly status: number;
  readonly output: string;
}

/** Runs the command to its end, whatever that is. */
function runCommand(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { cwd: root, env: { ...process.env, ...env } };
    execFile(process.execPath, ['scripts/account-store.mjs', ...args], options, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : Number(error.code ?? 137), output: stdout + stderr });
    });
  });
}

const counted = {
  NODE_OPTIONS: `--import=${pathToFileURL(join(import.meta.dirname, 'fixtures/die-at-statement.mjs')).href}`,
};

/** How many statements the command sends when nobody disturbs it. */
async function statementsOf(args: readonly string[]): Promise<number> {
  const file = join(mkdtempSync(join(tmpdir(), 'botchat-statements-')), 'count');
  const { status, output } = await runCommand(args, { ...counted, BOTCHAT_STATEMENTS: file });
  expect(status, output).toBe(0);
  const count = Number(readFileSync(file, 'utf8'));
  rmSync(dirname(file), { recursive: true });
  return count;
}

/** Runs the command, and kills it as it sends a statement (from 1). */
async function killAtStatement(args: readonly string[], statement: number): Promise<void> {
  const { status, output } = await runCommand(args, { ...counted, BOTCHAT_DIE_AT: String(statement) });
  expect(status, output).toBe(137);
}

/** So many statements, from the first to the last of all. */
const spread = (statements: number, trials: number): readonly number[] =>
  Array.from({ length: trials }, (_, trial) => 1 + Math.round((trial * (statements - 1)) / (trials - 1)));

async function routinesOf({ admin }: StoreServer): Promise<readonly RowDataPacket[]> {
  const [rows] = await admin.query<RowDataPacket[]>(
    `SELECT ROUTINE_NAME AS name, ROUTINE_COMMENT AS stamp, LAST_ALTERED AS altered FROM information_schema.ROUTINES
     WHERE ROUTINE_SCHEMA = DATABASE() ORDER BY ROUTINE_NAME`,
  );
  return rows;
}

async function expectThatItWorks(server: StoreServer): Promise<void> {
  const line = /^botchat:\S+$/m.exec(await server.command('init'))?.[0] ?? '';
  const parsed = parseConnectionString(line);
  if (!parsed.ok) throw new Error(parsed.problem);
  const learner = await registerLearner(createMySqlAccountStore({ address: parsed.address }));
  await push(learner, set(learner, { theme: 'x' }));
  expect(await pullAll(learner)).toHaveLength(1);
}

onEachServer('the admin command', (server) => {
  it('can be run again: nothing changes, and the connection string stays', async () => {
    const before = await routinesOf(server());
    expect(before.length).toBeGreaterThanOrEqual(17);
    expect(before.every(({ stamp }) => /^botchat [0-9a-f]{16}$/.test(String(stamp)))).toBe(true);
    const output = await server().command('init');
    expect(output).toContain(server().connectionString);
    expect(output).not.toContain('Error');
    expect(await routinesOf(server())).toEqual(before);
    expect(await server().command('upgrade')).toContain(server().connectionString);
    // A name that no app can check a certificate for is not printed, and nothing is changed.
    const wrong = await runCommand(['init', server().adminUrl, '--certificate-name', 'my-project:my-instance']);
    expect(wrong.output).toMatch(/takes a DNS name/);
    expect(wrong.status).not.toBe(0);
    expect(await server().command('status')).toContain(server().connectionString);
    const status = await server().command('status');
    expect(status).toContain(server().connectionString);
    expect(status).toMatch(/Housekeeping +two events/);
  });

  it('replaces routines that are out of date with their rights, and leaves those of other versions', async () => {
    const { admin, command } = server();
    await admin.query("ALTER PROCEDURE push_v1 COMMENT 'botchat 0000000000000000'");
    await admin.query('DROP PROCEDURE sessions_v1');
    await admin.query('CREATE PROCEDURE push_v0() SELECT 1');
    await admin.query("GRANT EXECUTE ON PROCEDURE push_v0 TO ''@'%'");
    await command('upgrade');
    const learner = await registerLearner(storeOf(server()));
    await push(learner, set(learner, { theme: 'x' }));
    expect(await refusal(learner.store, (calls) => calls.sessions(learner.token))).toBeNull();
    const evil = await server().attacker();
    expect(await errnoOf(evil.query('CALL push_v0()'))).toBe(0);
    evil.destroy();
    await admin.query('DROP PROCEDURE push_v0');
  });

  it('takes away anonymous accounts and rights that came with the server', async () => {
    const { admin, command, address } = server();
    await admin.query("CREATE USER ''@'localhost'");
    await admin.query('CREATE DATABASE IF NOT EXISTS stray_test');
    await admin.query("GRANT ALL ON stray_test.* TO ''@'%'");
    const output = await command('init');
    expect(output).toContain("''@'localhost'");
    expect(output).toContain('stray_test');
    const [left] = await admin.query<RowDataPacket[]>("SELECT Host FROM mysql.user WHERE User = ''");
    expect(left.map(({ Host }) => String(Host))).toEqual(['%']);
    const evil = await server().attacker();
    expect(await errnoOf(evil.query('CREATE TABLE stray_test.mine (n INT)'))).toBe(1142);
    evil.destroy();
    await admin.query('DROP DATABASE stray_test');
    expect(await refusal(createMySqlAccountStore({ address }), (calls) => calls.info())).toBeNull();
  });

  it('lets learners come through a proxy with a name, and takes that back', async () => {
    const { command, admin } = server();
    const line = /^botchat:\S+$/m.exec(await command('init', '--proxy', 'learners@127.0.0.1'))?.[0] ?? '';
    const parsed = parseConnectionString(line);
    if (!parsed.ok) throw new Error(parsed.problem);
    expect(parsed.address.userName).toBe('learners');
    const learner = await registerLearner(createMySqlAccountStore(parsed));
    await push(learner, set(learner, { theme: 'x' }));
    await expect(command('init', '--proxy', 'learners@%')).rejects.toThrow(/without %/);
    expect(await command('init', '--proxy', 'none')).toContain(server().connectionString);
    await admin.query("DROP USER 'learners'@'127.0.0.1'");
  });

  it('keeps its own accounts locked, and the routines in their hands', async () => {
    const { admin, product } = server();
    for (const role of ['owner', 'reaper']) {
      const row = await firstRow(admin, `SHOW CREATE USER 'botchat_${role}'@'localhost'`);
      expect(String(Object.values(row)[0])).toContain('ACCOUNT LOCK');
    }
    const [grants] = await admin.query<RowDataPacket[]>("SHOW GRANTS FOR 'botchat_owner'@'localhost'");
    const lines = grants.map((row) => String(Object.values(row)[0]));
    expect(lines).toHaveLength(2);
    expect(lines.join('\n')).toMatch(/GRANT SELECT, INSERT, UPDATE, DELETE, EXECUTE(, EVENT)?.* ON `botchat`\.\*/);
    const [definers] = await admin.query<RowDataPacket[]>(
      "SELECT DISTINCT DEFINER AS definer FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE() AND ROUTINE_NAME <> 'reap'",
    );
    expect(
      definers.map(({ definer }) => String(definer)),
      product,
    ).toEqual(['botchat_owner@localhost']);
  });

  it('R23: killed anywhere while it makes a store, it ends well the next time', async () => {
    const { admin, adminUrl } = server();
    const begin = async () => {
      await admin.query('DROP DATABASE botchat');
      await admin.query("DROP USER IF EXISTS ''@'%', 'botchat_owner'@'localhost', 'botchat_reaper'@'localhost'");
    };
    await begin();
    const statements = await statementsOf(['init', adminUrl]);
    for (const statement of spread(statements, trials)) {
      await begin();
      await killAtStatement(['init', adminUrl], statement);
      await expectThatItWorks(server()).catch((error: unknown) => {
        throw new Error(`killed at statement ${String(statement)} of ${String(statements)}`, { cause: error });
      });
      await admin.query('USE botchat');
    }
  });

  it('R23: killed anywhere while it upgrades, nothing is lost and the next upgrade ends well', async () => {
    const { admin, adminUrl } = server();
    const line = /^botchat:\S+$/m.exec(await server().command('init'))?.[0] ?? '';
    const parsed = parseConnectionString(line);
    if (!parsed.ok) throw new Error(parsed.problem);
    const learner = await registerLearner(createMySqlAccountStore({ address: parsed.address }));
    await push(learner, ...Array.from({ length: 100 }, (_, n) => set(learner, { theme: String(n) })));
    const names = (await routinesOf(server())).map(({ name }) => String(name));
    const begin = async () => {
      for (const name of names) await admin.query(`ALTER PROCEDURE ${name} COMMENT 'botchat 0000000000000000'`);
    };
    await begin();
    const statements = await statementsOf(['upgrade', adminUrl]);
    for (const statement of spread(statements, trials)) {
      await begin();
      await killAtStatement(['upgrade', adminUrl], statement);
      const { status: then, output } = await runCommand(['upgrade', adminUrl]);
      expect([then, output]).toEqual([0, expect.stringContaining(line)]);
      expect(await pullAll(learner)).toHaveLength(100);
      await push(learner, set(learner, { theme: '0' }, { id: 'same' }));
      expect((await routinesOf(server())).filter(({ stamp }) => String(stamp).endsWith('0000'))).toEqual([]);
      await admin.query("DELETE FROM record WHERE id = 'same'");
    }
  });

  it('says what it cannot do, and why', async () => {
    const { admin, adminUrl } = server();
    const url = new URL(adminUrl);
    const withPath = (path: string) => Object.assign(new URL(adminUrl), { pathname: path }).href;
    await admin.query('CREATE DATABASE IF NOT EXISTS other_things');
    await admin.query('CREATE TABLE IF NOT EXISTS other_things.something (n INT)');
    const untrusting = new URL(adminUrl);
    untrusting.searchParams.delete('ca');
    const cases: readonly [readonly string[], RegExp][] = [
      [['init', withPath('/other_things')], /holds tables of something else/],
      [['upgrade', withPath('/not_there_yet')], /There is no account store in not_there_yet/],
      [['status', withPath('/other_things')], /There is no account store in this schema/],
      [['init', withPath('/')], /names no schema/],
      [['init', untrusting.href], /not trusted/],
      [['init', 'https://example.org'], /begins with mysql:/],
      [['init'], /Which server/],
      [['init', `mysql://root:wrong@${url.host}/botchat${url.search}`], /wrong user or password/],
      [['init', adminUrl, '--host', '10.0.0.5'], /--certificate-name/],
      [['invite', adminUrl, '--uses', '0'], /from 1 to/],
      [['reset-password', adminUrl, '--name', 'there-is-nobody'], /There is no account/],
      [['make-coffee', adminUrl], /Usage/],
    ];
    for (const [args, words] of cases) {
      const { status, output } = await runCommand(args);
      expect([args, status], output).toEqual([args, expect.not.toSatisfy((value) => value === 0)]);
      expect(output).toMatch(words);
      expect(output).not.toMatch(/\bat .*\.mjs:\d+/);
    }
    await admin.query('DROP DATABASE other_things');
    await admin.query('DROP DATABASE IF EXISTS not_there_yet');
  });
});

describe.runIf(serverKinds[0]?.missing === null)('account-store dev', () => {
  it('starts a private store, and leaves nothing behind', async () => {
    const scratch = mkdtempSync(join(tmpdir(), 'botchat-dev-'));
    const child = spawn(process.execPath, ['scripts/account-store.mjs', 'dev'], {
      cwd: root,
      env: { ...process.env, TMPDIR: scratch },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    const ended = new Promise((resolve) => child.once('exit', resolve));
    try {
      for (let tries = 0; !output.includes('Ctrl+C') && tries < 300; tries += 1) await delay(100);
      const parsed = parseConnectionString(/^botchat:\S+$/m.exec(output)?.[0] ?? '');
      if (!parsed.ok) throw new Error(output);
      const info = await createMySqlAccountStore(parsed).burst((calls) => calls.info(), always);
      expect(info.serverVersion).toContain('MariaDB');
      expect(readdirSync(scratch)).toHaveLength(1);
    } finally {
      child.kill('SIGINT');
      await ended;
    }
    expect(readdirSync(scratch)).toEqual([]);
    rmSync(scratch, { recursive: true });
  });
});

describe('account-store certificates', () => {
  it('makes an authority and a certificate for a host, or an address under a name', async () => {
    const out = mkdtempSync(join(tmpdir(), 'botchat-certificates-'));
    try {
      const { status, output } = await runCommand(['certificates', '--host', '10.0.0.5', '--out', out]);
      expect([status, output]).toEqual([0, expect.stringContaining('--certificate-name botchat-store')]);
      const certificate = new X509Certificate(readFileSync(join(out, 'server.pem')));
      expect(certificate.subjectAltName).toBe('IP Address:10.0.0.5, DNS:botchat-store');
      const authority = new X509Certificate(readFileSync(join(out, 'ca.pem')));
      expect(certificate.verify(authority.publicKey)).toBe(true);
      // The second certificate comes from the same authority: learners' strings stay good.
      await runCommand(['certificates', '--host', '10.0.0.6', '--out', out]);
      expect(new X509Certificate(readFileSync(join(out, 'ca.pem'))).fingerprint256).toBe(authority.fingerprint256);
    } finally {
      rmSync(out, { recursive: true });
    }
  });
});
