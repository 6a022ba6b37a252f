import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { always, clockAt, makeNode, pullAll, push, refusal, set, storeOf } from './learner.js';
import { errnoOf, firstRow, onEachServer } from './test-server.js';

/** What stands between an administrator and his store: an older version of it, an app that is in the way, rights of all. */

const sha256 = (...parts: readonly Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest();

onEachServer('a store', (server) => {
  it('of version 1 is brought up to date, and whoever is signed in goes on', async () => {
    const { admin, command } = server();
    const { client_password: clientPassword } = await firstRow(admin, 'SELECT client_password FROM store');
    const columns = `SELECT COUNT(*) AS n FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = 'botchat'`;
    const made = await firstRow(admin, columns);
    await admin.query('DROP DATABASE botchat');
    await admin.query('CREATE DATABASE botchat CHARACTER SET utf8mb4 COLLATE utf8mb4_bin');
    await admin.query('USE botchat');
    const tables = readFileSync(new URL('fixtures/tables-1.sql', import.meta.url), 'utf8');
    for (const statement of tables.split(/^\/\/$/m).filter((text) => text.trim() !== '')) await admin.query(statement);
    await admin.query(
      `INSERT INTO store (schema_version, client_password, public_ca, created_time) VALUES (1, ?, '', UTC_TIMESTAMP(3))`,
      [clientPassword],
    );
    const accountId = randomUUID();
    const [key, recoveryKey, token, salt] = [32, 32, 32, 16].map((bytes) => randomBytes(bytes)) as [
      Buffer,
      Buffer,
      Buffer,
      Buffer,
    ];
    const node = makeNode();
    const learner = { name: 'first-learner', accountId, key, recoveryKey, token, node, store: storeOf(server()) };
    await admin.query(
      `INSERT INTO account (id, username, password, salt, recovery, date_joined, epoch, seq, used_bytes)
       VALUES (?, ?, ?, ?, ?, UTC_TIMESTAMP(3), ?, 1, 215)`,
      [accountId, learner.name, sha256(salt, key), salt, sha256(salt, recoveryKey), randomUUID()],
    );
    await admin.query(
      `INSERT INTO login_session (token_hash, id, account_id, device, created_time, used_time, expiry_time)
       VALUES (?, ?, ?, 'Old', UTC_TIMESTAMP(3), UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) + INTERVAL 9 DAY)`,
      [sha256(token), randomUUID(), accountId],
    );
    await admin.query(
      "INSERT INTO invitation VALUES ('AAAA-BBBB-CCCC', 1, UTC_TIMESTAMP(3) + INTERVAL 9 DAY, UTC_TIMESTAMP(3), '')",
    );
    const known = set(learner, { theme: 'Old' }, { id: 'first', clock: clockAt(Date.now(), node) });
    await admin.query(
      "INSERT INTO record (account_id, kind, id, seq, fields, clock, clocks) VALUES (?, 'topic', 'first', 1, ?, ?, '{}')",
      [accountId, JSON.stringify(known.fields), known.clock],
    );
    await admin.query('INSERT INTO applied (account_id, op_id, applied_time) VALUES (?, ?, UTC_TIMESTAMP(3))', [
      accountId,
      known.opId,
    ]);

    for (let run = 0; run < 2; run += 1) {
      await command('upgrade');
      expect(await firstRow(admin, 'SELECT schema_version, used_bytes FROM store JOIN account')).toMatchObject({
        schema_version: 2,
        used_bytes: 315,
      });
    }
    expect(await pullAll(learner)).toMatchObject([{ id: 'first', fields: { theme: 'Old' } }]);
    const { results } = await push(learner, known, set(learner, { theme: 'New' }));
    expect(results.map(({ state }) => state)).toEqual(['already', 'applied']);
    const login = { name: learner.name, key, token: randomBytes(32), device: 'New' };
    expect(await refusal(learner.store, (calls) => calls.signIn(login))).toBeNull();
    const guest = { ...login, name: 'guest', recoveryKey, token: randomBytes(32), invitation: 'AAAA-BBBB-CCCC' };
    await command('init', '--invite-only');
    expect(await refusal(learner.store, (calls) => calls.register(guest))).toBeNull();
    await command('init', '--open');
    expect(await firstRow(admin, columns)).toEqual(made);
  });

  it('is upgraded whatever lock an app takes, but not by two at once', async () => {
    const evil = await server().attacker();
    for (const name of ['botchat botchat', 'botchat', 'admin_lock'])
      expect(await errnoOf(evil.query('DO GET_LOCK(?, 0)', [name]))).toBe(0);
    await server().command('upgrade');
    evil.destroy();
    const other = await server().secondAdmin();
    await other.beginTransaction();
    await other.query('SELECT only_row FROM admin_lock FOR UPDATE');
    await expect(server().command('upgrade')).rejects.toThrow(/Somebody else is working/);
    other.destroy();
    await server().command('upgrade');
  });

  it('is upgraded while apps keep its routines from being changed', async () => {
    const { admin, attacker, command } = server();
    const talking = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const evil = await attacker();
        evil.on('error', () => undefined);
        await evil.query('SET autocommit = 0');
        await errnoOf(evil.query('CALL push_v1(1)'));
        return setInterval(() => void errnoOf(evil.ping()), 100);
      }),
    );
    await admin.query('SET SESSION lock_wait_timeout = 60');
    await admin.query("ALTER PROCEDURE push_v1 COMMENT 'botchat 0000000000000000'");
    expect(await command('upgrade')).toContain('1 made');
    talking.forEach((timer) => clearInterval(timer));
  });

  it('has no rights that everybody has, or says so', async () => {
    const { admin, attacker, command, product } = server();
    const makeTable = async (table: string) => {
      const evil = await attacker();
      const errno = await errnoOf(evil.query(`CREATE TABLE ${table} (n INT)`));
      evil.destroy();
      return errno;
    };
    await admin.query('CREATE DATABASE IF NOT EXISTS everybodys');
    if (product === 'MariaDB') {
      await admin.query('CREATE DATABASE IF NOT EXISTS test');
      for (const schema of ['test', 'test\\_%', 'everybodys'])
        await admin.query(`GRANT ALL ON \`${schema}\`.* TO PUBLIC`);
      expect([await makeTable('test.before'), await makeTable('everybodys.before')]).toEqual([0, 0]);
      expect(await command('status')).toMatch(/To be mended: every app has the rights of PUBLIC.*`test`/);
      const output = await command('init');
      expect(output).toContain("Took away everybody's rights to the schema test.");
      expect(output).toMatch(/To be mended: every app has the rights of PUBLIC.*`everybodys`/);
      expect(output).not.toMatch(/To be mended: every app.*`test/);
      expect([await makeTable('test.after'), await makeTable('everybodys.after')]).toEqual([1142, 0]);
      await admin.query('REVOKE ALL PRIVILEGES ON everybodys.* FROM PUBLIC');
      await admin.query('DROP DATABASE test');
    } else {
      // A role of all accounts is none of an account without a name.
      await admin.query("CREATE ROLE IF NOT EXISTS 'generous'");
      await admin.query("GRANT ALL ON everybodys.* TO 'generous'");
      await admin.query("SET GLOBAL mandatory_roles = 'generous'");
      await admin.query('SET GLOBAL activate_all_roles_on_login = ON');
      expect(await makeTable('everybodys.before')).toBe(1142);
      await admin.query("SET GLOBAL mandatory_roles = ''");
      await admin.query('SET GLOBAL activate_all_roles_on_login = OFF');
      await admin.query("DROP ROLE 'generous'");
    }
    expect(await command('status')).not.toContain('PUBLIC');
    await admin.query('DROP DATABASE everybodys');
  });

  it('is checked for the disk that temporary tables can fill', async () => {
    const { admin, command, product } = server();
    const setting = product === 'MySQL' ? 'innodb_temp_tablespaces_dir' : 'tmpdir';
    const folder = String((await firstRow(admin, `SELECT @@GLOBAL.${setting} AS value`)).value);
    const lies = `To be mended: ${setting} was ${folder}: one statement's temporary tables can fill the disk`;
    // A server of the tests keeps its data and what is temporary in one folder; MariaDB's are beside each other.
    if (product === 'MySQL') expect(await command('status')).toContain(lies);
    else expect(await command('status')).not.toContain('temporary tables');
  });

  it('is checked for logs that write down what is said', async () => {
    const { admin, command } = server();
    for (const log of ['slow_query_log', 'general_log']) {
      await admin.query(`SET GLOBAL ${log} = ON`);
      expect(await command('status')).toContain(`To be mended: ${log} was ON`);
      await command('upgrade');
      expect((await firstRow(admin, `SELECT @@GLOBAL.${log} AS value`)).value).toBe(0);
    }
    expect(await command('status')).not.toMatch(/To be mended: \w+_log/);
    await expect(command('init', '--ca', 'no-such-file.pem')).rejects.toThrow(/There is no no-such-file.pem/);
    await expect(command('init', '--ca', 'no-such-file.pem')).rejects.not.toThrow(/\.mjs:\d+/);
    await expect(command('status')).resolves.toBeDefined();
    expect(await errnoOf(admin.query('SELECT 1'))).toBe(0);
    await storeOf(server()).burst((calls) => calls.info(), always);
  });
});
