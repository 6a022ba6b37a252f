import { randomBytes, randomUUID } from 'node:crypto';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { expect, it } from 'vitest';
import { hostileApp } from './hostile-app.js';
import { clockAt } from './learner.js';
import { errnoOf, firstRow, onEachServer } from './test-server.js';

/** A caller has settings of its own, some of which a routine feels: it does the same under each, or refuses. */
onEachServer('settings of a session', (server) => {
  const app = hostileApp(server);

  /** Every routine once, by one learner: what it answers, without what differs each time. */
  async function everything(
    evil: Connection,
  ): Promise<{ readonly learner: string; readonly answers: readonly string[] }> {
    const name = `s-${randomUUID().slice(0, 13)}`;
    const secret = () => randomBytes(32);
    const [key, code, first, second, third] = [secret(), secret(), secret(), secret(), secret()];
    const [newKey, newCode] = [secret(), secret()];
    const clock = clockAt(Date.now(), 'a'.repeat(16));
    const op = (id: string, fields: string) =>
      `{"op_id":"${id}","kind":"topic","id":"${id}","clock":"${clock}","fields":${fields}}`;
    const operations = [
      op('one', '{"theme":"words"}'),
      op('two', '{"theme":"x","created_time":1}').replace('"two"', '"two\\n"'),
      op('three', '{"created_time":1e300}'),
      op('four', '{"a":"\\x"}'),
      op('five', '{"a":1e999}'),
      'null',
    ];
    const calls: readonly [string, readonly unknown[]][] = [
      ['server_info', []],
      ['register_v1', [name, key, code, null, first, 'a']],
      ['register_v1', [`${name} x`, key, code, null, secret(), 'a']],
      ['login_v1', [name, key, second, 'b']],
      ['login_v1', [name, secret(), secret(), 'b']],
      ['login_v1', [name.toUpperCase(), key, secret(), 'b']],
      ['sessions_v1', [first]],
      ['push_v1', [first, JSON.stringify(operations)]],
      ['push_v1', [first, JSON.stringify(operations)]],
      ['pull_v1', [second, null, '0', '10']],
      ['pull_v1', [second, null, '0\n', '10']],
      ['revoke_session_v1', [first, `${randomUUID()}\n`]],
      ['change_password_v1', [first, secret(), newKey, null]],
      ['change_password_v1', [first, key, newKey, newCode]],
      ['sessions_v1', [second]],
      ['recover_v1', [name, newCode, key, code, third, 'c']],
      ['delete_account_v1', [third, key]],
      ['logout_v1', [third]],
      ['push_v1', [third, '[]']],
    ];
    const answers: string[] = [];
    for (const [routine, args] of calls) {
      // As an app sends it: prepared. Text would be read with the caller's own character set.
      const holders = args.map(() => '?').join(', ');
      const answer = await evil.execute(`CALL ${routine}(${holders})`, [...args] as (string | Buffer | null)[]).then(
        ([sets]) => JSON.stringify(Array.isArray(sets) ? sets.filter((set) => Array.isArray(set)) : 'done'),
        (error: unknown) => `error ${String((error as { errno?: number }).errno)}`,
      );
      answers.push(
        `${routine} ${answer
          .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'id')
          .replaceAll(/"(\w+_time_ms|clock)":("[^"]*"|\d+)/g, '"$1":0')}`,
      );
    }
    return { learner: name, answers };
  }

  it('change nothing in any routine, or it refuses', async () => {
    const { admin } = server();
    const usual = await everything(await app.attacker());
    expect(usual.answers.filter((answer) => answer.includes('error'))).toHaveLength(8);
    const [variables] = await admin.query<RowDataPacket[]>('SHOW SESSION VARIABLES');
    // Numbers choose among the values of an enumeration, too.
    const values = [
      "''",
      '0',
      '1',
      '2',
      '3',
      '4',
      '9223372036854775807',
      "'latin1'",
      "'MULTILINE,EXTENDED'",
      "'de_DE'",
      "'+13:00'",
    ];
    const changed = new Map<string, readonly string[]>();
    const refused = new Set<string>();
    let settings = 0;
    for (const { Variable_name: variable } of variables) {
      const probe = await app.attacker();
      const taken: string[] = [];
      const seen = new Set<string>();
      for (const value of values) {
        if ((await errnoOf(probe.query(`SET SESSION ${String(variable)} = ${value}`))) !== 0) continue;
        const row = await firstRow(probe, `SELECT @@SESSION.${String(variable)} AS now`).catch(() => ({ now: value }));
        if (!seen.has(String(row.now))) taken.push(value);
        seen.add(String(row.now));
      }
      probe.destroy();
      for (const value of taken) {
        settings += 1;
        const evil = await app.attacker();
        await errnoOf(evil.query(`SET SESSION ${String(variable)} = ${value}`));
        const { learner, answers } = await everything(evil);
        await errnoOf(evil.query('COMMIT'));
        evil.destroy();
        const setting = `${String(variable)} = ${value}`;
        // An error of the server's own is a refusal, whatever comes after it.
        if (answers.some((answer) => / error (?!300)/.test(answer))) refused.add(setting);
        else if (answers.some((answer, index) => answer !== usual.answers[index])) changed.set(setting, answers);
        // Whatever it was: the account is in order.
        const sql = `SELECT COUNT(*) AS n FROM account WHERE username = ? AND (seq < (SELECT COALESCE(MAX(seq), 0) FROM record
          WHERE account_id = account.id) OR (SELECT COUNT(*) FROM record WHERE account_id = account.id) > 1)`;
        expect((await firstRow(admin, sql, [learner])).n, setting).toBe(0);
      }
    }
    console.log(`${server().product}: ${String(settings)} settings; refused under ${[...refused].join(', ')}`);
    expect(settings).toBeGreaterThan(100);
    expect(Object.fromEntries(changed)).toEqual({});
  });
});
