import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { backUpDaily } from './backups.js';
import { openDatabase } from './database.js';
import { backupFolder } from './mended-database.js';
import { createHarness, loginForm, memorySecrets, profileOf } from '../testing/harness.js';
import { createMemoryAccountStore } from '../testing/memory-account-store.js';

it('a damaged profile of an account is whole again: from its back-up, from what can be read, from the store', async () => {
  const store = createMemoryAccountStore();
  const secrets = memorySecrets();
  let app = await createHarness({ accountStore: store, secrets });
  await app.ask('account.signIn', loginForm);
  const { account } = await app.ask('app.snapshot', {});
  const profile = join(app.folder, 'profiles', profileOf(account.account?.id ?? ''));
  const path = join(profile, 'botchat.db');
  const create = (theme: string) => app.ask('topic.create', { sceneId: null, theme });

  await create('backed up');
  await app.ask('sync.now', {});
  await app.core.dispose();
  const db = await openDatabase(path);
  await backUpDaily(db, backupFolder(profile), Date.now());
  await db.destroy();

  app = await app.restart();
  await create('at the store');
  await app.ask('sync.now', {});
  store.fault.beforePush = () => {
    throw new Error('no network');
  };
  await create('here alone');
  await app.core.dispose();
  store.fault = {};
  // Its last page is an index's, made by the newest migration: all the rows are there.
  const bytes = await readFile(path);
  await writeFile(path, bytes.subarray(0, bytes.length - 4096));

  app = await app.restart();
  await app.ask('sync.now', {});
  const { topics, sync } = await app.ask('app.snapshot', {});
  expect(topics.map(({ theme }) => theme).sort()).toEqual(['at the store', 'backed up', 'here alone']);
  expect(sync).toMatchObject({ pending: 0, error: null });
  const themes = store.dump().map(({ fields }) => fields.theme);
  expect(themes.sort()).toEqual(['at the store', 'backed up', 'here alone']);
  await app.close();
});

it('a profile whose services cannot start is not held open', async () => {
  const app = await createHarness();
  await app.core.dispose();
  const path = join(app.folder, 'profiles/local/botchat.db');
  const db = await openDatabase(path);
  await sql`ALTER TABLE setting RENAME TO elsewhere`.execute(db);
  await db.destroy();
  await expect(createHarness({ folder: app.folder })).rejects.toThrow(/no such table: setting/);
  // Nobody else has it: it can be opened at once.
  const again = await openDatabase(path);
  await sql`ALTER TABLE elsewhere RENAME TO setting`.execute(again);
  await again.destroy();
  await (await createHarness({ folder: app.folder })).close();
});
