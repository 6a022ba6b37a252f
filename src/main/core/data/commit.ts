import type { Db } from './database.js';

/** Runs one transaction in which a learner's rows and their outbox entries change together. */
export type Commit = <T>(work: (tx: Db) => Promise<T>) => Promise<T>;

/** `onCommitted` is called after each transaction that was committed: there may be something to send. */
export function createCommit(db: Db, onCommitted: () => void): Commit {
  return async (work) => {
    const result = await db.transaction().execute(work);
    onCommitted();
    return result;
  };
}
