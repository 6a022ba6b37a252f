import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openDatabase, type Db } from '../data/database.js';
import { copyHistory, countTopics, dropHistory } from '../data/history.js';
import { removePatiently } from '../data/patient-files.js';
import { readSyncState, writeSyncState } from '../data/sync-state.js';
import { shareFiles } from '../data/shared-files.js';
import type { Clock, Log } from '../ports.js';

/** What one learner has on this machine. */
export interface ProfileData {
  readonly folder: string;
  readonly db: Db;
  readonly userId: string;
}

/** What was said on this machine before somebody signed in, and what they want done with it. */
export interface LocalHistory {
  /**
   * How many of its topics could be taken into the account; 0 when that was answered before. Asked for once in a
   * session. A local profile that cannot be opened has nothing to offer: it is no reason to show nobody theirs.
   */
  count(): Promise<number>;
  /**
   * Moves it into the account: topics, turns, their sounds, and recordings that wait to be understood. Answers how many
   * topics. Done again after a crash, it goes on. Rejects with a `profile/…` error; then all is where it was.
   */
  take(): Promise<number>;
  /** Leaves it where it is, and asks no more. */
  leave(): Promise<void>;
}

/** Folders of a profile whose files belong to rows of its database. */
const soundFolders = ['clips', 'takes'] as const;

export interface LocalHistoryOptions {
  /** The local profile's. Its database is open for as long as something is done with it, by one at a time. */
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Log;
  /** The open profile of whoever is signed in. Throws `account/not-signed-in`. */
  account(): ProfileData;
}

export function createLocalHistory({ folder, clock, log, account: openAccount }: LocalHistoryOptions): LocalHistory {
  /** By the account's database, which is another one for each session. */
  const counted = new WeakMap<Db, Promise<number>>();
  let last: Promise<unknown> = Promise.resolve();

  function withDatabase<T>(work: (db: Db) => Promise<T>): Promise<T> {
    const done = last.then(async () => {
      const db = await openDatabase(join(folder, 'botchat.db'));
      try {
        return await work(db);
      } finally {
        await db.destroy();
      }
    });
    last = done.catch(() => undefined);
    return done;
  }

  async function countNow(account: ProfileData): Promise<number> {
    if ((await readSyncState(account.db, 'history')) !== null) return 0;
    try {
      await mkdir(folder, { recursive: true });
      return await withDatabase(countTopics);
    } catch (error) {
      log.warn('the local profile cannot be opened', { error });
      return 0;
    }
  }

  return {
    count() {
      const account = openAccount();
      const known = counted.get(account.db) ?? countNow(account);
      counted.set(account.db, known);
      return known;
    },

    async take() {
      const account = openAccount();
      const topics = await withDatabase(async (local) => {
        // The sounds first: a row without its sound is worse than a sound without its row.
        for (const sounds of soundFolders) await shareFiles(join(folder, sounds), join(account.folder, sounds));
        const copied = await copyHistory(local, account.db, account.userId, clock.now());
        await dropHistory(local);
        for (const sounds of soundFolders) await removePatiently(join(folder, sounds));
        return copied;
      });
      await writeSyncState(account.db, 'history', 'taken');
      counted.delete(account.db);
      return topics;
    },

    async leave() {
      const account = openAccount();
      await writeSyncState(account.db, 'history', 'left');
      counted.delete(account.db);
    },
  };
}
