import { sql, type QueryExecutorProvider } from 'kysely';

/** Frozen: a released migration is never edited, and imports nothing of the app. */
export async function up(db: QueryExecutorProvider): Promise<void> {
  // Which records of the account store could not be read; one that comes again and can be is no longer here.
  await sql`
    CREATE TABLE set_aside_record (
      kind TEXT NOT NULL,
      id TEXT NOT NULL,
      PRIMARY KEY (kind, id)
    ) STRICT, WITHOUT ROWID`.execute(db);
  // Those that were refused for want of room are sent again now and then.
  await sql`CREATE INDEX outbox_by_refusal ON outbox (refused) WHERE refused IS NOT NULL`.execute(db);
}
