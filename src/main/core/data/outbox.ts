import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { Db } from './database.js';
import type { ConversationTable, OutboxTable, TopicTable } from './schema.js';
import { isSynced } from './synced-columns.js';
import { nextClock } from './sync-state.js';
import { isUnfinished } from './unfinished-turns.js';
import type { Hlc } from './hlc.js';

type Change =
  | { readonly kind: 'topic'; readonly id: string; readonly fields: Partial<TopicTable> }
  | {
      readonly kind: 'conversation';
      readonly id: string;
      readonly topicId: string;
      readonly fields: Partial<ConversationTable>;
    }
  | { readonly kind: 'topic'; readonly id: string; readonly deleted: true };

/**
 * Notes a change for the account store, and stamps the columns with its clock. Call it in the transaction that makes
 * the change, after the row is there: a row is never changed without its outbox entry, nor the other way round.
 * What concerns only this machine (which sound files it has) is not noted.
 */
export async function noteChange(tx: Db, change: Change, now: number): Promise<void> {
  const fields =
    'deleted' in change
      ? null
      : Object.fromEntries(Object.entries(change.fields).filter(([name]) => isSynced(change.kind, name)));
  if (fields !== null && Object.keys(fields).length === 0) return;
  const clock = await nextClock(tx, now);
  await tx
    .insertInto('outbox')
    .values({
      op_id: uuidv7(),
      kind: change.kind,
      record_id: change.id,
      parent_id: change.kind === 'conversation' ? change.topicId : null,
      fields: fields === null ? null : JSON.stringify(fields),
      clock,
      created_time: now,
      refused: null,
    })
    .execute();
  if (fields === null) return;
  const stamps = JSON.stringify(Object.fromEntries(Object.keys(fields).map((name) => [name, clock])));
  await tx
    .updateTable(change.kind)
    .set({ clocks: sql`json_patch(clocks, ${stamps})` })
    .where('id', '=', change.id)
    .execute();
}

/**
 * The oldest changes that can be sent now. A turn that is being answered is not among them: half of it would be the
 * other machines' idea of it until the rest comes.
 */
export function listSendable(db: Db, limit: number): Promise<readonly OutboxTable[]> {
  return db
    .selectFrom('outbox')
    .selectAll()
    .where('refused', 'is', null)
    .where('record_id', 'not in', (query) => query.selectFrom('conversation').select('id').where(isUnfinished))
    .orderBy('op_id')
    .limit(limit)
    .execute();
}

export async function forgetSent(tx: Db, opIds: readonly string[]): Promise<void> {
  if (opIds.length === 0) return;
  await tx.deleteFrom('outbox').where('op_id', 'in', opIds).execute();
}

export async function markRefused(tx: Db, opId: string, code: string): Promise<void> {
  await tx.updateTable('outbox').set({ refused: code }).where('op_id', '=', opId).execute();
}

/** Has changes be sent again that the store refused for a reason that may have gone. */
export async function retryRefused(db: Db, code: string): Promise<void> {
  await db.updateTable('outbox').set({ refused: null }).where('refused', '=', code).execute();
}

/** How many changes wait, and how many the store will not have. */
export async function countOutbox(db: Db): Promise<{ readonly pending: number; readonly refused: number }> {
  const { pending, refused } = await db
    .selectFrom('outbox')
    .select((each) => [
      each.fn.countAll<number>().filterWhere('refused', 'is', null).as('pending'),
      each.fn.countAll<number>().filterWhere('refused', 'is not', null).as('refused'),
    ])
    .executeTakeFirstOrThrow();
  return { pending, refused };
}

/** The store gave a change another clock, since ours was far ahead of its time: ours follows. */
export async function restampSent(tx: Db, sent: OutboxTable, clock: Hlc): Promise<void> {
  if (sent.fields === null) return;
  const row = await tx.selectFrom(sent.kind).select('clocks').where('id', '=', sent.record_id).executeTakeFirst();
  if (!row) return;
  const clocks = Object.entries(JSON.parse(row.clocks) as Record<string, Hlc>);
  // A field that was changed again meanwhile keeps its later stamp.
  const restamped = Object.fromEntries(clocks.map(([name, stamp]) => [name, stamp === sent.clock ? clock : stamp]));
  await tx
    .updateTable(sent.kind)
    .set({ clocks: JSON.stringify(restamped) })
    .where('id', '=', sent.record_id)
    .execute();
}
