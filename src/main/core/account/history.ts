import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openDatabase, type Db } from '../data/database.js';
import { copyHistory, countTopics, dropHistory } from '../data/history.js';
import { readSyncState, writeSyncState } from '../data/sync-state.js';

/** A profile's folder, and its database while that is open. */
export interface OpenProfile {
  readonly folder: string;
  readonly db: Db;
  readonly userId: string;
}

/** How many topics of the local profile could be taken into the account; 0 when that was answered before. */
export async function countLocalTopics(localFolder: string, account: OpenProfile): Promise<number> {
  if ((await readSyncState(account.db, 'history')) !== null) return 0;
  return withDatabase(localFolder, countTopics);
}

/** Moves the local profile's history into the account; answers how many topics. Done again after a crash, it goes on. */
export async function takeHistory(localFolder: string, account: OpenProfile, now: number): Promise<number> {
  return withDatabase(localFolder, async (local) => {
    // The sounds first: a row without its sound is worse than a sound without its row.
    await cp(join(localFolder, 'clips'), join(account.folder, 'clips'), { recursive: true, force: false }).catch(
      (error: unknown) => {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      },
    );
    const { topicIds } = await copyHistory(local, account.db, account.userId, now);
    await writeSyncState(account.db, 'history', 'taken');
    await dropHistory(local);
    await rm(join(localFolder, 'clips'), { recursive: true, force: true });
    return topicIds.length;
  });
}

export async function leaveHistory(account: OpenProfile): Promise<void> {
  await writeSyncState(account.db, 'history', 'left');
}

async function withDatabase<T>(folder: string, work: (db: Db) => Promise<T>): Promise<T> {
  const db = await openDatabase(join(folder, 'botchat.db'));
  try {
    return await work(db);
  } finally {
    await db.destroy();
  }
}
