import { v7 as uuidv7 } from 'uuid';
import type { SceneId } from '../../../shared/contract/topic.js';
import { AppError } from '../../../shared/errors.js';
import type { Db } from './database.js';
import { noteChange } from './outbox.js';
import type { TopicTable } from './schema.js';

export interface NewTopic {
  readonly userId: string;
  readonly theme: string;
  readonly sceneId: SceneId | null;
}

export async function insertTopic(tx: Db, { userId, theme, sceneId }: NewTopic, now: number): Promise<TopicTable> {
  const topic: TopicTable = {
    id: uuidv7(),
    user_id: userId,
    theme,
    scene_id: sceneId,
    context: '',
    created_time: now,
    used_time: now,
    deleted_time: null,
    clocks: '{}',
    extra: '{}',
  };
  await insertTopicRow(tx, topic, now);
  return topic;
}

export async function insertTopicRow(tx: Db, topic: TopicTable, now: number): Promise<void> {
  await tx.insertInto('topic').values(topic).execute();
  await noteChange(tx, { kind: 'topic', id: topic.id, fields: topic }, now);
}

export async function updateTopic(
  tx: Db,
  id: string,
  fields: Partial<Pick<TopicTable, 'theme' | 'used_time'>>,
  now: number,
): Promise<void> {
  await tx.updateTable('topic').set(fields).where('id', '=', id).execute();
  await noteChange(tx, { kind: 'topic', id, fields }, now);
}

/**
 * Removes a topic: its words are gone from this machine at once, and the others are told. Answers the clips that its
 * conversation used.
 */
export async function removeTopic(tx: Db, id: string, now: number): Promise<readonly string[]> {
  const clips = await buryTopic(tx, id, now);
  // Unsent changes of it would bring words back that were meant to go.
  await tx
    .deleteFrom('outbox')
    .where((each) => each.or([each('record_id', '=', id), each('parent_id', '=', id)]))
    .execute();
  await noteChange(tx, { kind: 'topic', id, deleted: true }, now);
  return clips;
}

/** Leaves of a topic only its tombstone, also where it was never here. Answers the clips that its conversation used. */
export async function buryTopic(tx: Db, id: string, now: number): Promise<readonly string[]> {
  const turns = await tx
    .selectFrom('conversation')
    .select(['prompt_clip', 'bridge_clip', 'response_clip'])
    .where('topic_id', '=', id)
    .execute();
  await tx.deleteFrom('conversation').where('topic_id', '=', id).execute();
  await tx.deleteFrom('take').where('topic_id', '=', id).execute();
  const tombstone = { theme: '', context: '', scene_id: null, clocks: '{}', extra: '{}', deleted_time: now };
  await tx
    .insertInto('topic')
    .values({ id, user_id: '', created_time: now, used_time: now, ...tombstone })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(tombstone))
    .execute();
  return turns
    .flatMap((turn) => [turn.prompt_clip, turn.bridge_clip, turn.response_clip])
    .filter((clip) => clip !== null);
}

/** Throws `topic/not-found` for a topic that is not there, or not any more. */
export async function getTopic(db: Db, id: string): Promise<TopicTable> {
  const topic = await db
    .selectFrom('topic')
    .selectAll()
    .where('id', '=', id)
    .where('deleted_time', 'is', null)
    .executeTakeFirst();
  if (!topic) throw new AppError('topic/not-found');
  return topic;
}

/** Last used first. */
export function listTopics(db: Db): Promise<readonly TopicTable[]> {
  return db.selectFrom('topic').selectAll().where('deleted_time', 'is', null).orderBy('used_time', 'desc').execute();
}

/** A topic of no scene with this theme, in which nothing was said or recorded yet; null where there is none. */
export async function findBlankTopic(tx: Db, theme: string): Promise<TopicTable | null> {
  const topic = await tx
    .selectFrom('topic')
    .selectAll()
    .where('deleted_time', 'is', null)
    .where('scene_id', 'is', null)
    .where('theme', '=', theme)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('conversation').select('id').whereRef('conversation.topic_id', '=', 'topic.id'))),
    )
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('take').select('id').whereRef('take.topic_id', '=', 'topic.id'))),
    )
    .orderBy('used_time', 'desc')
    .limit(1)
    .executeTakeFirst();
  return topic ?? null;
}
