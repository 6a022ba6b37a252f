import SqliteDatabase from 'better-sqlite3';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase, profileError } from './database.js';
import { insertTopic, removeTopic, updateTopic } from './topics.js';
import { defaultSettings } from '../../../shared/contract/settings.js';
import { readSettings, writeSettings } from './settings.js';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'botchat 数据库 '));
  path = join(folder, 'botchat.db');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('opening a profile', () => {
  it('makes it durable, strict and checked', async () => {
    const db = await openDatabase(path);
    const pragma = async (name: string) =>
      Object.values((await sql`PRAGMA ${sql.raw(name)}`.execute(db)).rows[0] as object)[0] as unknown;
    expect(await pragma('journal_mode')).toBe('wal');
    expect(await pragma('synchronous')).toBe(2); // FULL
    expect(await pragma('foreign_keys')).toBe(1);
    const tables = await sql<{
      name: string;
      strict: number;
    }>`SELECT name, strict FROM pragma_table_list WHERE type = 'table'`.execute(db);
    const own = tables.rows.filter(({ name }) => !name.startsWith('sqlite_'));
    expect(own.map(({ name }) => name).sort()).toEqual([
      'clip',
      'conversation',
      'foreign_record',
      'outbox',
      'set_aside_record',
      'setting',
      'sync_state',
      'take',
      'topic',
    ]);
    expect(own.every(({ strict }) => strict === 1)).toBe(true);
    await db.destroy();
  });

  it('opens again with everything in it', async () => {
    const db = await openDatabase(path);
    await insertTopic(db, { userId: 'local', theme: '旅行', sceneId: null }, 1);
    await db.destroy();
    const again = await openDatabase(path);
    expect(await again.selectFrom('topic').select('theme').execute()).toEqual([{ theme: '旅行' }]);
    await again.destroy();
  });

  it('refuses one that another app has open, and leaves that app alone', async () => {
    const db = await openDatabase(path);
    await expect(openDatabase(path)).rejects.toMatchObject({ code: 'profile/in-use' });
    await insertTopic(db, { userId: 'local', theme: 'Still mine', sceneId: null }, 1);
    await db.destroy();
    const next = await openDatabase(path);
    await next.destroy();
  });

  it('says that a file is no database, or a damaged one', async () => {
    await writeFile(path, 'This is certainly not a database. '.repeat(100));
    await expect(openDatabase(path)).rejects.toMatchObject({ code: 'profile/damaged' });
    await rm(path);
    const db = await openDatabase(path);
    for (let index = 0; index < 500; index += 1)
      await insertTopic(db, { userId: 'local', theme: 'x'.repeat(100), sceneId: null }, 1);
    await db.destroy();
    await truncate(path, 6000);
    await expect(openDatabase(path)).rejects.toMatchObject({ code: 'profile/damaged' });
  });

  it('refuses a profile of a newer app instead of harming it', async () => {
    const db = await openDatabase(path);
    await sql`PRAGMA user_version = 9999`.execute(db);
    await db.destroy();
    await expect(openDatabase(path)).rejects.toMatchObject({ code: 'profile/too-new' });
  });

  it('says that it cannot be written', async () => {
    await expect(openDatabase(folder)).rejects.toMatchObject({
      code: 'profile/unwritable',
    });
  });

  it('never leaves a migration half done', async () => {
    // A table of the same name makes the migration fail in the middle.
    const raw = new SqliteDatabase(path);
    raw.exec('CREATE TABLE outbox (x)');
    raw.close();
    await expect(openDatabase(path)).rejects.toThrow();
    const after = new SqliteDatabase(path);
    expect(
      after.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name IN ('topic', 'conversation')").all(),
    ).toEqual([]);
    after.close();
  });
});

describe('a full disk', () => {
  it('is told as one, takes the whole transaction back, and is over when there is room', async () => {
    const db = await openDatabase(path);
    const limit = (pages: number) => sql`PRAGMA max_page_count = ${sql.lit(pages)}`.execute(db);
    const write = () =>
      db.transaction().execute(async (tx) => {
        for (let count = 0; count < 100; count += 1)
          await insertTopic(tx, { userId: 'local', theme: 'x'.repeat(1000), sceneId: null }, 1);
      });
    await limit(1);
    const error = await write().catch(profileError);
    expect(error).toMatchObject({ code: 'profile/disk-full' });
    expect(await db.selectFrom('topic').select('id').execute()).toEqual([]);
    await limit(100_000);
    await write();
    expect(await db.selectFrom('topic').select('id').execute()).toHaveLength(100);
    await db.destroy();
  });
});

describe('the outbox', () => {
  it('gets its entry in the transaction that makes the change, or not at all', async () => {
    const db = await openDatabase(path);
    const topic = await db
      .transaction()
      .execute((tx) => insertTopic(tx, { userId: 'local', theme: 'A', sceneId: null }, 1));
    await expect(
      db.transaction().execute(async (tx) => {
        await updateTopic(tx, topic.id, { theme: 'B' }, 2);
        throw new Error('power cut');
      }),
    ).rejects.toThrow('power cut');
    const entries = await db.selectFrom('outbox').selectAll().execute();
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({ kind: 'topic', record_id: topic.id, created_time: 1 });
    expect(JSON.parse(entries[0]?.fields ?? '')).toMatchObject({ theme: 'A' });
    expect(await db.selectFrom('topic').select('theme').execute()).toEqual([{ theme: 'A' }]);
    await db.destroy();
  });

  it('of a deleted topic holds its tombstone, and no words', async () => {
    const db = await openDatabase(path);
    const topic = await insertTopic(db, { userId: 'local', theme: 'Secret', sceneId: null }, 1);
    await db.transaction().execute((tx) => removeTopic(tx, topic.id, 5));
    expect(await db.selectFrom('topic').select(['theme', 'deleted_time']).execute()).toEqual([
      { theme: '', deleted_time: 5 },
    ]);
    const entries = await db.selectFrom('outbox').selectAll().execute();
    expect(entries).toMatchObject([{ kind: 'topic', record_id: topic.id, fields: null }]);
    await db.destroy();
  });
});

describe('settings', () => {
  it('fall back to the default where a stored value is of no use any more', async () => {
    const db = await openDatabase(path);
    await writeSettings(db, { theme: 'dark', chatModel: 'm' });
    await db.updateTable('setting').set({ value: '"purple"' }).where('key', '=', 'theme').execute();
    await db.insertInto('setting').values({ key: 'ofTomorrow', value: '1' }).execute();
    expect(await readSettings(db)).toEqual({ ...defaultSettings, chatModel: 'm' });
    await db.destroy();
  });
});
