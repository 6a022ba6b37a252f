import { AppError } from '../../../shared/errors.js';
import type { Db } from './database.js';
import { noteChange } from './outbox.js';
import type { ConversationTable } from './schema.js';

/** A turn with what this machine knows of its sounds. */
export interface StoredTurn extends ConversationTable {
  readonly prompt_duration_ms: number | null;
  readonly prompt_peaks: string | null;
  readonly prompt_words: string | null;
  readonly bridge_duration_ms: number | null;
  readonly bridge_peaks: string | null;
  readonly response_duration_ms: number | null;
  readonly response_peaks: string | null;
  readonly response_words: string | null;
}

/** A turn before anything is said in it, but for what names it. */
export const blankTurn = {
  prompt: null,
  prompt_language: null,
  prompt_clip: null,
  bridge: null,
  bridge_state: null,
  bridge_clip: null,
  bridge_error: null,
  response: null,
  partial_response: null,
  response_state: 'pending',
  response_clip: null,
  response_error: null,
  heard_characters: null,
  scripted: 0,
  rung: 'audio',
  help_rung: 'audio',
  clocks: '{}',
  extra: '{}',
} as const;

export async function insertTurn(tx: Db, turn: ConversationTable, now = turn.created_time): Promise<void> {
  await tx.insertInto('conversation').values(turn).execute();
  await noteChange(tx, { kind: 'conversation', id: turn.id, topicId: turn.topic_id, fields: turn }, now);
}

export async function updateTurn(
  tx: Db,
  turn: Pick<ConversationTable, 'id' | 'topic_id'>,
  fields: Partial<ConversationTable>,
  now: number,
): Promise<void> {
  await tx.updateTable('conversation').set(fields).where('id', '=', turn.id).execute();
  await noteChange(tx, { kind: 'conversation', id: turn.id, topicId: turn.topic_id, fields }, now);
}

/** Throws `turn/not-found`. */
export async function getTurn(db: Db, id: string): Promise<StoredTurn> {
  const turn = await selectTurns(db).where('conversation.id', '=', id).executeTakeFirst();
  if (!turn) throw new AppError('turn/not-found');
  return turn;
}

/** The newest turns of a topic, or those before `beforeId`: at most `limit`, oldest first. */
export async function listTurns(
  db: Db,
  topicId: string,
  { beforeId, limit }: { readonly beforeId: string | null; readonly limit: number },
): Promise<readonly StoredTurn[]> {
  const newestFirst = await selectTurns(db)
    .where('conversation.topic_id', '=', topicId)
    .$if(beforeId !== null, (query) => query.where('conversation.id', '<', beforeId))
    .orderBy('conversation.id', 'desc')
    .limit(limit)
    .execute();
  return newestFirst.reverse();
}

/** The last turn of each topic, for the list's previews. */
export async function lastTurns(db: Db, topicIds?: readonly string[]): Promise<ReadonlyMap<string, StoredTurn>> {
  const turns = await selectTurns(db)
    .where('conversation.id', 'in', (query) =>
      query
        .selectFrom('conversation as last')
        .select((each) => each.fn.max('last.id').as('id'))
        .$if(topicIds !== undefined, (some) => some.where('last.topic_id', 'in', topicIds ?? []))
        .groupBy('last.topic_id'),
    )
    .execute();
  return new Map(turns.map((turn) => [turn.topic_id, turn]));
}

function selectTurns(db: Db) {
  return db
    .selectFrom('conversation')
    .leftJoin('clip as prompt_sound', 'prompt_sound.hash', 'conversation.prompt_clip')
    .leftJoin('clip as bridge_sound', 'bridge_sound.hash', 'conversation.bridge_clip')
    .leftJoin('clip as response_sound', 'response_sound.hash', 'conversation.response_clip')
    .selectAll('conversation')
    .select([
      'prompt_sound.duration_ms as prompt_duration_ms',
      'prompt_sound.peaks as prompt_peaks',
      'prompt_sound.words as prompt_words',
      'bridge_sound.duration_ms as bridge_duration_ms',
      'bridge_sound.peaks as bridge_peaks',
      'response_sound.duration_ms as response_duration_ms',
      'response_sound.peaks as response_peaks',
      'response_sound.words as response_words',
    ]);
}
