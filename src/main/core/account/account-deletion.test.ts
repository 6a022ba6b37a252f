import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createHarness, loginForm, memorySecrets, profileOf, type Harness } from '../testing/harness.js';
import { createMemoryAccountStore } from '../testing/memory-account-store.js';

const secrets = memorySecrets();
let app: Harness;
beforeEach(async () => {
  app = await createHarness({ accountStore: createMemoryAccountStore(), secrets });
});
afterEach(() => app.close());

async function signIn(): Promise<{ readonly name: string; readonly folder: string }> {
  await app.ask('account.signIn', loginForm);
  const { account } = await app.ask('app.snapshot', {});
  const id = account.account?.id ?? '';
  const name = profileOf(id);
  return { name, folder: join(app.folder, 'profiles', name) };
}

it('a deleted account leaves nothing on this machine, and what was there without it stays', async () => {
  await app.ask('topic.create', { sceneId: null, theme: 'Local' });
  const { name, folder } = await signIn();
  const { id: topicId } = await app.ask('topic.create', { sceneId: null, theme: 'Of the account' });
  await app.ask('settings.setChatKey', { key: 'sk-canary' });
  await app.record(topicId);
  await app.event('turn.speechEnd');
  expect(existsSync(join(folder, 'clips'))).toBe(true);
  await app.ask('account.delete', { password: loginForm.password });
  expect(existsSync(folder)).toBe(false);
  expect(await secrets.get(`${name}/chat-key`)).toBeNull();
  expect((await app.ask('app.snapshot', {})).topics).toMatchObject([{ theme: 'Local' }]);
});

it('what could not be removed is removed at the next start', async () => {
  const { name, folder } = await signIn();
  await app.ask('account.signOut', {});
  await app.core.dispose();
  // As a crash leaves it, right after the deletion was written down.
  const path = join(app.folder, 'account.json');
  const record = JSON.parse(await readFile(path, 'utf8')) as object;
  await writeFile(path, JSON.stringify({ ...record, deleted: [name] }));
  await mkdir(join(folder, 'clips'), { recursive: true });
  app = await app.restart();
  expect(existsSync(folder)).toBe(false);
  expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ deleted: [] });
});

it('one who signs in again begins with an empty profile, filled by the store', async () => {
  await signIn();
  await app.ask('topic.create', { sceneId: null, theme: 'Mine' });
  await app.ask('sync.now', {});
  await app.ask('account.delete', { password: loginForm.password });
  const { folder } = await signIn();
  await app.ask('sync.now', {});
  expect(existsSync(folder)).toBe(true);
  expect((await app.ask('app.snapshot', {})).topics).toMatchObject([{ theme: 'Mine' }]);
  app = await app.restart();
  expect(existsSync(folder)).toBe(true);
  expect((await app.ask('app.snapshot', {})).topics).toMatchObject([{ theme: 'Mine' }]);
});
