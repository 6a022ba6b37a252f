import type { Db } from './database.js';
import { insertClip } from './clips.js';
import { insertTurn } from './conversations.js';
import { insertTopicRow } from './topics.js';

/** How many topics a profile has. */
export async function countTopics(db: Db): Promise<number> {
  const { count } = await db
    .selectFrom('topic')
    .select((each) => each.fn.countAll<number>().as('count'))
    .where('deleted_time', 'is', null)
    .executeTakeFirstOrThrow();
  return count;
}

/**
 * Writes one profile's topics, turns, clips and waiting takes into another, as changes of its own. Rows that are there
 * already stay as they are, so it can be done again after a crash. Answers how many topics.
 */
export async function copyHistory(from: Db, to: Db, userId: string, now: number): Promise<number> {
  const topics = await from.selectFrom('topic').selectAll().where('deleted_time', 'is', null).execute();
  const turns = await from.selectFrom('conversation').selectAll().orderBy('id').execute();
  const clips = await from.selectFrom('clip').selectAll().execute();
  const takes = await from.selectFrom('take').selectAll().execute();
  await to.transaction().execute(async (tx) => {
    const there = new Set((await tx.selectFrom('topic').select('id').execute()).map(({ id }) => id));
    const turnsThere = new Set((await tx.selectFrom('conversation').select('id').execute()).map(({ id }) => id));
    for (const topic of topics) {
      if (!there.has(topic.id)) await insertTopicRow(tx, { ...topic, user_id: userId, clocks: '{}' }, now);
    }
    for (const turn of turns) {
      if (!turnsThere.has(turn.id)) await insertTurn(tx, { ...turn, clocks: '{}' }, now);
    }
    for (const clip of clips) await insertClip(tx, clip);
    for (const take of takes) {
      // Whatever it was doing there, nobody is at it here.
      const waiting = { ...take, state: 'failed', error: take.error ?? 'take/interrupted' } as const;
      await tx
        .insertInto('take')
        .values(waiting)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    }
  });
  return topics.length;
}

/** Empties a profile whose history has been moved: no tombstones, since it is not deleted but elsewhere. */
export async function dropHistory(db: Db): Promise<void> {
  await db.transaction().execute(async (tx) => {
    for (const table of ['conversation', 'take', 'clip', 'outbox', 'topic'] as const)
      await tx.deleteFrom(table).execute();
  });
}
