import { sql, type QueryExecutorProvider } from 'kysely';

/** Frozen: a released migration is never edited, and imports nothing of the app. */
export async function up(db: QueryExecutorProvider): Promise<void> {
  await sql`
    CREATE TABLE topic (
      id TEXT PRIMARY KEY,
      user_id TEXT NOT NULL,
      theme TEXT NOT NULL,
      scene_id TEXT,
      context TEXT NOT NULL DEFAULT '',
      created_time INTEGER NOT NULL,
      used_time INTEGER NOT NULL,
      deleted_time INTEGER
    ) STRICT`.execute(db);
  await sql`CREATE INDEX topic_by_use ON topic (used_time DESC) WHERE deleted_time IS NULL`.execute(db);
  await sql`
    CREATE TABLE conversation (
      id TEXT PRIMARY KEY,
      topic_id TEXT NOT NULL REFERENCES topic (id),
      created_time INTEGER NOT NULL,
      prompt TEXT,
      prompt_language TEXT,
      prompt_clip TEXT,
      bridge TEXT,
      bridge_state TEXT,
      bridge_clip TEXT,
      bridge_error TEXT,
      response TEXT,
      partial_response TEXT,
      response_state TEXT NOT NULL,
      response_clip TEXT,
      response_error TEXT,
      heard_characters INTEGER,
      scripted INTEGER NOT NULL,
      rung TEXT NOT NULL,
      help_rung TEXT NOT NULL
    ) STRICT`.execute(db);
  // Ids are UUIDv7: they sort by creation.
  await sql`CREATE INDEX conversation_by_topic ON conversation (topic_id, id)`.execute(db);
  await sql`
    CREATE TABLE clip (
      hash TEXT PRIMARY KEY,
      duration_ms INTEGER NOT NULL,
      peaks TEXT NOT NULL,
      created_time INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`.execute(db);
  await sql`
    CREATE TABLE take (
      id TEXT PRIMARY KEY,
      topic_id TEXT NOT NULL REFERENCES topic (id),
      created_time INTEGER NOT NULL,
      duration_ms INTEGER NOT NULL,
      state TEXT NOT NULL,
      error TEXT
    ) STRICT`.execute(db);
  await sql`
    CREATE TABLE outbox (
      op_id TEXT PRIMARY KEY,
      entity TEXT NOT NULL,
      entity_id TEXT NOT NULL,
      fields TEXT NOT NULL,
      created_time INTEGER NOT NULL
    ) STRICT`.execute(db);
  await sql`CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT`.execute(db);
}
