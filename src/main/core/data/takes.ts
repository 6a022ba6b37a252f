import { AppError } from '../../../shared/errors.js';
import type { Db } from './database.js';
import type { TakeTable } from './schema.js';

export async function insertTake(db: Db, take: TakeTable): Promise<void> {
  await db.insertInto('take').values(take).execute();
}

export async function updateTake(db: Db, id: string, fields: Partial<TakeTable>): Promise<void> {
  await db.updateTable('take').set(fields).where('id', '=', id).execute();
}

export async function deleteTake(db: Db, id: string): Promise<void> {
  await db.deleteFrom('take').where('id', '=', id).execute();
}

/** Throws `take/not-found`. */
export async function getTake(db: Db, id: string): Promise<TakeTable> {
  const take = await db.selectFrom('take').selectAll().where('id', '=', id).executeTakeFirst();
  if (!take) throw new AppError('take/not-found');
  return take;
}

/** Oldest first; of one topic, or of all. */
export function listTakes(db: Db, topicId?: string): Promise<readonly TakeTable[]> {
  return db
    .selectFrom('take')
    .selectAll()
    .$if(topicId !== undefined, (query) => query.where('topic_id', '=', topicId ?? ''))
    .orderBy('id')
    .execute();
}

/** The topics in which a recording waits to become text. */
export async function topicsWithTakes(db: Db): Promise<ReadonlySet<string>> {
  const rows = await db.selectFrom('take').select('topic_id').where('state', '!=', 'recording').distinct().execute();
  return new Set(rows.map(({ topic_id }) => topic_id));
}
