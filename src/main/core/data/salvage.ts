import SqliteDatabase from 'better-sqlite3';
import type { Db } from './database.js';
import type { Hlc } from './hlc.js';
import type { IncomingRecord } from './incoming-record.js';
import { mergeRecords } from './merge.js';
import type { ClipTable, Database, OutboxTable, TakeTable } from './schema.js';
import { isSynced, type SyncedKind } from './synced-columns.js';
import { buryTopic } from './topics.js';

/** How many rows of a damaged database could be taken over, and how many could be read but not believed. */
export interface Salvaged {
  readonly taken: number;
  readonly refused: number;
}

/** Tables with the column by which their rows lie on disk. */
const order = { topic: 'rowid', conversation: 'rowid', clip: 'hash', take: 'rowid', outbox: 'rowid', setting: 'rowid' };

/**
 * Takes over from a damaged database what can still be read: changes that no account store has been told, and whatever
 * is newer than in `db`. Rows are strangers' here, each by itself: a damaged page reads as anything.
 */
export async function salvage(damagedPath: string, db: Db, now: number): Promise<Salvaged> {
  const count = { taken: 0, refused: 0 };
  const damaged = openDamaged(damagedPath);
  if (!damaged) return count;
  /** Takes the rows of a table over, one by one. */
  const each = async <T extends keyof typeof order>(
    table: T,
    take: (tx: Db, row: Database[T]) => Promise<unknown>,
  ): Promise<void> => {
    const rows = readableRows(damaged, table);
    await db.transaction().execute(async (tx) => {
      for (const row of rows) {
        try {
          await take(tx, row);
          count.taken += 1;
        } catch {
          // Its place is among the damaged, which are kept.
          count.refused += 1;
        }
      }
    });
  };
  try {
    await each('topic', (tx, topic) =>
      topic.deleted_time === null
        ? mergeRecords(tx, [recordOf('topic', topic, null)], now)
        : buryTopic(tx, topic.id, topic.deleted_time),
    );
    await each('conversation', async (tx, turn) => {
      await mergeRecords(tx, [recordOf('conversation', turn, turn.topic_id)], now);
      await tx
        .updateTable('conversation')
        .set(({ fn, ref, val }) => ({
          prompt_clip: fn.coalesce(ref('prompt_clip'), val(turn.prompt_clip)),
          bridge_clip: fn.coalesce(ref('bridge_clip'), val(turn.bridge_clip)),
          response_clip: fn.coalesce(ref('response_clip'), val(turn.response_clip)),
        }))
        .where('id', '=', turn.id)
        .execute();
    });
    await each('clip', (tx, row) => insertNew(tx, 'clip', row));
    await each('take', (tx, row) => insertNew(tx, 'take', row));
    await each('outbox', (tx, row) => insertNew(tx, 'outbox', row));
    await each('setting', (tx, { key, value }) => {
      JSON.parse(value);
      return tx
        .insertInto('setting')
        .values({ key, value })
        .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
        .execute();
    });
    return count;
  } finally {
    damaged.close();
  }
}

function openDamaged(path: string): SqliteDatabase.Database | null {
  try {
    const sqlite = new SqliteDatabase(path, { fileMustExist: true, timeout: 500 });
    sqlite.pragma('locking_mode = EXCLUSIVE');
    // A file that was cut off is refused as a whole otherwise; here what is left of it is of use.
    sqlite.unsafeMode(true);
    sqlite.pragma('writable_schema = ON');
    return sqlite;
  } catch {
    // Not even its head can be read.
    return null;
  }
}

/** The rows from both ends of a table up to where it is damaged. */
function readableRows<T extends keyof typeof order>(sqlite: SqliteDatabase.Database, table: T): readonly Database[T][] {
  const rows = new Map<unknown, Database[T]>();
  for (const direction of ['ASC', 'DESC']) {
    try {
      const key = order[table];
      const statement = sqlite.prepare(`SELECT ${key} AS position, * FROM ${table} ORDER BY ${key} ${direction}`);
      for (const found of statement.iterate()) {
        const { position, ...row } = found as Database[T] & { readonly position: unknown };
        rows.set(position, row as unknown as Database[T]);
      }
    } catch {
      // As far as it could be read.
    }
  }
  return [...rows.values()];
}

/** A row as another machine would tell it. */
function recordOf(
  kind: SyncedKind,
  row: { readonly id: string; readonly clocks: string; readonly extra: string },
  topicId: string | null,
): IncomingRecord {
  return {
    kind,
    id: row.id,
    parent: topicId === null ? null : { kind: 'topic', id: topicId },
    fields: {
      ...Object.fromEntries(Object.entries(row).filter(([name]) => isSynced(kind, name))),
      ...(JSON.parse(row.extra) as Record<string, unknown>),
    },
    clocks: JSON.parse(row.clocks) as Record<string, Hlc>,
    deleted: null,
  };
}

function insertNew(tx: Db, table: 'clip' | 'take' | 'outbox', row: ClipTable | TakeTable | OutboxTable) {
  return tx
    .insertInto(table)
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
