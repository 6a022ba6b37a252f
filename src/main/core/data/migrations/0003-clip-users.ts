import { sql, type QueryExecutorProvider } from 'kysely';

/** Frozen: a released migration is never edited, and imports nothing of the app. */
export async function up(db: QueryExecutorProvider): Promise<void> {
  // Who uses a clip is asked for each clip of a topic that goes.
  await sql`CREATE INDEX conversation_by_prompt_clip ON conversation (prompt_clip) WHERE prompt_clip IS NOT NULL`.execute(
    db,
  );
  await sql`CREATE INDEX conversation_by_bridge_clip ON conversation (bridge_clip) WHERE bridge_clip IS NOT NULL`.execute(
    db,
  );
  await sql`CREATE INDEX conversation_by_response_clip ON conversation (response_clip) WHERE response_clip IS NOT NULL`.execute(
    db,
  );
  // The changes of a topic's turns go with it.
  await sql`CREATE INDEX outbox_by_parent ON outbox (parent_id) WHERE parent_id IS NOT NULL`.execute(db);
  // Sounds of replies that were stopped or broke midway had been kept as if they were whole.
  await sql`
    UPDATE conversation SET response_clip = NULL
    WHERE response_clip IS NOT NULL AND (response_state <> 'complete' OR heard_characters IS NOT NULL)`.execute(db);
}
