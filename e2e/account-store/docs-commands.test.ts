import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccountStore } from '../../src/main/core/sync/account-store.js';
import { parseConnectionString } from '../../src/main/core/sync/connection-string.js';
import { createMySqlAccountStore } from '../../src/main/core/sync/mysql-account-store.js';
import { passwordKey } from '../../src/main/core/sync/password-key.js';
import { Machine } from '../../src/main/core/testing/machine.js';
import { FreshServer, freshKinds } from './fresh-server.js';
import { always, registerLearner, signInAgain, type Learner } from './learner.js';
import { errnoOf } from './test-server.js';

/**
 * Follows docs/account-store.md on a server from nothing: its own commands and its own configuration, with this
 * machine's places and names in their stead. The docs say only what this shows, or what other tests here do.
 */

const root = fileURLToPath(new URL('../..', import.meta.url));
const docs = readFileSync(join(root, 'docs/account-store.md'), 'utf8');

/** What the docs say from one place up to another. */
function part(from: string, to: string): string {
  const [start, end] = [docs.indexOf(from), docs.indexOf(to)];
  if (start < 0 || end < start) throw new Error(`not in the docs, or not in this order: ${from} … ${to}`);
  return docs.slice(start, end);
}

/** The blocks of code in a part, in order. */
function blocks(kind: string, from: string, to: string): readonly string[] {
  const found = part(from, to).matchAll(new RegExp(`\`\`\`${kind}\\n(.*?)\`\`\``, 'gs'));
  return Array.from(found, ([, text]) => text ?? '');
}

const problemsOf = (output: string) => Array.from(output.matchAll(/To be mended: (\w+)/g), ([, name]) => name);
const stringOf = (output: string) => /^botchat:\S+$/m.exec(output)?.[0] ?? '';

for (const kind of freshKinds) {
  describe(`docs/account-store.md, on ${kind.product}`, () => {
    if (kind.missing !== null) {
      it('runs', ({ task, skip }) => {
        Object.assign(task.meta, { skipReason: kind.missing });
        skip();
      });
      return;
    }
    const server = new FreshServer(kind);
    const { folder, socket } = server;
    const isMySql = kind.product === 'MySQL';
    /** What its configuration holds so far. */
    let settings = '';
    let line = '';
    let store: AccountStore;
    let learner: Learner;
    /** The desktops that run, by their profiles' names, and what each is signed in with. */
    const desktops = new Map<string, { readonly machine: Machine; readonly token: Buffer }>();

    /** What the docs call by other names. */
    const here = (text: string) =>
      text
        .replaceAll('/etc/mysql/botchat', join(folder, 'etc'))
        .replaceAll('store.school.example', 'localhost')
        .replaceAll('33062', String(server.secondPort));

    /** A command of the docs, here and without sudo, by the product's own programs. */
    async function follow(block: string): Promise<string> {
      return await server.shell(
        here(block)
          .replaceAll('npm run account-store --', `"${process.execPath}" "${join(root, 'scripts/account-store.mjs')}"`)
          .replaceAll(/sudo (chown [^&]*&& )?(sudo )?/g, '')
          .replaceAll('/run/mysqld/mysqld.sock', socket)
          .replaceAll(/\b3306\b/g, String(server.port))
          .replaceAll('ADMIN-URL', `'mysql://root@localhost/botchat?socket=${socket}'`)
          .replaceAll(/^mariadb /gm, `${kind.client} `)
          .replaceAll(
            /^(mariadb-dump|mysqldump|mariadb|mysql) /gm,
            `$1 --no-defaults --user=root --socket='${socket}' `,
          ),
      );
    }

    /** Adds to the configuration and starts the server with it. */
    async function configure(...added: readonly string[]): Promise<void> {
      settings = [settings, ...added.map(here)].join('\n');
      await server.start(settings);
    }

    /** A desktop of the learner's, with a profile of its own. Called again, it is the same one after a restart. */
    async function desktop(name: string): Promise<Machine> {
      const before = desktops.get(name);
      await before?.machine.close();
      const token = before?.token ?? (await signInAgain(learner)).token;
      const machine = await Machine.create(folder, name, { store, token });
      desktops.set(name, { machine, token });
      return machine;
    }

    function machineOf(name: string): Machine {
      const found = desktops.get(name);
      if (!found) throw new Error(`no desktop ${name}`);
      return found.machine;
    }

    async function inStep(...names: readonly string[]): Promise<void> {
      for (const name of names) {
        const each = machineOf(name);
        // After a change of epoch the first round reads, and the next sends what was missing.
        for (let round = 0; round < 3 && (round === 0 || each.sync.view.pending > 0); round += 1)
          await each.sync.syncNow();
        expect(each.sync.view).toMatchObject({ state: 'synced', error: null, pending: 0, refused: 0 });
      }
    }

    async function epoch(): Promise<string> {
      const none = { epoch: null, since: 0, limit: 1 };
      return (await store.burst((calls) => calls.pull(learner.token, none), always)).epoch;
    }

    beforeAll(async () => {
      await server.install();
      for (const block of blocks('sh', '**2. TLS.**', '**3. The store.**')) await follow(block);
      const [forBoth = '', forMySql = ''] = blocks('ini', '**2. TLS.**', '**3. The store.**');
      await configure(forBoth, ...(isMySql ? [forMySql] : []));
      // As the packages of Debian and Ubuntu leave it.
      if (!isMySql) await follow(`mariadb -e "DROP USER IF EXISTS root@127.0.0.1, root@'::1', root@'$(hostname)'"`);
    });
    afterAll(async () => {
      for (const { machine } of desktops.values()) await machine.close();
      await server.remove();
    });

    it('makes a store by the socket, because root comes no other way', async () => {
      const ca = join(folder, 'account-store-certificates/ca.pem');
      const byTcp = `status 'mysql://root@127.0.0.1:3306/botchat?ca=${ca}&name=localhost'`;
      await expect(follow(`npm run account-store -- ${byTcp}`)).rejects.toThrow(
        /wrong user or password|lets nobody in/,
      );
      const [init = ''] = blocks('sh', '**3. The store.**', '**4. Learners**');
      const made = await follow(init);
      expect(made).toContain('Ready: an app reaches the store');
      if (!isMySql) expect(made).toContain("Took away everybody's rights to the schema test.");
      // What is left to be mended is what the docs leave to whom strangers can reach, and to who has another disk.
      expect(problemsOf(made)).toEqual(isMySql ? ['admin_address', 'innodb_temp_tablespaces_dir'] : ['extra_port']);
      line = stringOf(made);
      expect(stringOf(await follow(init))).toBe(line);
      const parsed = parseConnectionString(line);
      if (!parsed.ok) throw new Error(parsed.problem);
      store = createMySqlAccountStore(parsed);
      learner = await registerLearner(store);
    });

    it('and from another machine, with an account that may come from there', async () => {
      const grant = `GRANT ALL PRIVILEGES ON *.* TO 'ADMIN'@'%' WITH GRANT OPTION`;
      await follow(`mariadb -e "CREATE USER 'ADMIN'@'%' IDENTIFIED BY 'PASSWORD'; ${grant}"`);
      const init = /`(init 'mysql:\/\/ADMIN:.*?)`/.exec(part('**3. The store.**', '**4. Learners**'))?.[1] ?? '';
      expect(stringOf(await follow(`npm run account-store -- ${init}`))).toBe(line);
      await follow(`mariadb -e "DROP USER 'ADMIN'@'%'"`);
    });

    it('takes a renewed certificate; connection strings stay good', async () => {
      const at = join(folder, 'etc/server.pem');
      const before = new X509Certificate(readFileSync(at));
      const lasts = (before.validToDate.getTime() - before.validFromDate.getTime()) / 86_400_000;
      expect(Math.round(lasts)).toBe(825);
      for (const block of blocks('sh', '**2. TLS.**', '**3. The store.**')) await follow(block);
      expect(new X509Certificate(readFileSync(at)).fingerprint256).not.toBe(before.fingerprint256);
      await configure();
      expect(stringOf(await follow('npm run account-store -- status ADMIN-URL'))).toBe(line);
      expect(await epoch()).toMatch(/^[0-9a-f-]{36}$/);
    });

    it('lets in by invitation, resets a password, brings up to date, and shows what there is', async () => {
      const [invite = ''] = blocks('sh', '**5. Who may register.**', '## A way in');
      expect(await follow(invite)).toMatch(/^[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}$/m);
      const care = part('## Looking after it', '**Backup.**');
      for (const command of ['status ADMIN-URL', 'upgrade ADMIN-URL', 'upgrade ADMIN-URL --end-prepared']) {
        expect(care).toContain(`\`${command}\``);
        const output = await follow(`npm run account-store -- ${command}`);
        expect(stringOf(output)).toBe(line);
        if (command.startsWith('status')) expect(output).toMatch(/Housekeeping +two events/);
      }
      const forgetful = await registerLearner(store);
      const reset = /`(reset-password ADMIN-URL --name )NAME`/.exec(care)?.[1] ?? '';
      const password = /^\S{12}$/m.exec(await follow(`npm run account-store -- ${reset}${forgetful.name}`))?.[0] ?? '';
      await expect(store.burst((calls) => calls.sessions(forgetful.token), always)).rejects.toMatchObject({
        code: 'account/session-ended',
      });
      await signInAgain({ ...forgetful, key: await passwordKey(forgetful.name, password) });

      await (await desktop('reading')).addTopic('to be read');
      await inStep('reading');
      const query = /`(SELECT username, theme [^`]*)`/.exec(care)?.[1] ?? '';
      expect(await follow(`mariadb botchat -e "${query}"`)).toContain(`${learner.name}\tto be read`);
      const limits =
        'registrations_per_hour, account_quota_bytes, written_bytes_per_hour, sessions_per_account, statement_seconds';
      expect(await follow(`mariadb botchat -Ne "SELECT ${limits} FROM store"`)).toBe(
        '200\t268435456\t67108864\t50\t20\n',
      );
      expect(care).toMatch(/hour \(200\).*\(256 MiB\).*\(64 MiB\).*\(50\).*\(20\)/);
    });

    it('brings the store back from its backup, and apps lose nothing that they have', async () => {
      const a = await desktop('a');
      await desktop('b');
      const kept = await a.addTopic('before the backup');
      await inStep('a', 'b');
      const [ofMariaDb = '', ofMySql = '', restore = ''] = blocks('sh', '**Backup.**', '**Deleted accounts**');
      const backup = isMySql ? ofMySql : ofMariaDb;
      const withoutTelling = restore.replace(/^.* restored ADMIN-URL$/m, '');
      expect(withoutTelling).not.toBe(restore);
      await follow(backup);
      // A new server has none of its accounts either.
      const loseAll = `DROP DATABASE botchat; DROP USER ''@'%', botchat_owner@localhost, botchat_reaper@localhost`;
      const goBack = async (commands: string) => {
        await follow(`mariadb -e "${loseAll}"`);
        const output = await follow(commands);
        // The string is the same.
        expect(stringOf(output)).toBe(line);
        return output;
      };
      const themes = ['before the backup', 'to be read'];
      const first = await epoch();

      // Nobody says so, and somebody else writes first: nobody notices, and what the backup lacks stays where it is.
      await a.addTopic('after the backup');
      await inStep('a', 'b');
      await goBack(withoutTelling);
      const between = [0, 1, 2, 3].map((index) => `written in between ${String(index)}`);
      const other = await desktop('other');
      for (const theme of between) await other.addTopic(theme);
      await inStep('other', 'a', 'b');
      expect(await epoch()).toBe(first);
      await desktop('fresh');
      await inStep('fresh');
      expect(await machineOf('fresh').topics()).toEqual([...themes, ...between].sort());

      // Somebody says so.
      themes.push('after the backup', ...between);
      const every = ['a', 'b', 'other', 'fresh'];
      const expectTheSame = async () => {
        await inStep(...every, ...every);
        for (const name of every) {
          expect(await machineOf(name).topics()).toEqual(themes.toSorted());
          expect(await machineOf(name).dump()).toEqual(await machineOf('a').dump());
        }
      };
      expect(await follow('npm run account-store -- restored ADMIN-URL')).toContain('Told 2 accounts');
      const second = await epoch();
      expect(second).not.toBe(first);
      await expectTheSame();

      // Nobody says so, and the first app that comes is ahead of the backup.
      for (const name of every) await desktop(name);
      await follow(backup);
      await machineOf('a').addTopic('after the second backup');
      await machineOf('a').say(kept.id, 'Also after it.');
      themes.push('after the second backup');
      await expectTheSame();
      await goBack(withoutTelling);
      expect(await epoch()).toBe(second);
      await expectTheSame();
      expect(await epoch()).not.toBe(second);

      // The whole block, as one follows it: once more for apps that have seen one change since they were started.
      expect(await goBack(restore)).toContain('Told 2 accounts');
      await machineOf('b').sync.syncNow();
      expect(machineOf('b').sync.view).toMatchObject({ error: { code: 'account/store-unsteady' } });
      for (const name of every) await desktop(name);
      await expectTheSame();
    });

    it('keeps a way in for the administrator when strangers hold every connection', async () => {
      const [forMariaDb = '', forMySql = ''] = blocks('ini', '## A way in', '## Looking after it');
      // Who says nothing stays for as long as this test needs.
      const elsewhere = isMySql ? [`innodb_temp_tablespaces_dir = ${join(folder, 'tmp')}`] : [];
      await configure(isMySql ? forMySql : forMariaDb, 'connect_timeout = 3600', ...elsewhere);
      const [keep = ''] = blocks('sh', '## A way in', '## Looking after it');
      expect(problemsOf(await follow(keep))).toEqual(['connect_timeout']);

      const strangers: Socket[] = [];
      try {
        for (let count = 0; count < 510; count += 1) {
          const stranger = connect(server.port, '127.0.0.1');
          stranger.on('error', () => undefined);
          strangers.push(stranger);
        }
        const asRoot = async () => {
          await (await createConnection({ socketPath: socket, user: 'root' })).end();
        };
        await expect.poll(() => errnoOf(asRoot())).toBe(1040);
        const keeper = await createConnection({
          host: '127.0.0.1',
          port: server.secondPort,
          user: 'keeper',
          password: 'PASSWORD',
          ssl: { rejectUnauthorized: false },
        });
        await keeper.query('SELECT COUNT(*) FROM botchat.account');
        await keeper.end();
      } finally {
        for (const stranger of strangers) stranger.destroy();
      }
    });
  });
}
