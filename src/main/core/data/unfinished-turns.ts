import { sql } from 'kysely';
import type { Db } from './database.js';
import type { ConversationTable } from './schema.js';

/**
 * Whether a turn is being answered. Spelt out, in the words of the index `conversation_unfinished`: with parameters
 * SQLite would not know that the index answers it, and go through every turn there is.
 */
export const isUnfinished = sql<boolean>`(response_state = 'pending' OR bridge_state = 'pending')`;

/** Turns whose answer was begun and never came to any end. */
export function listUnfinishedTurns(db: Db): Promise<readonly ConversationTable[]> {
  return db.selectFrom('conversation').selectAll().where(isUnfinished).execute();
}
