import type { TopicPreview, TopicView } from '../../../shared/contract/topic.js';
import { lastTurns, type StoredTurn } from '../data/conversations.js';
import type { Db } from '../data/database.js';
import type { TopicTable } from '../data/schema.js';
import { topicsWithTakes } from '../data/takes.js';
import { getTopic, listTopics } from '../data/topics.js';

/** Throws `topic/not-found`. */
export async function readTopicView(db: Db, topicId: string): Promise<TopicView> {
  const topic = await getTopic(db, topicId);
  const [turns, waiting] = [await lastTurns(db, [topicId]), await topicsWithTakes(db)];
  return topicView(topic, turns.get(topicId), waiting.has(topicId));
}

export async function readTopicViews(db: Db): Promise<readonly TopicView[]> {
  const [topics, turns, waiting] = [await listTopics(db), await lastTurns(db), await topicsWithTakes(db)];
  return topics.map((topic) => topicView(topic, turns.get(topic.id), waiting.has(topic.id)));
}

function topicView(topic: TopicTable, lastTurn: StoredTurn | undefined, hasTakes: boolean): TopicView {
  return {
    id: topic.id,
    theme: topic.theme,
    sceneId: topic.scene_id,
    preview: preview(lastTurn, hasTakes),
    createdTime: topic.created_time,
    usedTime: topic.used_time,
  };
}

/** The learner's own line tells a topic best; where there is none, how long the partner spoke. */
function preview(turn: StoredTurn | undefined, hasTakes: boolean): TopicPreview {
  if (!turn) return { kind: hasTakes ? 'take' : 'empty' };
  return turn.prompt === null
    ? { kind: 'reply', durationMs: turn.response_duration_ms }
    : { kind: 'prompt', text: turn.prompt };
}
