import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHarness, loginForm, memorySecrets, type Harness } from '../testing/harness.js';
import { createMemoryAccountStore, type MemoryAccountStore } from '../testing/memory-account-store.js';
import { formatConnectionString, parseConnectionString } from '../sync/connection-string.js';
import { profileNameOf } from './profile-name.js';

let secrets = memorySecrets();
let store: MemoryAccountStore;
let app: Harness;
beforeEach(async () => {
  secrets = memorySecrets();
  store = createMemoryAccountStore();
  app = await createHarness({ accountStore: store, secrets });
});
afterEach(() => app.close());

const profiles = () => join(app.folder, 'profiles');
const account = async () => (await app.ask('app.snapshot', {})).account;
const themes = async () => (await app.ask('app.snapshot', {})).topics.map(({ theme }) => theme);

/** Signs in, and out again. Answers the account's folder. */
async function visit(): Promise<string> {
  await app.ask('account.signIn', loginForm);
  const [name = ''] = (await readdir(profiles())).filter((each) => each !== 'local');
  await app.ask('account.signOut', {});
  return join(profiles(), name);
}

/** A profile that no app can open. */
async function spoil(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, 'botchat.db'), { recursive: true });
}

describe('where an account’s profile cannot be opened', () => {
  it('signing in changes nothing, and works once it can', async () => {
    await app.ask('topic.create', { sceneId: null, theme: 'Local' });
    const folder = await visit();
    await spoil(folder);
    expect(await app.request('account.signIn', loginForm)).toMatchObject({ ok: false });
    expect(await account()).toMatchObject({ account: null });
    expect(await themes()).toEqual(['Local']);
    // What is done now is the local profile's, and is there after a start.
    await app.ask('topic.create', { sceneId: null, theme: 'Later' });
    app = await app.restart();
    expect(await themes()).toEqual(['Later', 'Local']);
    await rm(folder, { recursive: true });
    await app.ask('account.signIn', loginForm);
    expect((await account()).account?.name).toBe(loginForm.name);
  });

  it('the recovery code is told all the same', async () => {
    const folder = await visit();
    await spoil(folder);
    const { recoveryCode, error } = await app.ask('account.register', { ...loginForm, invitation: null });
    expect(recoveryCode).toMatch(/\w{4}/);
    expect(error).not.toBeNull();
    expect((await account()).account).toBeNull();
    const recovered = await app.ask('account.recover', { ...loginForm, recoveryCode });
    expect(recovered.recoveryCode).not.toBe(recoveryCode);
    expect(recovered.error).not.toBeNull();
  });

  it('the app opens with the local one, says why, and opens the account’s at a later start', async () => {
    await app.ask('topic.create', { sceneId: null, theme: 'Local' });
    await app.ask('account.signIn', loginForm);
    await app.ask('topic.create', { sceneId: null, theme: 'Of the account' });
    const [name = ''] = (await readdir(profiles())).filter((each) => each !== 'local');
    await app.core.dispose();
    await rename(join(profiles(), name), join(app.folder, 'elsewhere'));
    await spoil(join(profiles(), name));
    app = await app.restart();
    expect(await account()).toMatchObject({
      account: null,
      problem: { code: expect.stringMatching(/^profile\//) as string },
    });
    expect(await themes()).toEqual(['Local']);
    await app.core.dispose();
    await rm(join(profiles(), name), { recursive: true });
    await rename(join(app.folder, 'elsewhere'), join(profiles(), name));
    app = await app.restart();
    expect(await account()).toMatchObject({ account: { name: loginForm.name }, problem: null });
    expect(await themes()).toEqual(['Of the account']);
  });

  it('and the record cannot be written, the old one is open again', async () => {
    await app.ask('topic.create', { sceneId: null, theme: 'Local' });
    await mkdir(join(app.folder, 'account.json', 'in the way'), { recursive: true });
    expect(await app.request('account.signIn', loginForm)).toMatchObject({ ok: false });
    expect((await account()).account).toBeNull();
    expect(await themes()).toEqual(['Local']);
    await rm(join(app.folder, 'account.json'), { recursive: true });
  });
});

it('who is signed in changes one after the other', async () => {
  const all = [
    app.request('account.signIn', loginForm),
    app.request('account.signOut', {}),
    app.request('account.signIn', loginForm),
    app.request('account.register', { ...loginForm, invitation: null }),
    app.request('account.signOut', {}),
    app.request('account.signIn', loginForm),
  ];
  expect((await Promise.all(all)).map(({ ok }) => ok)).toEqual([true, true, true, true, true, true]);
  expect((await account()).account?.name).toBe(loginForm.name);
  await app.ask('topic.create', { sceneId: null, theme: 'works' });
});

describe('an account’s id', () => {
  it.each(['local', '../../x', '..', '.', '', 'con', 'a'.repeat(300), '../local', 'ffffffff', 'A\u0000'])(
    'that is %j opens nothing and writes nothing',
    async (accountId) => {
      await app.ask('topic.create', { sceneId: null, theme: 'Local' });
      const burst = store.burst.bind(store);
      store.burst = (work, signal) =>
        burst((calls) => work({ ...calls, signIn: () => Promise.resolve({ accountId, restored: false }) }), signal);
      expect(await app.request('account.signIn', loginForm)).toMatchObject({
        ok: false,
        error: { code: 'account/store-failed' },
      });
      expect((await account()).account).toBeNull();
      expect(await themes()).toEqual(['Local']);
      expect(await readdir(profiles())).toEqual(['local']);
      expect(store.calls.push).toBe(0);
    },
  );

  it('of another store has a profile of its own', async () => {
    await app.ask('account.signIn', loginForm);
    await app.ask('topic.create', { sceneId: null, theme: 'Mine' });
    await app.ask('account.signOut', {});
    // It answers the same id, and has another address.
    const parsed = parseConnectionString(loginForm.connectionString);
    if (!parsed.ok) throw new Error(parsed.problem);
    const elsewhere = formatConnectionString({
      ...parsed.address,
      host: 'evil.example',
      certificateName: 'evil.example',
    });
    const before = store.dump().length;
    await app.ask('account.signIn', { ...loginForm, connectionString: elsewhere });
    expect((await readdir(profiles())).filter((name) => name !== 'local')).toHaveLength(2);
    expect(store.dump()).toHaveLength(before);
  });

  it('that is another than at sign-in is refused, until somebody signs out', async () => {
    await app.ask('account.signIn', loginForm);
    const burst = store.burst.bind(store);
    const accountId = crypto.randomUUID();
    store.burst = (work, signal) =>
      burst((calls) => work({ ...calls, signIn: () => Promise.resolve({ accountId, restored: false }) }), signal);
    expect(await app.request('account.signIn', loginForm)).toMatchObject({
      ok: false,
      error: { code: 'account/other-account' },
    });
    await app.ask('account.signOut', {});
    await app.ask('account.signIn', loginForm);
    expect((await account()).account?.id).toBe(accountId);
  });
});

it('the profile of an app of before is taken over, with its key and its session', async () => {
  await app.ask('account.signIn', loginForm);
  await app.ask('topic.create', { sceneId: null, theme: 'Mine' });
  await app.ask('settings.setChatKey', { key: 'sk-mine' });
  const id = (await account()).account?.id ?? '';
  const parsed = parseConnectionString(loginForm.connectionString);
  const name = parsed.ok ? (profileNameOf(parsed.address, id) ?? '') : '';
  await app.core.dispose();
  // As that app left it.
  await rename(join(profiles(), name), join(profiles(), id));
  for (const [now, old] of [
    [`${name}/chat-key`, `${id}/chat-key`],
    [`account/${name}/token`, `account/${id}/token`],
  ] as const) {
    await secrets.set(old, (await secrets.get(now)) ?? '');
    await secrets.delete(now);
  }
  app = await app.restart();
  expect(await themes()).toEqual(['Mine']);
  expect((await app.ask('app.snapshot', {})).chatKey).not.toBe('none');
  expect(await secrets.get(`account/${name}/token`)).not.toBeNull();
  expect(existsSync(join(profiles(), id))).toBe(false);
  expect(JSON.parse(await readFile(join(app.folder, 'account.json'), 'utf8'))).toMatchObject({ account: { id } });
  await writeFile(join(app.folder, 'done'), '');
});
