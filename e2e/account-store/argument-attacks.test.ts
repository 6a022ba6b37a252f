import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { RowDataPacket } from 'mysql2/promise';
import { describe, expect, it } from 'vitest';
import { injections, randomInjection } from './injections.js';
import {
  always,
  clockAt,
  pullAll,
  pullOne,
  push,
  refusal,
  registerLearner,
  remove,
  set,
  type Learner,
} from './learner.js';
import { call, hostileApp, routines } from './hostile-app.js';
import { errnoOf, firstRow, onEachServer } from './test-server.js';

/** What a hostile app puts into the arguments: other people's ids, guesses, and whatever breaks out of SQL. */

onEachServer('a hostile app', (server) => {
  const app = hostileApp(server);

  describe('R11: injection', () => {
    it.each(Object.entries(routines))('into every argument of %s', async (routine, kinds) => {
      const { admin } = server();
      const evil = await app.attacker();
      const mallory = await registerLearner(app.victim.store);
      const counts = () =>
        firstRow(
          admin,
          `SELECT (SELECT COUNT(*) FROM record WHERE account_id = ?) AS records, (SELECT SUM(seq) FROM account WHERE id = ?) AS seq,
            (SELECT COUNT(*) FROM login_session WHERE account_id = ?) AS sessions, (SELECT HEX(password) FROM account WHERE id = ?) AS password,
            (SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()) AS tables_there`,
          Array.from({ length: 4 }, () => app.victim.accountId),
        );
      const before = await counts();
      const strange = new Set<number>();
      let tries = 0;
      for (const [position] of kinds.entries()) {
        for (let trial = 0; trial < 500 / kinds.length; trial += 1) {
          const text = injections[trial] ?? randomInjection();
          const args = kinds.map((kind, index): unknown => {
            if (index === position) return text;
            if (kind === 'bytes') return index === 0 ? mallory.token : randomBytes(32);
            return routine === 'pull_v1' ? '1' : 'plain';
          });
          const errno = await errnoOf(
            call(evil, routine, args).then(([sets]) => {
              expect(JSON.stringify(sets)).not.toContain('only mine');
            }),
          );
          tries += 1;
          if (errno !== 0 && (errno < 30001 || errno > 30011)) strange.add(errno);
        }
      }
      expect(tries).toBeGreaterThanOrEqual(500);
      expect([...strange]).toEqual([]);
      expect(await counts()).toEqual(before);
      await admin.query('DELETE FROM login_throttle');
    });

    it('into every part of an operation', async () => {
      const mallory = await registerLearner(app.victim.store);
      for (const part of ['opId', 'kind', 'id', 'clock', 'parent', 'name'] as const) {
        const operations = Array.from({ length: 80 }, (_, trial) => {
          const text = injections[trial] ?? randomInjection();
          const operation = set(mallory, part === 'name' ? { [text]: 1 } : { theme: 'x' });
          if (part === 'parent') return { ...operation, parent: { kind: text, id: text } };
          return part === 'name' ? operation : { ...operation, [part]: text };
        });
        const { results } = await push(mallory, ...operations);
        // Some are good names, such as "true".
        expect(results.filter(({ state }) => state === 'applied').length).toBeLessThan(40);
      }
      const texts = new Map(
        Array.from({ length: 80 }, (_, n) => [`value-${String(n)}`, injections[n] ?? randomInjection()]),
      );
      const { results } = await push(mallory, ...Array.from(texts, ([id, theme]) => set(mallory, { theme }, { id })));
      expect(results.every(({ state }) => state === 'applied')).toBe(true);
      const kept = new Map((await pullAll(mallory)).map(({ id, fields }) => [id, fields.theme]));
      for (const [id, text] of texts) expect(kept.get(id)).toBe(text.toWellFormed());
      expect(await pullAll(app.victim)).toHaveLength(1);
    });
  });

  it("R12: B's token with A's ids reads and changes nothing of A", async () => {
    const { admin } = server();
    const alice = await registerLearner(app.victim.store);
    const mallory = await registerLearner(app.victim.store);
    const topics = Array.from({ length: 50 }, (_, n) => set(alice, { theme: `of Alice ${String(n)}` }));
    const turns = topics.map((topic) => set(alice, { prompt: 'of Alice' }, { kind: 'conversation', parent: topic }));
    await push(alice, ...topics, ...turns);
    const dump = () =>
      admin
        .query<RowDataPacket[]>('SELECT * FROM record WHERE account_id = ? ORDER BY id', [alice.accountId])
        .then(([rows]) => JSON.stringify(rows));
    const before = await dump();
    const sessions = await alice.store.burst((calls) => calls.sessions(alice.token), always);
    let tries = 0;
    await mallory.store.burst(async (calls) => {
      for (let round = 0; round < 5; round += 1) {
        const clock = clockAt(Date.now() + 60_000, mallory.node);
        const operations = topics.flatMap(({ id, opId }) => [
          set(mallory, { theme: 'taken' }, { id, clock }),
          remove(mallory, { id, clock, kind: 'conversation' }),
          set(mallory, { prompt: 'x' }, { kind: 'note', parent: { kind: 'topic', id } }),
          remove(mallory, { id, opId: `${opId}-${String(round)}` }),
        ]);
        tries += operations.length;
        await calls.push(mallory.token, operations);
        const { records } = await calls.pull(mallory.token, { epoch: null, since: 0, limit: 1000 });
        expect(JSON.stringify(records)).not.toContain('of Alice');
        expect(await calls.revokeSession(mallory.token, sessions[0]!.id)).toBe(false);
      }
    }, always);
    expect(tries).toBe(1000);
    expect(await dump()).toBe(before);
    // Operation ids of A are no obstacle to B, and the other way round.
    const { opId } = topics[0]!;
    expect((await push(mallory, set(mallory, { theme: 'x' }, { opId }))).results[0]?.state).toBe('applied');
    expect(await refusal(alice.store, (calls) => calls.sessions(alice.token))).toBeNull();
  });

  it('R13, trap 7: gets no more than 8 guesses in 10 seconds, by whatever tricks', async () => {
    const { admin } = server();
    const owner = await registerLearner(app.victim.store);
    const connections = await Promise.all(Array.from({ length: 20 }, () => app.attacker()));
    const endMs = Date.now() + 10_000;
    const counts = { made: 0, compared: 0, throttled: 0, dropped: 0, other: new Map<number, number>() };
    await Promise.all(
      connections.map(async (first, index) => {
        let evil = first;
        // 100 guesses on each connection, spread over the 10 s: they are not used up before a wait is over.
        for (let guesses = 0; guesses < 100; guesses += 1) {
          await delay(Math.max(0, endMs - 10_000 + guesses * 100 + index * 5 - Date.now()));
          if (Date.now() > endMs) break;
          counts.made += 1;
          // The last two: names that are the same to a comparison, but not to a hash.
          const name = [
            owner.name,
            owner.name,
            owner.name,
            owner.name,
            owner.name,
            `${owner.name}${' '.repeat(1 + (counts.made % 40))}`,
          ][index % 6]!;
          const args = [name, randomBytes(32), randomBytes(32), 'x'];
          if (index % 6 === 1) await evil.query(`SET timestamp = ${String(Date.now() / 1000 + 86_400 * counts.made)}`);
          if (index % 6 === 2)
            await evil
              .query('SET max_statement_time = 0.005')
              .catch(() => evil.query('SET innodb_lock_wait_timeout = 1'));
          if (index % 6 === 3) await evil.query('START TRANSACTION');
          const guess = call(evil, 'login_v1', args);
          if (index % 6 === 4) {
            // Hangs up in the middle of the call, so that the count might be undone.
            void guess.catch(() => undefined);
            await delay(Math.random() * 4);
            evil.destroy();
            counts.dropped += 1;
            evil = await app.attacker();
            continue;
          }
          const errno = await errnoOf(guess);
          if (index % 6 === 3) await errnoOf(evil.query('ROLLBACK'));
          if (errno === 30003) counts.compared += 1;
          else if (errno === 30004) counts.throttled += 1;
          else counts.other.set(errno, (counts.other.get(errno) ?? 0) + 1);
        }
      }),
    );
    const [[row]] = await admin.query<RowDataPacket[]>(
      'SELECT MAX(failures) AS failures FROM login_throttle WHERE subject = UNHEX(SHA2(CONCAT(?, ?), 256))',
      ['login ', owner.name],
    );
    console.log(
      `${server().product}: ${JSON.stringify({ ...counts, other: [...counts.other], failures: row?.failures })}`,
    );
    expect(counts.made).toBeGreaterThan(1000);
    expect(counts.dropped).toBeGreaterThan(10);
    expect(counts.throttled).toBeGreaterThan(100);
    // What was counted is what can have been compared, also where nobody stayed for the answer.
    expect(Number(row?.failures)).toBeLessThanOrEqual(8);
    expect(Number(row?.failures)).toBeGreaterThanOrEqual(6);
    expect(counts.compared).toBeLessThanOrEqual(Number(row?.failures));
    // The owner's machines go on; the right password waits like a wrong one, and works when the wait is over.
    expect(await refusal(owner.store, (calls) => calls.sessions(owner.token))).toBeNull();
    const login = { name: owner.name, key: owner.key, token: randomBytes(32), device: 'x' };
    await expect(owner.store.burst((calls) => calls.signIn(login), always)).rejects.toMatchObject({
      code: 'account/throttled',
      retryAfterMs: expect.any(Number),
    });
    await admin.query('UPDATE login_throttle SET next_time = UTC_TIMESTAMP(3)');
    expect(await refusal(owner.store, (calls) => calls.signIn(login))).toBeNull();
  });

  it('R13: is throttled alike for names that do not exist, for password changes, deletions and recovery codes', async () => {
    const owner = await registerLearner(app.victim.store);
    const wrong = randomBytes(32);
    const device = 'x';
    const guesses: readonly (() => Promise<unknown>)[] = [
      () =>
        refusal(owner.store, (calls) =>
          calls.signIn({ name: 'there-is-nobody', key: wrong, token: randomBytes(32), device }),
        ),
      () =>
        refusal(owner.store, (calls) =>
          calls.changePassword(owner.token, { oldKey: wrong, newKey: randomBytes(32), newRecoveryKey: null }),
        ),
      () =>
        refusal(owner.store, (calls) =>
          calls.recover({
            name: owner.name,
            recoveryKey: wrong,
            newKey: wrong,
            newRecoveryKey: wrong,
            token: randomBytes(32),
            device,
          }),
        ),
    ];
    for (const guess of guesses) {
      const codes = [];
      for (let n = 0; n < 6; n += 1) codes.push(await guess());
      expect(codes).toEqual([...Array.from({ length: 5 }, () => 'account/wrong-login'), 'account/throttled']);
    }
    expect(await refusal(owner.store, (calls) => calls.deleteAccount(owner.token, wrong))).toBe('account/throttled');
    // A stolen token must not wipe the count away by a recovery that is taken for a repeated one.
    await refusal(owner.store, (calls) =>
      calls.recover({
        name: owner.name,
        recoveryKey: wrong,
        newKey: wrong,
        newRecoveryKey: wrong,
        token: owner.token,
        device,
      }),
    );
    expect(await guesses[1]!()).toBe('account/throttled');
  });

  it('R21: leaves no secret in the tables', async () => {
    const { admin } = server();
    const canaries = Array.from({ length: 50 }, () => randomBytes(32));
    const learners: Learner[] = [];
    for (let n = 0; n < canaries.length; n += 4) {
      const [key = randomBytes(32), recoveryKey = randomBytes(32), token = randomBytes(32)] = canaries.slice(n);
      const account = { name: `canary-${randomUUID()}`, key, recoveryKey, token, device: 'x', invitation: null };
      const { accountId } = await app.victim.store.burst((calls) => calls.register(account), always);
      learners.push({ ...app.victim, ...account, accountId });
      await app.victim.store.burst(async (calls) => {
        await calls.signIn({ ...account, token: canaries[n + 3] ?? randomBytes(32) });
        await calls.push(token, [set(app.victim, { theme: 'x' })]);
      }, always);
    }
    const [tables] = await admin.query<RowDataPacket[]>(
      "SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE'",
    );
    let bytes = 0;
    for (const { name } of tables) {
      const [rows] = await admin.query<RowDataPacket[]>(`SELECT * FROM ${String(name)}`);
      const text = rows
        .map((row) =>
          Object.values(row)
            .map((value) => (Buffer.isBuffer(value) ? value.toString('hex') : String(value)))
            .join(' '),
        )
        .join('\n');
      bytes += text.length;
      for (const canary of canaries)
        for (const form of ['hex', 'base64', 'base64url', 'latin1'] as const)
          expect(text).not.toContain(canary.toString(form));
    }
    expect(tables.length).toBeGreaterThanOrEqual(7);
    expect(bytes).toBeGreaterThan(5000);
    expect(await pullOne(app.victim, 'no-such')).toBeUndefined();
  });
});
