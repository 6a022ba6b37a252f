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
      deleted_time INTEGER,
      clocks TEXT NOT NULL,
      extra TEXT NOT NULL
    ) STRICT`.execute(db);
  await sql`CREATE INDEX topic_by_use ON topic (used_time DESC) WHERE deleted_time IS NULL`.execute(db);
  // No foreign key: a turn may come from another machine before its topic does.
  await sql`
    CREATE TABLE conversation (
      id TEXT PRIMARY KEY,
      topic_id TEXT NOT NULL,
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
      help_rung TEXT NOT NULL,
      clocks TEXT NOT NULL,
      extra TEXT NOT NULL
    ) STRICT`.execute(db);
  // Ids are UUIDv7: they sort by creation.
  await sql`CREATE INDEX conversation_by_topic ON conversation (topic_id, id)`.execute(db);
  await sql`
    CREATE INDEX conversation_unfinished ON conversation (id)
    WHERE response_state = 'pending' OR bridge_state = 'pending'`.execute(db);
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
      topic_id TEXT NOT NULL,
      created_time INTEGER NOT NULL,
      duration_ms INTEGER NOT NULL,
      state TEXT NOT NULL,
      error TEXT
    ) STRICT`.execute(db);
  await sql`
    CREATE TABLE outbox (
      op_id TEXT PRIMARY KEY,
      kind TEXT NOT NULL,
      record_id TEXT NOT NULL,
      parent_id TEXT,
      fields TEXT,
      clock TEXT NOT NULL,
      created_time INTEGER NOT NULL,
      refused TEXT
    ) STRICT`.execute(db);
  await sql`CREATE INDEX outbox_by_record ON outbox (record_id)`.execute(db);
  await sql`
    CREATE TABLE foreign_record (
      kind TEXT NOT NULL,
      id TEXT NOT NULL,
      record TEXT NOT NULL,
      PRIMARY KEY (kind, id)
    ) STRICT, WITHOUT ROWID`.execute(db);
  await sql`CREATE TABLE sync_state (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT`.execute(db);
  await sql`CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT`.execute(db);
}
