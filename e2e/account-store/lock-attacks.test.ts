import { randomBytes } from 'node:crypto';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { expect, it } from 'vitest';
import { call, hostileApp, routines } from './hostile-app.js';
import { clockAt, registerLearner } from './learner.js';
import { errnoOf, onEachServer, type StoreServer } from './test-server.js';

/** What a hostile app might hold on to after a call: rows, tables, routines, prepared transactions. */

const names = ['server_info', ...Object.keys(routines)] as (keyof typeof routines | 'server_info')[];

/** Arguments with which most routines do something, and the others fail. */
function argumentsOf(name: keyof typeof routines | 'server_info', token: Buffer, node: string): readonly unknown[] {
  if (name === 'server_info') return [];
  if (name === 'push_v1') {
    const operation = { op_id: '1', kind: 'topic', id: 't', clock: clockAt(Date.now(), node), fields: { a: 1 } };
    return [token, JSON.stringify([JSON.stringify(operation)])];
  }
  return routines[name].map((kind, index) => {
    if (kind === 'bytes') return index === 0 ? token : randomBytes(32);
    return name === 'pull_v1' ? (index === 1 ? null : '1') : 'plain';
  });
}

/** What an administrator could not take right now. */
async function heldFrom({ admin }: StoreServer): Promise<readonly string[]> {
  const held: string[] = [];
  await admin.query('SET SESSION lock_wait_timeout = 1, innodb_lock_wait_timeout = 1');
  const [tables] = await admin.query<RowDataPacket[]>(
    "SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE'",
  );
  for (const { name } of tables) {
    if ((await errnoOf(admin.query(`SELECT 1 FROM ${String(name)} FOR UPDATE`))) !== 0)
      held.push(`rows of ${String(name)}`);
    if ((await errnoOf(admin.query(`LOCK TABLES ${String(name)} WRITE`))) !== 0) held.push(`table ${String(name)}`);
    await admin.query('UNLOCK TABLES');
  }
  for (const name of names)
    if ((await errnoOf(admin.query(`ALTER PROCEDURE ${name} SQL SECURITY DEFINER`))) !== 0)
      held.push(`routine ${name}`);
  return held;
}

onEachServer('a hostile app keeps no lock', (server) => {
  const app = hostileApp(server);
  const settings = [
    ['without autocommit', ['SET autocommit = 0']],
    ['in a transaction of its own', ['START TRANSACTION']],
    ['serializable', ['SET autocommit = 0', 'SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE']],
    ['once serializable', ['SET autocommit = 0', 'SET TRANSACTION ISOLATION LEVEL SERIALIZABLE']],
    ['with chained transactions', ['SET autocommit = 0', 'SET completion_type = CHAIN']],
  ] as const;

  it.each(settings)('%s, after any routine', async (_, statements) => {
    const callers: Connection[] = [];
    let went = 0;
    for (const name of names) {
      const mallory = await registerLearner(app.victim.store);
      const evil = await app.attacker();
      for (const sql of statements) await evil.query(sql);
      const errno = await errnoOf(call(evil, name, argumentsOf(name, mallory.token, mallory.node)));
      expect(errno === 0 || (errno > 30000 && errno < 30012), `${name}: ${String(errno)}`).toBe(true);
      if (errno === 0) went += 1;
      callers.push(evil);
    }
    expect(went).toBeGreaterThanOrEqual(5);
    expect(await heldFrom(server())).toEqual([]);
    // They were there all the time.
    for (const evil of callers) expect(await errnoOf(evil.ping())).toBe(0);
    await server().admin.query('DELETE FROM login_throttle');
  });

  it('nor a row by a prepared transaction, of which the administrator is told and which he can end', async () => {
    const mallory = await registerLearner(app.victim.store);
    for (const [index, name] of names.entries()) {
      const evil = await app.attacker();
      const xid = `'${name}', 'x', ${String(index)}`;
      await evil.query(`XA START ${xid}`);
      expect(await errnoOf(call(evil, name, argumentsOf(name, mallory.token, mallory.node))), name).toBe(1399);
      await evil.query(`XA END ${xid}`);
      await evil.query(`XA PREPARE ${xid}`);
      evil.destroy();
    }
    // On MySQL the definitions of the routines are kept from being changed until then.
    const held = await heldFrom(server());
    expect(held.filter((what) => !what.startsWith('routine'))).toEqual([]);
    const { command } = server();
    expect(await command('status')).toContain(`${String(names.length)} transactions were left prepared`);
    expect(await command('upgrade', '--end-prepared')).toContain(`${String(names.length)} rolled back`);
    expect(await command('status')).not.toContain('left prepared');
    expect(await heldFrom(server())).toEqual([]);
  });

  it('nor stops the purge by holding one account', async () => {
    const { admin } = server();
    const held = await registerLearner(app.victim.store);
    const other = await registerLearner(app.victim.store);
    await admin.query('UPDATE account SET deleted_time = UTC_TIMESTAMP(3) - INTERVAL 8 DAY WHERE id IN (?)', [
      [held.accountId, other.accountId],
    ]);
    // As if a call of its app took long: no app can hold it between its calls.
    const blocker = await server().secondAdmin();
    await blocker.beginTransaction();
    await blocker.query('SELECT id FROM account WHERE id = ? FOR UPDATE', [held.accountId]);
    await admin.query('CALL purge_expired()');
    const left = async () => {
      const [rows] = await admin.query<RowDataPacket[]>('SELECT id FROM account WHERE id IN (?)', [
        [held.accountId, other.accountId],
      ]);
      return rows.map(({ id }) => String(id));
    };
    expect(await left()).toEqual([held.accountId]);
    await blocker.rollback();
    blocker.destroy();
    await admin.query('CALL purge_expired()');
    expect(await left()).toEqual([]);
  });
});
