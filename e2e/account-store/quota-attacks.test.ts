import { randomBytes, randomUUID } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import { call, hostileApp } from './hostile-app.js';
import { always, clockAt, pullAll, push, refusal, registerLearner, remove, set, type Learner } from './learner.js';
import { errnoOf, firstRow, onEachServer } from './test-server.js';

/** What a hostile app writes: everything that remains is in its quota, and everything that does not in its hour's bytes. */

onEachServer('a hostile app that writes', (server) => {
  const app = hostileApp(server);
  const limit = (column: string, value: number) => server().admin.query(`UPDATE store SET ${column} = ?`, [value]);

  afterEach(async () => {
    await server().admin.query(
      'UPDATE store SET account_quota_bytes = DEFAULT, written_bytes_per_hour = DEFAULT, sessions_per_account = DEFAULT, registrations_per_hour = 1000000',
    );
  });

  const codes = async (learner: Learner, ...operations: Parameters<typeof push>[1][]) =>
    (await push(learner, ...operations)).results.map((result) => ('code' in result ? result.code : result.state));

  it("fills its quota with operations' ids, too, and gets them back with the purge", async () => {
    const { admin } = server();
    const mallory = await registerLearner(app.victim.store);
    await limit('account_quota_bytes', 5000);
    const clock = clockAt(Date.now(), mallory.node);
    // Each is applied, and changes nothing or the same again.
    const again = Array.from({ length: 60 }, () => set(mallory, { a: 1 }, { id: 'same', clock }));
    const answers = await codes(mallory, ...again);
    expect(answers.filter((code) => code === 'sync/full').length).toBeGreaterThan(10);
    const kept = `SELECT used_bytes, (SELECT COUNT(*) FROM applied WHERE account_id = account.id) AS ids FROM account WHERE id = ?`;
    const full = await firstRow(admin, kept, [mallory.accountId]);
    expect(Number(full.used_bytes)).toBeLessThanOrEqual(5000);
    expect(Number(full.ids)).toBeLessThan(50);
    // Full or not, what is there can be deleted.
    expect(await codes(mallory, remove(mallory, { id: 'same' }))).toEqual(['applied']);
    await admin.query('UPDATE applied SET applied_time = UTC_TIMESTAMP(3) - INTERVAL 91 DAY WHERE account_id = ?', [
      mallory.accountId,
    ]);
    await admin.query('CALL purge_expired()');
    const purged = await firstRow(admin, kept, [mallory.accountId]);
    expect(purged).toMatchObject({ ids: 0 });
    expect(Number(purged.used_bytes)).toBeLessThan(300);
  });

  it('has so many bytes an hour to write things over, however it does it', async () => {
    const { admin } = server();
    const mallory = await registerLearner(app.victim.store);
    await limit('written_bytes_per_hour', 300_000);
    await limit('sessions_per_account', 5000);
    const evil = await app.attacker();
    const known = set(mallory, { theme: 'x' }, { id: 'same' });
    const writers: Record<string, () => Promise<unknown>> = {
      push: () => push(mallory, set(mallory, { theme: 'x'.repeat(20_000) }, { id: 'same' })),
      'send nothing': () => call(evil, 'push_v1', [mallory.token, '[]']),
      'push what is known': () => push(mallory, known),
      'sign in': () => call(evil, 'login_v1', [mallory.name, mallory.key, randomBytes(32), 'x']),
      'change the password': () => call(evil, 'change_password_v1', [mallory.token, mallory.key, mallory.key, null]),
      'start epochs': async () => {
        const { epoch } = await firstRow(admin, 'SELECT epoch FROM account WHERE id = ?', [mallory.accountId]);
        await call(evil, 'pull_v1', [mallory.token, epoch, '999999', '1']);
      },
    };
    for (const [what, write] of Object.entries(writers)) {
      await admin.query('UPDATE account SET written_bytes = 0, written_since = NULL WHERE id = ?', [mallory.accountId]);
      let written = 0;
      let failure: unknown = null;
      while (failure === null && written < 1000) {
        await write().then(
          () => (written += 1),
          (error: unknown) => (failure = error),
        );
      }
      expect(failure, what).toMatchObject(what.startsWith('push') ? { code: 'account/busy' } : { errno: 30011 });
      // It can read on, and others write.
      expect(await pullAll(mallory)).toHaveLength(1);
      expect(await codes(app.victim, set(app.victim, { theme: 'x' }, { id: 'mine' }))).toEqual(['applied']);
      await admin.query('UPDATE account SET written_since = written_since - INTERVAL 1 HOUR WHERE id = ?', [
        mallory.accountId,
      ]);
      await write();
    }
    // Whoever wants to go can; going over and over is refused.
    await admin.query('UPDATE account SET written_bytes = 300000, written_since = UTC_TIMESTAMP(3) WHERE id = ?', [
      mallory.accountId,
    ]);
    const leave = () => errnoOf(call(evil, 'delete_account_v1', [mallory.token, mallory.key]));
    expect([await leave(), await leave()]).toEqual([0, 30011]);
  });

  it('is stopped in the middle of a batch that writes a large record over and over', async () => {
    const { admin } = server();
    const mallory = await registerLearner(app.victim.store);
    await push(mallory, set(mallory, { theme: 'x'.repeat(200_000) }, { id: 'large' }));
    await limit('written_bytes_per_hour', 2_000_000);
    const small = Array.from({ length: 400 }, (_, n) =>
      set(mallory, { note: n }, { id: 'large', clock: clockAt(Date.now() + n, mallory.node) }),
    );
    const before = await firstRow(admin, 'SELECT seq, used_bytes FROM account WHERE id = ?', [mallory.accountId]);
    for (let round = 0; round < 3; round += 1)
      expect(await refusal(mallory.store, (calls) => calls.push(mallory.token, small))).toBe('account/busy');
    // Nothing of it is kept.
    expect(await firstRow(admin, 'SELECT seq, used_bytes FROM account WHERE id = ?', [mallory.accountId])).toEqual(
      before,
    );
    expect((await pullAll(mallory)).map(({ fields }) => Object.keys(fields))).toEqual([['theme']]);
  });

  it('has no more sessions than devices are allowed, the latest of them', async () => {
    const mallory = await registerLearner(app.victim.store);
    await limit('sessions_per_account', 4);
    const tokens: Buffer[] = [];
    for (let n = 0; n < 12; n += 1) {
      const token = randomBytes(32);
      tokens.push(token);
      await mallory.store.burst((calls) => calls.signIn({ ...mallory, token, device: String(n) }), always);
    }
    const sessions = await mallory.store.burst((calls) => calls.sessions(tokens.at(-1)!), always);
    expect(sessions.map(({ device }) => device).sort()).toEqual(['10', '11', '8', '9']);
    expect(await refusal(mallory.store, (calls) => calls.sessions(mallory.token))).toBe('account/session-ended');
  });

  it("does not take somebody else's token, and hears nothing but what is ours to say", async () => {
    const evil = await app.attacker();
    const mallory = await registerLearner(app.victim.store);
    const name = `m-${randomUUID().slice(0, 8)}`;
    const [key, code] = [randomBytes(32), randomBytes(32)];
    expect(await errnoOf(call(evil, 'login_v1', [mallory.name, mallory.key, app.victim.token, 'x']))).toBe(30002);
    expect(await errnoOf(call(evil, 'register_v1', [name, key, code, null, app.victim.token, 'x']))).toBe(30002);
    const recovery = [mallory.name, mallory.recoveryKey, key, code, app.victim.token, 'x'];
    expect(await errnoOf(call(evil, 'recover_v1', recovery))).toBe(30002);
    expect(await refusal(app.victim.store, (calls) => calls.sessions(app.victim.token))).toBeNull();
  });

  it('does not register more accounts an hour by doing so at once', async () => {
    const { admin } = server();
    const { n } = await firstRow(admin, 'SELECT COUNT(*) AS n FROM account');
    await limit('registrations_per_hour', Number(n) + 10);
    const evil = await Promise.all(Array.from({ length: 20 }, () => app.attacker()));
    const errnos = await Promise.all(
      evil.flatMap((each) =>
        Array.from({ length: 3 }, () => {
          const secrets = [randomBytes(32), randomBytes(32), null, randomBytes(32)];
          return errnoOf(call(each, 'register_v1', [`r-${randomUUID().slice(0, 20)}`, ...secrets, 'x']));
        }),
      ),
    );
    expect(errnos.filter((errno) => errno === 0)).toHaveLength(10);
    expect(new Set(errnos)).toEqual(new Set([0, 30008]));
  });
});
