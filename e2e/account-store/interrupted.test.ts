import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { afterEach, expect, it } from 'vitest';
import { call, hostileApp } from './hostile-app.js';
import { clockAt, pullAll, push, registerLearner, set, type Learner } from './learner.js';
import { errnoOf, firstRow, onEachServer } from './test-server.js';

/**
 * A routine that is interrupted runs no handler, and its caller may commit what there is of it. Its account stays one
 * that can be used, and nothing more.
 */
const rounds = process.env.BOTCHAT_FULL ? 25 : 6;
const interruptionsWanted = process.env.BOTCHAT_FULL ? 5 : 1;

onEachServer('a call that is interrupted', (server) => {
  const app = hostileApp(server);

  afterEach(async () => {
    await server().admin.query('UPDATE store SET account_quota_bytes = DEFAULT');
  });

  const batch = (learner: Learner, bytes: number) =>
    JSON.stringify(
      Array.from({ length: 60 }, () => {
        const id = randomUUID();
        const clock = clockAt(Date.now(), learner.node);
        return JSON.stringify({ op_id: id, kind: 'topic', id, clock, fields: { theme: 'x'.repeat(bytes) } });
      }),
    );

  /** What is there, and whether it is counted. */
  const accounting = async ({ accountId }: Learner) => {
    const sql = `SELECT seq, used_bytes, (SELECT COALESCE(MAX(seq), 0) FROM record WHERE account_id = account.id) AS last,
      (SELECT COALESCE(SUM(OCTET_LENGTH(fields) + OCTET_LENGTH(clocks) + 200), 0) FROM record WHERE account_id = account.id)
        + 100 * (SELECT COUNT(*) FROM applied WHERE account_id = account.id) AS bytes FROM account WHERE id = ?`;
    const row = await firstRow(server().admin, sql, [accountId]);
    return { seq: Number(row.seq), used: Number(row.used_bytes), last: Number(row.last), bytes: Number(row.bytes) };
  };

  /** Ways to end a call in its middle and keep the connection; what is answered goes on until the call has ended. */
  const interruptions: readonly [
    string,
    (evil: Connection, wholeMs: number) => Promise<(call: Promise<unknown>) => Promise<void>>,
  ][] = [
    [
      'by another connection',
      async (evil, wholeMs) => {
        // Of the same name, which MySQL asks for.
        const { user } = await firstRow(evil, "SELECT SUBSTRING_INDEX(USER(), '@', 1) AS user");
        const second = await app.attacker(String(user));
        return async (running) => {
          const ended = new AbortController();
          void running.then(() => {
            ended.abort();
          });
          await delay(Math.random() * wholeMs);
          while (!ended.signal.aborted) await errnoOf(second.query(`KILL QUERY ${String(evil.threadId)}`));
          second.destroy();
        };
      },
    ],
    [
      'by a time limit of its own',
      async (evil, wholeMs) => {
        await evil.query(`SET max_statement_time = ${String(Math.max(0.0005, (Math.random() * wholeMs) / 1000))}`);
        return () => Promise.resolve();
      },
    ],
    [
      'by a memory limit of its own',
      async (evil) => {
        await evil.query(`SET max_session_mem_used = ${String(300_000 + Math.floor(Math.random() * 2_000_000))}`);
        return () => Promise.resolve();
      },
    ],
  ];

  it.each(interruptions)('%s is no way past the quota, and leaves the account in order', async (way, arrange) => {
    if (way !== 'by another connection' && server().product === 'MySQL') return;
    const probe = await registerLearner(app.victim.store);
    // How long it takes when nobody disturbs it; the first call is slower than others.
    let wholeMs = Infinity;
    for (let run = 0; run < 4; run += 1) {
      const caller = await app.attacker();
      const start = performance.now();
      await call(caller, 'push_v1', [probe.token, batch(probe, 500)]);
      wholeMs = Math.min(wholeMs, performance.now() - start);
    }
    await server().admin.query('UPDATE store SET account_quota_bytes = 200000');
    let interrupted = 0;
    let halves = 0;
    for (let round = 0; round < rounds || (interrupted <= interruptionsWanted && round < 200); round += 1) {
      const mallory = await registerLearner(app.victim.store);
      // A half leaves less room than there is: it seldom goes on for longer.
      for (let trial = 0; trial < 4; trial += 1) {
        const evil = await app.attacker();
        await evil.query('SET autocommit = 0');
        const interrupt = await arrange(evil, wholeMs);
        const running = errnoOf(call(evil, 'push_v1', [mallory.token, batch(mallory, 500)]));
        await interrupt(running);
        const errno = await running;
        if (errno !== 0 && errno < 30000) interrupted += 1;
        await errnoOf(evil.query('COMMIT'));
        evil.destroy();
        const { seq, used, last, bytes } = await accounting(mallory);
        if (seq > last) halves += 1;
        expect([seq >= last, used >= bytes, bytes <= 200_000]).toEqual([true, true, true]);
        if (seq > last) break;
      }
      // Numbers are not used twice.
      const { results } = await push(mallory, set(mallory, { theme: 'x' }));
      expect(results).toHaveLength(1);
    }
    console.log(`${server().product}, ${way}: ${String(interrupted)} were interrupted, ${String(halves)} halves`);
    expect(interrupted).toBeGreaterThan(interruptionsWanted);
  });

  it('is sent again over the same connection, and is applied once', async () => {
    const { admin } = server();
    const learner = await registerLearner(app.victim.store);
    const themes = Array.from({ length: 200 }, (_, n) => `theme ${String(n)}`);
    const sent = new AbortController();
    let kills = 0;
    // Each push meets a few, however slow the machine is: an app gives up at some time.
    let killsLeft = 0;
    const killer = (async () => {
      while (!sent.signal.aborted) {
        const [rows] = await admin.query<RowDataPacket[]>('SHOW PROCESSLIST').catch(() => [[] as RowDataPacket[]]);
        for (const { Id, User, Command } of rows) {
          if (
            !/^u[0-9a-f]{16}$/.test(String(User)) ||
            !['Query', 'Execute'].includes(String(Command)) ||
            killsLeft === 0
          )
            continue;
          killsLeft -= 1;
          if ((await errnoOf(admin.query(`KILL QUERY ${String(Id)}`))) === 0) kills += 1;
        }
      }
    })();
    for (let round = 0; round < 20 || kills < 5; round += 1) {
      const some = themes.map((theme, n) => set(learner, { theme }, { id: `${String(round)}-${String(n)}` }));
      killsLeft = 3;
      const { results } = await push(learner, ...some);
      expect(results.filter(({ state }) => state === 'rejected')).toEqual([]);
    }
    sent.abort();
    await killer;
    const records = await pullAll(learner);
    expect(new Set(records.map(({ id }) => id)).size).toBe(records.length);
    expect(records.length % themes.length).toBe(0);
    const { seq, used, last, bytes } = await accounting(learner);
    expect([seq, used]).toEqual([last, bytes]);
  });
});
