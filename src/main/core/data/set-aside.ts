import type { Db } from './database.js';

/** What is known of a record that could not be read. */
export interface RecordName {
  readonly kind: string;
  readonly id: string;
}

/** More are not remembered: they would come from a store that means harm. */
const mostRemembered = 100_000;

/** Remembers that these came and could not be read, so that the learner can be told how many there are. */
export async function setAside(tx: Db, records: readonly RecordName[]): Promise<void> {
  if (records.length === 0 || (await countSetAside(tx)) >= mostRemembered) return;
  const rows = records.map(({ kind, id }) => ({ kind, id }));
  await tx
    .insertInto('set_aside_record')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** These have come in a form that can be read. */
export async function takeBackIn(tx: Db, records: readonly RecordName[]): Promise<void> {
  if (records.length === 0 || (await countSetAside(tx)) === 0) return;
  for (const { kind, id } of records)
    await tx.deleteFrom('set_aside_record').where('kind', '=', kind).where('id', '=', id).execute();
}

export async function countSetAside(db: Db): Promise<number> {
  const { count } = await db
    .selectFrom('set_aside_record')
    .select((each) => each.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return count;
}
