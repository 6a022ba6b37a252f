import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { createConnection, type Connection } from 'mysql2/promise';
import { expect, it } from 'vitest';
import { call, hostileApp } from './hostile-app.js';
import { always, refusal, registerLearner } from './learner.js';
import { errnoOf, firstRow, onEachServer } from './test-server.js';

/** Whoever knows a name can guess at it. That must not shut out the one it belongs to. */

onEachServer('guesses at a name', (server) => {
  const app = hostileApp(server);

  /** A hostile app on another machine: the loopback net has many addresses. */
  async function fromAddress(localAddress: string): Promise<Connection> {
    const { address } = server();
    const connection = await createConnection({
      stream: () => connect({ host: address.host, port: address.port, localAddress }),
      user: `x${randomBytes(6).toString('hex')}`,
      password: address.clientPassword,
      database: address.schema,
      ssl: { ca: [...address.ca], rejectUnauthorized: false },
    });
    connection.on('error', () => undefined);
    app.endLater(connection);
    return connection;
  }
  const guess = (evil: Connection, name: string) =>
    errnoOf(call(evil, 'login_v1', [name, randomBytes(32), randomBytes(32), 'x']));
  const guessCode = (evil: Connection, name: string) =>
    errnoOf(call(evil, 'recover_v1', [name, ...Array.from({ length: 4 }, () => randomBytes(32)), 'x']));

  it('from elsewhere do not delay its owner, with the password or with the recovery code', async () => {
    const owner = await registerLearner(app.victim.store);
    const evil = await fromAddress('127.0.0.9');
    for (const each of [guess, guessCode]) {
      let throttled = 0;
      for (let n = 0; n < 60; n += 1) if ((await each(evil, owner.name)) === 30004) throttled += 1;
      expect(throttled).toBeGreaterThan(50);
    }
    const login = { name: owner.name, key: owner.key, token: randomBytes(32), device: 'x' };
    expect(await refusal(owner.store, (calls) => calls.signIn(login))).toBeNull();
    const key = randomBytes(32);
    const recovery = { ...login, recoveryKey: owner.recoveryKey, newKey: key, newRecoveryKey: randomBytes(32) };
    expect(await refusal(owner.store, (calls) => calls.recover({ ...recovery, token: randomBytes(32) }))).toBeNull();
    // The guesser still waits: a success is no pardon for others.
    expect([await guess(evil, owner.name), await guessCode(evil, owner.name)]).toEqual([30004, 30004]);
  });

  it('from many places at once wait for one another', async () => {
    const owner = await registerLearner(app.victim.store);
    let compared = 0;
    for (let n = 0; n < 60; n += 1) {
      const evil = await fromAddress(`127.0.1.${String(n + 1)}`);
      for (let tries = 0; tries < 5; tries += 1) if ((await guess(evil, owner.name)) === 30003) compared += 1;
      evil.destroy();
    }
    expect(compared).toBeGreaterThanOrEqual(100);
    // A hundred, and those for which the waits between are over.
    expect(compared).toBeLessThan(110);
  });

  it('do not keep signed-in devices from changing the password or deleting the account', async () => {
    const owner = await registerLearner(app.victim.store);
    const evil = await app.attacker();
    for (let n = 0; n < 30; n += 1) {
      await guess(evil, owner.name);
      await guessCode(evil, owner.name);
      await errnoOf(call(evil, 'change_password_v1', [randomBytes(32), randomBytes(32), randomBytes(32), null]));
    }
    const newKey = randomBytes(32);
    const change = { oldKey: owner.key, newKey, newRecoveryKey: null };
    expect(await refusal(owner.store, (calls) => calls.changePassword(owner.token, change))).toBeNull();
    expect(await refusal(owner.store, (calls) => calls.deleteAccount(owner.token, newKey))).toBeNull();
  });

  it('are not taken back through an account with a telling name', async () => {
    const { admin } = server();
    const owner = await registerLearner(app.victim.store);
    const evil = await app.attacker();
    for (const name of [`recovery:${owner.name}`, `recovery-${owner.name}`]) {
      const [key, code, token] = [randomBytes(32), randomBytes(32), randomBytes(32)];
      await call(evil, 'register_v1', [name, key, code, null, token, 'x']);
      for (let n = 0; n < 6; n += 1) await guessCode(evil, owner.name);
      await call(evil, 'login_v1', [name, key, randomBytes(32), 'x']);
      expect(await guessCode(evil, owner.name)).toBe(30004);
    }
    expect((await firstRow(admin, 'SELECT MAX(failures) AS n FROM login_throttle')).n).toBeGreaterThan(5);
  });

  it('with a stolen token are few, and no key but the present one changes anything', async () => {
    const owner = await registerLearner(app.victim.store);
    const changed = randomBytes(32);
    const first = { oldKey: owner.key, newKey: changed, newRecoveryKey: null };
    await owner.store.burst((calls) => calls.changePassword(owner.token, first), always);
    // The same call again is answered as the first time; another old key is wrong, also where the new one is the present.
    expect(await refusal(owner.store, (calls) => calls.changePassword(owner.token, first))).toBeNull();
    const answers = [];
    for (let n = 0; n < 7; n += 1)
      answers.push(
        await refusal(owner.store, (calls) => calls.changePassword(owner.token, { ...first, oldKey: randomBytes(32) })),
      );
    expect(answers.slice(0, 5)).toEqual(Array.from({ length: 5 }, () => 'account/wrong-login'));
    expect(answers.at(-1)).toBe('account/throttled');
  });

  it('meet names that cannot be taken for others', async () => {
    const evil = await app.attacker();
    const invisible = [
      '\u200b',
      '\u200d',
      '\u2060',
      '\ufeff',
      '\u00ad',
      '\u202e',
      '\u2066',
      '\u3164',
      '\u115f',
      '\uffa0',
    ];
    const marks = [
      '\u034f',
      '\ufe0f',
      '\u180e',
      '\u2800',
      '\u{e0101}',
      '\u{e0041}',
      '\ue000',
      '\u00a0',
      '\u2003',
      '\u2028',
    ];
    // Of no meaning yet, and to be shown as nothing all the same; and a note without a head.
    const reserved = ['\u2065', '\ufff0', '\ufff8', '\u{e0000}', '\u{e0080}', '\u{e0fff}', '\u{1d159}'];
    for (const strange of [...invisible, ...marks, ...reserved, '\n', '\u0000', '\u0085']) {
      const secrets = [randomBytes(32), randomBytes(32), null, randomBytes(32)];
      expect(
        await errnoOf(call(evil, 'register_v1', [`adm${strange}in`, ...secrets, 'x'])),
        JSON.stringify(strange),
      ).toBe(30006);
    }
    for (const name of ['王明', 'zoë-2', 'علي', 'เด็ก', '민수', 'さくら', 'नमस्ते'])
      expect(
        await errnoOf(call(evil, 'register_v1', [name, randomBytes(32), randomBytes(32), null, randomBytes(32), 'x'])),
        name,
      ).toBe(0);
  });
});
