import { sql, type QueryExecutorProvider } from 'kysely';

/** Frozen: a released migration is never edited, and imports nothing of the app. */
export async function up(db: QueryExecutorProvider): Promise<void> {
  await sql`ALTER TABLE clip ADD COLUMN words TEXT`.execute(db);
}
