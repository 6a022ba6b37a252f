import { randomBytes } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import type { AccountStore } from '../../src/main/core/sync/account-store.js';
import { passwordKey } from '../../src/main/core/sync/password-key.js';
import { diagnose } from '../../src/main/core/sync/store-diagnosis.js';
import { createMySqlAccountStore } from '../../src/main/core/sync/mysql-account-store.js';
import { always, pullAll, push, refusal, registerLearner, set, signInAgain, storeOf } from './learner.js';
import { firstRow, onEachServer } from './test-server.js';

onEachServer('accounts', (server) => {
  let store: AccountStore;
  beforeAll(() => {
    store = storeOf(server());
  });

  it('says what it is', async () => {
    const info = await store.burst((calls) => calls.info(), always);
    expect(info).toMatchObject({ schemaVersion: 2, inviteOnly: false });
    expect(Math.abs(info.serverTimeMs - Date.now())).toBeLessThan(5000);
  });

  it('is found healthy by its connection string', async () => {
    const diagnosis = await diagnose(
      server().connectionString,
      (address) => createMySqlAccountStore({ address }),
      always,
    );
    expect(diagnosis).toMatchObject({ ok: true, info: { schemaVersion: 2 } });
  });

  it('registers, signs in elsewhere, signs out', async () => {
    const learner = await registerLearner(store);
    const other = await signInAgain(learner);
    expect(other.accountId).toBe(learner.accountId);
    const sessions = await store.burst((calls) => calls.sessions(other.token), always);
    expect(sessions.map(({ device, isThis }) => [device, isThis]).sort()).toEqual([
      ['Other machine', true],
      ['Test machine', false],
    ]);
    await store.burst((calls) => calls.signOut(learner.token), always);
    expect(await refusal(store, (calls) => calls.sessions(learner.token))).toBe('account/session-ended');
    expect(await store.burst((calls) => calls.sessions(other.token), always)).toHaveLength(1);
  });

  it('takes Chinese names, and refuses what is no name, or taken, or a wrong password', async () => {
    const learner = await registerLearner(store, '王明');
    const login = { name: learner.name, key: learner.key, token: randomBytes(32), device: '教室电脑 3' };
    expect(await refusal(store, (calls) => calls.signIn(login))).toBeNull();
    const again = { ...login, token: randomBytes(32), recoveryKey: randomBytes(32), invitation: null };
    expect(await refusal(store, (calls) => calls.register(again))).toBe('account/name-taken');
    for (const name of ['王', 'a b c', 'abc ', `x${'y'.repeat(64)}`, 'a\tbc', '']) {
      expect(await refusal(store, (calls) => calls.register({ ...again, name })), name).toBe('account/bad-name');
    }
    expect(await refusal(store, (calls) => calls.signIn({ ...login, key: randomBytes(32) }))).toBe(
      'account/wrong-login',
    );
    expect(await refusal(store, (calls) => calls.signIn({ ...login, name: 'nobody-here' }))).toBe(
      'account/wrong-login',
    );
  });

  it('answers a repeated call as the first time', async () => {
    const [key, recoveryKey, token, newKey] = [randomBytes(32), randomBytes(32), randomBytes(32), randomBytes(32)];
    const account = { name: 'once-only', key, recoveryKey, token, device: 'A', invitation: null };
    const first = await store.burst((calls) => calls.register(account), always);
    expect(await store.burst((calls) => calls.register(account), always)).toEqual(first);
    const login = { name: 'once-only', key, token: randomBytes(32), device: 'B' };
    await store.burst((calls) => calls.signIn(login), always);
    await store.burst((calls) => calls.signIn(login), always);
    expect(await store.burst((calls) => calls.sessions(token), always)).toHaveLength(2);
    const change = { oldKey: key, newKey, newRecoveryKey: null };
    expect(await store.burst((calls) => calls.changePassword(token, change), always)).toBe(1);
    expect(await store.burst((calls) => calls.changePassword(token, change), always)).toBe(0);
    const recovery = {
      name: 'once-only',
      recoveryKey,
      newKey: key,
      newRecoveryKey: randomBytes(32),
      token: randomBytes(32),
      device: 'C',
    };
    await store.burst((calls) => calls.recover(recovery), always);
    expect(await store.burst((calls) => calls.recover(recovery), always)).toEqual(first);
    expect(await store.burst((calls) => calls.deleteAccount(recovery.token, key), always)).toMatchObject({
      records: 0,
    });
    expect(await store.burst((calls) => calls.deleteAccount(recovery.token, key), always)).toMatchObject({
      records: 0,
    });
  });

  it('recovers with the code, once', async () => {
    const learner = await registerLearner(store);
    const other = await signInAgain(learner);
    const [newKey, newRecoveryKey, token] = [randomBytes(32), randomBytes(32), randomBytes(32)];
    const recovery = {
      name: learner.name,
      recoveryKey: learner.recoveryKey,
      newKey,
      newRecoveryKey,
      token,
      device: 'D',
    };
    const wrong = { ...recovery, recoveryKey: randomBytes(32) };
    expect(await refusal(store, (calls) => calls.recover(wrong))).toBe('account/wrong-login');
    await store.burst((calls) => calls.recover(recovery), always);
    for (const ended of [learner, other])
      expect(await refusal(store, (calls) => calls.sessions(ended.token))).toBe('account/session-ended');
    const spent = { ...recovery, token: randomBytes(32) };
    expect(await refusal(store, (calls) => calls.recover(spent))).toBe('account/wrong-login');
    const login = { name: learner.name, token: randomBytes(32), device: 'E' };
    expect(await refusal(store, (calls) => calls.signIn({ ...login, key: learner.key }))).toBe('account/wrong-login');
    expect(await refusal(store, (calls) => calls.signIn({ ...login, key: newKey }))).toBeNull();
  });

  it('R14: a stolen token is refused from the next call on after a password change, a revocation, a deletion', async () => {
    let refused = 0;
    for (let trial = 0; trial < 30; trial += 1) {
      const owner = await registerLearner(store);
      const thief = await signInAgain(owner);
      const steal = () => refusal(store, (calls) => calls.pull(thief.token, { epoch: null, since: 0, limit: 10 }));
      expect(await steal()).toBeNull();
      await store.burst(async (calls) => {
        if (trial % 3 === 0) {
          const change = { oldKey: owner.key, newKey: randomBytes(32), newRecoveryKey: null };
          expect(await calls.changePassword(owner.token, change)).toBe(1);
        } else if (trial % 3 === 1) {
          const sessions = await calls.sessions(owner.token);
          const { id } = sessions.find(({ isThis }) => !isThis)!;
          expect(await calls.revokeSession(owner.token, id)).toBe(true);
        } else await calls.deleteAccount(owner.token, owner.key);
      }, always);
      const code = await steal();
      if (code === 'account/session-ended') refused += 1;
      expect(await refusal(store, (calls) => calls.push(thief.token, [set(thief, { theme: 'x' })]))).toBe(
        'account/session-ended',
      );
    }
    expect(refused).toBe(30);
  });

  it('deletes an account after seven days, and gives it back to who signs in before', async () => {
    const [staying, leaving] = [await registerLearner(store), await registerLearner(store)];
    for (const learner of [staying, leaving]) {
      await push(learner, set(learner, { theme: 'words' }));
      const { records, purgeTimeMs } = await store.burst(
        (calls) => calls.deleteAccount(learner.token, learner.key),
        always,
      );
      expect(records).toBe(1);
      expect(purgeTimeMs - Date.now()).toBeGreaterThan(6.9 * 86_400_000);
    }
    const login = { name: staying.name, key: staying.key, token: randomBytes(32), device: 'F' };
    expect((await store.burst((calls) => calls.signIn(login), always)).restored).toBe(true);
    const { admin } = server();
    await admin.query('CALL purge_expired()');
    expect(
      (await firstRow(admin, 'SELECT COUNT(*) AS n FROM record WHERE account_id = ?', [leaving.accountId])).n,
    ).toBe(1);
    await admin.query('UPDATE account SET deleted_time = deleted_time - INTERVAL 8 DAY WHERE deleted_time IS NOT NULL');
    await admin.query('CALL purge_expired()');
    for (const table of ['record', 'applied', 'login_session'])
      expect(
        (await firstRow(admin, `SELECT COUNT(*) AS n FROM ${table} WHERE account_id = ?`, [leaving.accountId])).n,
      ).toBe(0);
    expect(await pullAll({ ...staying, token: login.token })).toHaveLength(1);
  });

  it('asks for an invitation where the store is set so, and counts its uses', async () => {
    const { command } = server();
    await command('init', '--invite-only');
    try {
      const code = /^[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}$/m.exec(await command('invite', '--uses', '2'))?.[0] ?? '';
      const tryWith = (name: string, invitation: string | null) =>
        refusal(store, (calls) =>
          calls.register({
            name,
            key: randomBytes(32),
            recoveryKey: randomBytes(32),
            token: randomBytes(32),
            device: 'G',
            invitation,
          }),
        );
      expect(await tryWith('guest-0', null)).toBe('account/bad-invitation');
      expect(await tryWith('guest-0', 'AAAA-BBBB-CCCC')).toBe('account/bad-invitation');
      expect(await tryWith('guest-1', code)).toBeNull();
      // A refusal for another reason gives the use back.
      expect(await tryWith('guest-1', code)).toBe('account/name-taken');
      expect(await tryWith('guest-2', code)).toBeNull();
      expect(await tryWith('guest-3', code)).toBe('account/bad-invitation');
    } finally {
      await command('init', '--open');
    }
  });

  it('stops a flood of new accounts', async () => {
    const { admin } = server();
    await admin.query('UPDATE store SET registrations_per_hour = (SELECT COUNT(*) FROM account)');
    try {
      await expect(registerLearner(store)).rejects.toMatchObject({ code: 'account/registrations-paused' });
    } finally {
      await admin.query('UPDATE store SET registrations_per_hour = 100000');
    }
  });

  it('gets a new password from the person who runs it', async () => {
    const learner = await registerLearner(store, 'forgetful');
    const printed = await server().command('reset-password', '--name', 'Forgetful');
    const password = /^[A-Za-z2-9]{12}$/m.exec(printed)?.[0] ?? '';
    expect(await refusal(store, (calls) => calls.sessions(learner.token))).toBe('account/session-ended');
    const key = await passwordKey('forgetful', password);
    const login = { name: 'forgetful', key, token: randomBytes(32), device: 'H' };
    expect(await refusal(store, (calls) => calls.signIn(login))).toBeNull();
  });
});
