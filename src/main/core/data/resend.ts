import { v7 as uuidv7 } from 'uuid';
import type { Db } from './database.js';
import type { OutboxTable } from './schema.js';
import { nextClock } from './sync-state.js';
import { isSynced, type SyncedKind } from './synced-columns.js';
import type { Hlc } from './hlc.js';

/**
 * Puts everything this profile knows into the outbox, with the clocks under which it was written: for a store that has
 * lost some of it, or has none of it yet. Sending what the store has does nothing there.
 */
export async function enqueueEverything(tx: Db, now: number): Promise<void> {
  // What waits is part of what is known.
  await tx.deleteFrom('outbox').where('refused', 'is', null).execute();
  for (const topic of await tx.selectFrom('topic').selectAll().execute()) {
    if (topic.deleted_time === null) await enqueueRow(tx, 'topic', topic, null, now);
    else
      await enqueue(
        tx,
        { kind: 'topic', record_id: topic.id, parent_id: null, fields: null, clock: await nextClock(tx, now) },
        now,
      );
  }
  for (const turn of await tx.selectFrom('conversation').selectAll().execute()) {
    await enqueueRow(tx, 'conversation', turn, turn.topic_id, now);
  }
}

/** One change for all columns that were written at one time: mostly one, or a few, for a row. */
async function enqueueRow(
  tx: Db,
  kind: SyncedKind,
  row: { readonly id: string; readonly clocks: string; readonly extra: string },
  parentId: string | null,
  now: number,
): Promise<void> {
  // A value that this app could not take is the latest one all the same.
  const values = new Map<string, unknown>([
    ...Object.entries(row).filter(([name]) => isSynced(kind, name)),
    ...Object.entries(JSON.parse(row.extra) as Record<string, unknown>),
  ]);
  const byClock = new Map<Hlc, [string, unknown][]>();
  for (const [name, clock] of Object.entries(JSON.parse(row.clocks) as Record<string, Hlc>)) {
    byClock.set(clock, [...(byClock.get(clock) ?? []), [name, values.get(name) ?? null]]);
  }
  for (const [clock, fields] of byClock) {
    await enqueue(
      tx,
      { kind, record_id: row.id, parent_id: parentId, fields: JSON.stringify(Object.fromEntries(fields)), clock },
      now,
    );
  }
}

async function enqueue(
  tx: Db,
  change: Pick<OutboxTable, 'kind' | 'record_id' | 'parent_id' | 'fields' | 'clock'>,
  now: number,
) {
  await tx
    .insertInto('outbox')
    .values({ op_id: uuidv7(), ...change, created_time: now, refused: null })
    .execute();
}
