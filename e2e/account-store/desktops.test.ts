import { readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { SyncView } from '../../src/shared/contract/account.js';
import {
  createHarness,
  memorySecrets,
  type Harness,
  type HarnessOptions,
} from '../../src/main/core/testing/harness.js';
import { needsOwnServer, onEachServer } from './test-server.js';

const password = 'correct horse battery';
const open: Harness[] = [];

afterEach(async () => {
  for (const desktop of open.splice(0)) await desktop.close();
});

async function desktop(options: HarnessOptions = {}): Promise<Harness> {
  const made = await createHarness(options);
  open.push(made);
  return made;
}

async function restart(app: Harness): Promise<Harness> {
  const made = await app.restart();
  open[open.indexOf(app)] = made;
  return made;
}

async function say(app: Harness, topicId: string, text: string): Promise<string> {
  const { id } = await app.ask('turn.type', { topicId, text });
  await app.event('turn.speechEnd', (end) => end.turnId === id);
  return id;
}

const themes = async (app: Harness) => (await app.ask('app.snapshot', {})).topics.map(({ theme }) => theme).sort();

async function inStep(...apps: readonly Harness[]): Promise<void> {
  for (const app of [...apps, ...apps]) {
    await app.ask('sync.now', {});
    expect((await app.ask('app.snapshot', {})).sync).toMatchObject({
      state: 'synced',
      pending: 0,
    } satisfies Partial<SyncView>);
  }
}

const newName = () => `小李-${randomUUID().slice(0, 8)}`;

onEachServer('desktops with an account', (server) => {
  const connection = () => server().connectionString;
  const register = (app: Harness, name: string) =>
    app.ask('account.register', { connectionString: connection(), name, password, invitation: null });
  const signIn = (app: Harness, name: string) =>
    app.ask('account.signIn', { connectionString: connection(), name, password });

  it('sign up, take the local history along, and find it on another machine', async () => {
    const a = await desktop();
    const topic = await a.ask('topic.create', { sceneId: 'ordering-food', theme: '点餐' });
    await a.record(topic.id, 1);
    await a.event('take.removed');
    const name = newName();
    const { recoveryCode } = await register(a, `  ${name.toUpperCase()} `);
    expect(recoveryCode).toMatch(/^[0-9A-Z]{5}(-[0-9A-Z]{5}){4}$/);
    const { account } = await a.ask('app.snapshot', {});
    expect(account).toMatchObject({ account: { name }, localTopics: 1, sessionKept: 'session' });
    expect(await themes(a)).toEqual([]);
    expect(await a.ask('account.takeHistory', {})).toEqual({ topics: 1 });
    expect(await themes(a)).toEqual(['点餐']);
    await inStep(a);

    const b = await desktop();
    await signIn(b, name);
    await inStep(b);
    expect(await themes(b)).toEqual(['点餐']);
    const page = await b.ask('topic.open', { topicId: topic.id, beforeTurnId: null });
    expect(page.turns.length).toBeGreaterThanOrEqual(2);
    // The recording is A's; the reply is said again by B's own voice, without any network.
    const spoken = page.turns.at(-1);
    expect(spoken?.prompt).toMatchObject({ text: 'Nice to meet you.', clip: null });
    expect(await b.request('turn.read', { turnId: spoken?.id ?? '', part: 'prompt' })).toMatchObject({
      ok: false,
      error: { code: 'clip/missing' },
    });
    expect((await b.ask('turn.read', { turnId: spoken?.id ?? '', part: 'response' })).wav.byteLength).toBeGreaterThan(
      1000,
    );
    // On A both are there, moved along with the history.
    expect((await a.ask('turn.read', { turnId: spoken?.id ?? '', part: 'prompt' })).wav.byteLength).toBe(44 + 32_000);
  });

  it('stay signed in, and open offline', async ({ task, skip }) => {
    needsOwnServer(server(), task, skip);
    const secrets = memorySecrets();
    let a = await desktop({ secrets });
    await register(a, newName());
    const topic = await a.ask('topic.create', { sceneId: null, theme: 'Mine' });
    await inStep(a);
    await server().restart();
    a = await restart(a);
    expect((await a.ask('app.snapshot', {})).account.account).not.toBeNull();
    expect(await themes(a)).toEqual(['Mine']);
    await say(a, topic.id, 'Offline or not.');
    await inStep(a);
  });

  it('hide everything at sign-out: the next learner sees and sends nothing of the first', async () => {
    const app = await desktop();
    const [first, second] = [newName(), newName()];
    await register(app, first);
    const topic = await app.ask('topic.create', { sceneId: null, theme: 'Private of the first' });
    await say(app, topic.id, 'My secret line');
    await app.ask('account.signOut', {});
    expect(await themes(app)).toEqual([]);
    expect(await app.request('topic.open', { topicId: topic.id, beforeTurnId: null })).toMatchObject({
      ok: false,
      error: { code: 'topic/not-found' },
    });
    expect((await app.ask('app.snapshot', {})).account).toMatchObject({ account: null, localTopics: 0 });

    await register(app, second);
    expect(await themes(app)).toEqual([]);
    await app.ask('topic.create', { sceneId: null, theme: 'Of the second' });
    await inStep(app);
    const [rows] = await server().admin.query('SELECT theme FROM topic WHERE username = ?', [second]);
    expect(rows).toMatchObject([{ theme: 'Of the second' }]);
    await app.ask('account.signOut', {});

    // What the first had not sent waited for them, on this machine.
    await signIn(app, first);
    expect(await themes(app)).toEqual(['Private of the first']);
    await inStep(app);
    const [sent] = await server().admin.query('SELECT prompt FROM conversation WHERE username = ?', [first]);
    expect(sent).toMatchObject([{ prompt: 'My secret line' }]);
  });

  it('change a topic on both while cut off, reconnect, and agree', async () => {
    const name = newName();
    const [a, b] = [await desktop(), await desktop()];
    await register(a, name);
    const topic = await a.ask('topic.create', { sceneId: null, theme: 'Old' });
    await inStep(a);
    await signIn(b, name);
    await inStep(b);
    await a.ask('topic.rename', { topicId: topic.id, theme: 'By A' });
    await new Promise((resolve) => setTimeout(resolve, 5));
    await b.ask('topic.rename', { topicId: topic.id, theme: 'By B' });
    await say(a, topic.id, 'From A');
    await say(b, topic.id, 'From B');
    await inStep(a, b);
    expect([await themes(a), await themes(b)]).toEqual([['By B'], ['By B']]);
    const prompts = async (app: Harness) =>
      (await app.ask('topic.open', { topicId: topic.id, beforeTurnId: null })).turns.map(({ prompt }) => prompt?.text);
    expect(await prompts(b)).toEqual(await prompts(a));
    expect((await prompts(a)).sort()).toEqual(['From A', 'From B']);
    // The open interface of each was told.
    expect(
      a.events.some(
        ({ name: event, payload }) => event === 'topic.changed' && JSON.stringify(payload).includes('By B'),
      ),
    ).toBe(true);
  });

  it('change the password: the others are out at their next call, and lose nothing', async () => {
    const name = newName();
    const [a, b] = [await desktop(), await desktop()];
    await register(a, name);
    await signIn(b, name);
    expect((await a.ask('account.devices', {})).map(({ isThis }) => isThis).sort()).toEqual([false, true]);
    expect(
      await a.request('account.changePassword', { oldPassword: 'wrong', newPassword: 'another password' }),
    ).toMatchObject({
      ok: false,
      error: { code: 'account/wrong-login' },
    });
    expect(await a.ask('account.changePassword', { oldPassword: password, newPassword: 'another password' })).toEqual({
      endedSessions: 1,
    });
    await b.ask('topic.create', { sceneId: null, theme: 'Waiting' });
    await b.ask('sync.now', {});
    expect((await b.ask('app.snapshot', {})).sync).toMatchObject({
      state: 'signed-out',
      error: { code: 'account/session-ended' },
    });
    expect(await themes(b)).toEqual(['Waiting']);
    expect(await b.request('account.signIn', { connectionString: null, name, password })).toMatchObject({
      ok: false,
      error: { code: 'account/wrong-login' },
    });
    await b.ask('account.signIn', { connectionString: null, name, password: 'another password' });
    await inStep(b, a);
    expect(await themes(a)).toEqual(['Waiting']);
  });

  it('revoke a device, recover by the code, and delete the account', async () => {
    const name = newName();
    const [a, b] = [await desktop(), await desktop()];
    const { recoveryCode } = await register(a, name);
    await signIn(b, name);
    const other = (await a.ask('account.devices', {})).find(({ isThis }) => !isThis);
    await a.ask('account.revokeDevice', { deviceId: other?.id ?? '' });
    await b.ask('sync.now', {});
    expect((await b.ask('app.snapshot', {})).sync.state).toBe('signed-out');

    expect(
      await b.request('account.recover', {
        connectionString: null,
        name,
        recoveryCode: 'ABCDE',
        password: 'a new password',
      }),
    ).toMatchObject({ ok: false, error: { code: 'account/wrong-login' } });
    const { recoveryCode: next } = await b.ask('account.recover', {
      connectionString: null,
      name,
      recoveryCode: recoveryCode.toLowerCase().replaceAll('-', ' '),
      password: 'a new password',
    });
    expect(next).not.toBe(recoveryCode);
    await b.ask('topic.create', { sceneId: null, theme: 'Doomed' });
    await inStep(b);
    expect(await b.request('account.delete', { password: 'no' })).toMatchObject({ ok: false });
    const { purgeTime } = await b.ask('account.delete', { password: 'a new password' });
    expect(purgeTime - Date.now()).toBeGreaterThan(6 * 24 * 3_600_000);
    expect((await b.ask('app.snapshot', {})).account.account).toBeNull();
    expect(await themes(b)).toEqual([]);
  });

  it('say what is wrong with a connection string, a name or an invitation', async () => {
    const app = await desktop();
    const test = (connectionString: string | null) => app.request('account.test', { connectionString });
    expect(await test(connection())).toMatchObject({ ok: true, value: { inviteOnly: false } });
    expect(await test(null)).toMatchObject({ ok: false, error: { code: 'account/bad-connection-string' } });
    expect(await test('https://example.com')).toMatchObject({
      ok: false,
      error: { code: 'account/bad-connection-string' },
    });
    expect(await test(connection().slice(0, -3))).toMatchObject({
      ok: false,
      error: { code: 'account/connection-string-damaged' },
    });
    const name = newName();
    await register(app, name);
    expect(
      await app.request('account.register', { connectionString: null, name, password, invitation: null }),
    ).toMatchObject({
      ok: false,
      error: { code: 'account/name-taken' },
    });
    expect(
      await app.request('account.register', { connectionString: null, name: 'a b', password, invitation: null }),
    ).toMatchObject({
      ok: false,
      error: { code: 'account/bad-name' },
    });
    // Who failed to sign up is still who they were.
    expect((await app.ask('app.snapshot', {})).account.account?.name).toBe(name);
  });

  it('R21: passwords, keys and tokens are in no file of the desktop and no table of the server', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'botchat-canary-'));
    const app = await desktop({ folder, logToFile: true });
    const name = newName();
    const canary = `canary-${randomUUID()}`;
    const { recoveryCode } = await app.ask('account.register', {
      connectionString: connection(),
      name,
      password: canary,
      invitation: null,
    });
    await app.ask('settings.setChatKey', { key: `sk-${canary}` });
    await app.request('account.changePassword', { oldPassword: `wrong ${canary}`, newPassword: canary });
    await app.ask('topic.create', { sceneId: null, theme: 'T' });
    await inStep(app);
    let files = 0;
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      const path = join(folder, file);
      if (!statSync(path).isFile()) continue;
      files += 1;
      const content = readFileSync(path, 'latin1');
      expect(content, file).not.toContain(canary);
      expect(content, file).not.toContain(recoveryCode);
    }
    expect(files).toBeGreaterThan(2);
    const [tables] = await server().admin.query(
      "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'",
    );
    for (const { name: table } of tables as { name: string }[]) {
      const [rows] = await server().admin.query(`SELECT * FROM \`${table}\``);
      expect(JSON.stringify(rows), table).not.toMatch(new RegExp(`${canary}|${recoveryCode}`));
    }
    await rm(folder, { recursive: true, force: true });
  });
});
