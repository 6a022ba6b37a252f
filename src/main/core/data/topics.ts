import { sql } from 'kysely';
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
  };
  await tx.insertInto('topic').values(topic).execute();
  await noteChange(tx, { entity: 'topic', id: topic.id, fields: topic }, now);
  return topic;
}

export async function updateTopic(
  tx: Db,
  id: string,
  fields: Partial<Pick<TopicTable, 'theme' | 'used_time'>>,
  now: number,
): Promise<void> {
  await tx.updateTable('topic').set(fields).where('id', '=', id).execute();
  await noteChange(tx, { entity: 'topic', id, fields }, now);
}

/**
 * Leaves of the topic only its tombstone: the words are gone from this machine at once. Answers the clips that its
 * conversation used.
 */
export async function removeTopic(tx: Db, id: string, now: number): Promise<readonly string[]> {
  const turns = await tx
    .selectFrom('conversation')
    .select(['prompt_clip', 'bridge_clip', 'response_clip'])
    .where('topic_id', '=', id)
    .execute();
  await tx.deleteFrom('conversation').where('topic_id', '=', id).execute();
  await tx.deleteFrom('take').where('topic_id', '=', id).execute();
  // Unsent changes of it would bring words back that were meant to go.
  await tx
    .deleteFrom('outbox')
    .where((each) => each.or([each('entity_id', '=', id), each(sql`fields ->> '$.topic_id'`, '=', id)]))
    .execute();
  await tx.updateTable('topic').set({ theme: '', context: '', deleted_time: now }).where('id', '=', id).execute();
  await noteChange(tx, { entity: 'topic', id, fields: { deleted_time: now } }, now);
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
