import type { TopicPreview, TopicView } from '../../../shared/contract/topic.js';
import { lastTurns, type StoredTurn } from '../data/conversations.js';
import type { Db } from '../data/database.js';
import type { TopicTable } from '../data/schema.js';
import { getTopic, listTopics } from '../data/topics.js';

/** Throws `topic/not-found`. */
export async function readTopicView(db: Db, topicId: string): Promise<TopicView> {
  const topic = await getTopic(db, topicId);
  return topicView(topic, (await lastTurns(db, [topicId])).get(topicId));
}

export async function readTopicViews(db: Db): Promise<readonly TopicView[]> {
  const [topics, turns] = [await listTopics(db), await lastTurns(db)];
  return topics.map((topic) => topicView(topic, turns.get(topic.id)));
}

function topicView(topic: TopicTable, lastTurn: StoredTurn | undefined): TopicView {
  return {
    id: topic.id,
    theme: topic.theme,
    sceneId: topic.scene_id,
    preview: preview(lastTurn),
    createdTime: topic.created_time,
    usedTime: topic.used_time,
  };
}

/** The learner's own line tells a topic best; where there is none, how long the partner spoke. */
function preview(turn: StoredTurn | undefined): TopicPreview {
  if (!turn) return { kind: 'empty' };
  return turn.prompt === null
    ? { kind: 'reply', durationMs: turn.response_duration_ms }
    : { kind: 'prompt', text: turn.prompt };
}
