import type { Db } from './database.js';
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
 * Writes one profile's topics, turns and clips into another, as changes of its own. Rows that are there already stay as
 * they are, so it can be done again after a crash. Answers the hashes of the clips that go with them, and the topics.
 */
export async function copyHistory(
  from: Db,
  to: Db,
  userId: string,
  now: number,
): Promise<{ readonly topicIds: readonly string[]; readonly clips: readonly string[] }> {
  const topics = await from.selectFrom('topic').selectAll().where('deleted_time', 'is', null).execute();
  const turns = await from.selectFrom('conversation').selectAll().orderBy('id').execute();
  const clips = await from.selectFrom('clip').selectAll().execute();
  await to.transaction().execute(async (tx) => {
    const there = new Set((await tx.selectFrom('topic').select('id').execute()).map(({ id }) => id));
    const turnsThere = new Set((await tx.selectFrom('conversation').select('id').execute()).map(({ id }) => id));
    for (const topic of topics) {
      if (!there.has(topic.id)) await insertTopicRow(tx, { ...topic, user_id: userId, clocks: '{}' }, now);
    }
    for (const turn of turns) {
      if (!turnsThere.has(turn.id)) await insertTurn(tx, { ...turn, clocks: '{}' }, now);
    }
    for (const clip of clips) {
      await tx
        .insertInto('clip')
        .values(clip)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    }
  });
  return { topicIds: topics.map(({ id }) => id), clips: clips.map(({ hash }) => hash) };
}

/** Empties a profile whose history has been moved: no tombstones, since it is not deleted but elsewhere. */
export async function dropHistory(db: Db): Promise<void> {
  await db.transaction().execute(async (tx) => {
    for (const table of ['conversation', 'take', 'clip', 'outbox', 'topic'] as const)
      await tx.deleteFrom(table).execute();
  });
}
