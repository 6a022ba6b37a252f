import { setTimeout as delay } from 'node:timers/promises';
import type { Connection } from 'mysql2/promise';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { call, hostileApp } from './hostile-app.js';
import { errnoOf, firstRow, onEachServer } from './test-server.js';

/** What a hostile app keeps running or open, and calls itself meanwhile: the reaper ends it all the same. */

/** The server's own threads, and what is root to a comparison that does not look at bytes. */
const borrowedNames = ['event_scheduler', 'system user', 'unauthenticated user', 'ROOT', 'röot', 'Root', 'rOOt'];

onEachServer('the reaper', (server) => {
  const app = hostileApp(server);

  beforeEach(async () => {
    await server().admin.query('UPDATE store SET statement_seconds = 1, idle_seconds = 2');
  });
  afterEach(async () => {
    await server().admin.query('UPDATE store SET statement_seconds = DEFAULT, idle_seconds = DEFAULT');
  });

  /** Whether a connection is still there. */
  const lives = async ({ threadId }: Connection) => {
    const sql =
      server().product === 'MySQL'
        ? 'SELECT COUNT(*) AS n FROM performance_schema.threads WHERE PROCESSLIST_ID = ?'
        : 'SELECT COUNT(*) AS n FROM information_schema.PROCESSLIST WHERE ID = ?';
    return Number((await firstRow(server().admin, sql, [threadId])).n) > 0;
  };
  const expectEnd = (connection: Connection) =>
    expect.poll(() => lives(connection), { timeout: 20_000, interval: 200 }).toBe(false);

  it('ends statements under whatever name they come', async () => {
    const evil = await Promise.all(borrowedNames.map((name) => app.attacker(name)));
    const errnos = await Promise.all(evil.map((each) => errnoOf(each.query('SELECT SLEEP(30)'))));
    expect(errnos.filter((errno) => errno === 0)).toEqual([]);
  });

  it('is not fooled by the clock of a session, in statements or between them', async () => {
    const clocks = ['86400', '2140000000'];
    const running = await Promise.all(clocks.map(() => app.attacker()));
    const idle = await Promise.all(clocks.map(() => app.attacker('event_scheduler')));
    const errnos = await Promise.all(
      running.map(async (each, index) => {
        await each.query(`SET timestamp = ${clocks[index]!}`);
        return await errnoOf(each.query('SELECT SLEEP(30)'));
      }),
    );
    expect(errnos.filter((errno) => errno === 0)).toEqual([]);
    for (const [index, each] of idle.entries()) await errnoOf(each.query(`SET timestamp = ${clocks[index]!}`));
    for (const each of idle) await expectEnd(each);
  });

  it('ends a connection that says nothing at all', async () => {
    await expectEnd(await app.attacker('system user'));
  });

  it.each([
    ['a snapshot, which grows undo logs', ['START TRANSACTION WITH CONSISTENT SNAPSHOT'], ['MariaDB', 'MySQL']],
    // MariaDB keeps nothing after such a call.
    ['the definition of a routine', ['SET autocommit = 0', 'CALL server_info(1)'], ['MySQL']],
    ['the definition of a table', ['SET autocommit = 0', 'SHOW COLUMNS FROM account'], ['MySQL']],
  ])('ends whoever keeps %s by talking on', async (_, statements, products) => {
    if (!products.includes(server().product)) return;
    const evil = await app.attacker('ROOT');
    for (const sql of statements) await errnoOf(evil.query(sql));
    // Until it is ended, which is what is waited for.
    const talk = (async () => {
      while ((await errnoOf(evil.ping())) === 0) await delay(100);
    })();
    await expectEnd(evil);
    await talk;
  });

  it('is not made blind by statements that cannot be listed', async () => {
    const unlistable = async (before: string) => {
      const evil = await app.attacker();
      if (before !== '') await evil.query(before);
      return await errnoOf(evil.execute('SELECT SLEEP(30), ?', [Buffer.from('9cda3bb3ff00fe8c5bbdfd', 'hex')]));
    };
    const others = await app.attacker();
    const errnos = await Promise.all([
      unlistable(''),
      unlistable('START TRANSACTION WITH CONSISTENT SNAPSHOT'),
      errnoOf(others.query('SELECT SLEEP(30)')),
    ]);
    expect(errnos.filter((errno) => errno === 0)).toEqual([]);
  });

  it('leaves alone who has an account of the server, and who calls a routine now and then', async () => {
    const { admin } = server();
    const honest = await app.attacker();
    // Three times as long as a statement or a pause of an app may be.
    let ended = false;
    const long = errnoOf(admin.query('SELECT SLEEP(6)')).finally(() => (ended = true));
    for (let calls = 0; !(ended as boolean); calls += 1) {
      expect(await errnoOf(call(honest, 'pull_v1', [app.victim.token, null, '0', '1']))).toBe(0);
      const other = await app.attacker();
      expect(await errnoOf(call(other, 'server_info', []))).toBe(0);
      other.destroy();
      // One after the other, and with pauses.
      if (calls % 20 === 0) await delay(500);
    }
    expect(await long).toBe(0);
  });
});
