import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../shared/errors.js';
import { restoreNewest } from './backups.js';
import { openDatabase, type Db } from './database.js';
import { removePatiently, renamePatiently } from './patient-files.js';
import { shareFiles } from './shared-files.js';
import { salvage, type Salvaged } from './salvage.js';

/** What was done for a damaged database. */
export interface Mended extends Salvaged {
  /** The back-up that was restored; null where there was none. */
  readonly backup: string | null;
}

export interface ProfileDatabase {
  readonly db: Db;
  /** Null where nothing was damaged. */
  readonly mended: Mended | null;
}

/** A database, and the files that SQLite keeps beside it. */
const ends = ['', '-wal', '-shm'];

/** Where a profile's back-ups lie. */
export const backupFolder = (profile: string) => join(profile, 'backups');

/**
 * Opens a profile's database. A damaged one is set aside in `damaged/`, and its place is taken by the newest good
 * back-up with all that can still be read of the damaged one. A crash on the way leaves the damaged one or the mended
 * one. Rejects as `openDatabase` does.
 */
export async function openMendedDatabase(profile: string, now: number): Promise<ProfileDatabase> {
  const path = join(profile, 'botchat.db');
  // Mended whole, when the app ended.
  if (await exists(mendedPath(profile))) await takePlace(profile, now);
  try {
    return { db: await openDatabase(path), mended: null };
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'profile/damaged') throw error;
  }
  const mended = await mend(profile, now);
  await takePlace(profile, now);
  return { db: await openDatabase(path), mended };
}

const mendedPath = (profile: string) => join(profile, 'botchat.mended.db');

async function mend(profile: string, now: number): Promise<Mended> {
  const path = join(profile, 'botchat.mending.db');
  for (const end of ends) await removePatiently(`${path}${end}`);
  const backup = await restoreNewest(backupFolder(profile), path);
  const db = await openDatabase(path);
  let salvaged: Salvaged;
  try {
    salvaged = await salvage(join(profile, 'botchat.db'), db, now);
  } finally {
    await db.destroy();
  }
  await renamePatiently(path, mendedPath(profile));
  return { backup, ...salvaged };
}

/** The mended database takes the damaged one's place. */
async function takePlace(profile: string, now: number): Promise<void> {
  const aside = join(profile, 'damaged', new Date(now).toISOString().replaceAll(':', '-'));
  await mkdir(aside, { recursive: true });
  for (const end of ends) {
    const name = `botchat.db${end}`;
    if (await exists(join(profile, name))) await renamePatiently(join(profile, name), join(aside, name));
  }
  // A recording that no row tells of any more is cleared away at the start. Here it stays.
  await shareFiles(join(profile, 'takes'), join(aside, 'takes'));
  await renamePatiently(mendedPath(profile), join(profile, 'botchat.db'));
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
