import SqliteDatabase from 'better-sqlite3';
import { Kysely, sql, SqliteDialect, type Driver } from 'kysely';
import { AppError } from '../../../shared/errors.js';
import type { Database } from './schema.js';
import * as firstTurn from './migrations/0001-first-turn.js';
import * as clipWords from './migrations/0002-clip-words.js';
import * as clipUsers from './migrations/0003-clip-users.js';
import * as setAside from './migrations/0004-set-aside.js';

/** In order: the schema's version is how many have been applied. New ones are added at the end. */
const migrations = [firstTurn, clipWords, clipUsers, setAside];

/** A database, or a transaction on it: functions that take one work inside and outside of transactions. */
export type Db = Kysely<Database>;

/**
 * Opens a profile's database, made or brought up to date when needed. It stays locked for other processes until it is
 * closed (or the process ends), since two apps on one profile would each believe in their own memory.
 *
 * Throws `profile/in-use`, `profile/unwritable`, `profile/disk-full`, `profile/damaged` or `profile/too-new`.
 */
export async function openDatabase(path: string): Promise<Db> {
  let sqlite: SqliteDatabase.Database | null = null;
  try {
    sqlite = new SqliteDatabase(path, { timeout: 500 });
    // The exclusive lock is taken by the first read, and lies in the operating system: it dies with the process.
    sqlite.pragma('locking_mode = EXCLUSIVE');
    sqlite.pragma('journal_mode = WAL');
    // A turn that was acknowledged survives a power cut; one commit a turn is cheap.
    sqlite.pragma('synchronous = FULL');
    sqlite.pragma('foreign_keys = ON');
    // Better known before than met in the middle of a conversation.
    const found = sqlite.pragma('quick_check(1)', { simple: true });
    if (found !== 'ok') throw new AppError('profile/damaged', String(found));
    const db = new Kysely<Database>({ dialect: new Dialect(sqlite) });
    await migrate(db);
    handles.set(db, sqlite);
    return db;
  } catch (error) {
    // Closed, so that the file can be moved away.
    sqlite?.close();
    throw profileError(error);
  }
}

/** SQLite's own handles, for what Kysely has no words for. */
const handles = new WeakMap<Db, SqliteDatabase.Database>();

/**
 * Copies a database in use to a new file, by SQLite's own back-up. Whoever wants the database meanwhile waits: a copy
 * of half a transaction would be none. Rejects as `profileError` says, and leaves then what there is of the file.
 */
export async function copyDatabase(db: Db, path: string): Promise<void> {
  const sqlite = handles.get(db);
  if (!sqlite) throw new TypeError('not opened by openDatabase');
  try {
    await db.connection().execute(() => sqlite.backup(path));
  } catch (error) {
    throw profileError(error);
  }
}

/**
 * SQLite itself takes back a transaction on a full disk. Kysely rolls back regardless, and tells that there was nothing
 * to roll back instead of what went wrong.
 */
class Dialect extends SqliteDialect {
  constructor(private readonly sqlite: SqliteDatabase.Database) {
    super({ database: sqlite });
  }

  override createDriver(): Driver {
    const driver = super.createDriver();
    const rollBack = driver.rollbackTransaction.bind(driver);
    driver.rollbackTransaction = async (connection) => {
      if (this.sqlite.inTransaction) await rollBack(connection);
    };
    return driver;
  }
}

/**
 * Brings the schema up to date. Each migration and its number commit together, so a crash leaves the old schema or the
 * new one. (Kysely's own migrator does not use transactions on SQLite.)
 */
async function migrate(db: Db): Promise<void> {
  const { rows } = await sql<{ user_version: number }>`PRAGMA user_version`.execute(db);
  const version = rows[0]?.user_version ?? 0;
  if (version > migrations.length) throw new AppError('profile/too-new');
  for (const [index, migration] of migrations.entries()) {
    if (index < version) continue;
    await db.transaction().execute(async (tx) => {
      await migration.up(tx);
      await sql`PRAGMA user_version = ${sql.lit(index + 1)}`.execute(tx);
    });
  }
}

/**
 * What a failed read or write of the learner's data means to them, by SQLite's or the system's own code; an error
 * that means nothing to them is returned as it is.
 */
export function profileError(error: unknown): unknown {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== 'string' || error instanceof AppError) return error;
  const options = { cause: error };
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED'))
    return new AppError('profile/in-use', code, options);
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB')
    return new AppError('profile/damaged', code, options);
  if (code === 'SQLITE_FULL' || code === 'ENOSPC') return new AppError('profile/disk-full', code, options);
  if (/^SQLITE_(CANTOPEN|READONLY|IOERR|PERM|AUTH)|^(EACCES|EPERM|EROFS|ENOTDIR|EEXIST)$/.test(code)) {
    return new AppError('profile/unwritable', code, options);
  }
  return error;
}
