import { v7 as uuidv7 } from 'uuid';
import type { Db } from './database.js';
import type { ConversationTable, TopicTable } from './schema.js';

type Change =
  | { readonly entity: 'topic'; readonly id: string; readonly fields: Partial<TopicTable> }
  | { readonly entity: 'conversation'; readonly id: string; readonly fields: Partial<ConversationTable> };

/**
 * Notes a change for the account store. Call it in the transaction that makes the change: a row is never changed
 * without its outbox entry, nor the other way round.
 */
export async function noteChange(tx: Db, change: Change, now: number): Promise<void> {
  await tx
    .insertInto('outbox')
    .values({
      op_id: uuidv7(),
      entity: change.entity,
      entity_id: change.id,
      fields: JSON.stringify(change.fields),
      created_time: now,
    })
    .execute();
}
