import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { copyDatabase, openDatabase, type Db } from './database.js';
import { removePatiently, renamePatiently } from './patient-files.js';

const dayMs = 24 * 60 * 60_000;
const kept = 3;

/** The moment of a back-up is its name: one that sorts, and that every file system takes. */
const nameOf = (time: number) => `${new Date(time).toISOString().replaceAll(':', '-')}.db`;
const timeOf = (name: string) => Date.parse(name.replace(/T(\d\d)-(\d\d)-(.*)\.db$/, 'T$1:$2:$3'));

/** The back-ups in a folder, newest first. */
export async function listBackups(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => !Number.isNaN(timeOf(name)))
    .sort()
    .reverse()
    .map((name) => join(folder, name));
}

/**
 * Backs up a database unless that was done within a day, and keeps the last three. A copy that is damaged takes no good
 * one's place. Answers whether it made one; rejects with a `profile/…` error. `now`: Unix time, ms.
 */
export async function backUpDaily(db: Db, folder: string, now: number): Promise<boolean> {
  const before = await listBackups(folder);
  // A clock that was ahead once must not end it for good.
  if (before.some((path) => Math.abs(now - timeOf(path.slice(folder.length + 1))) < dayMs)) return false;
  await mkdir(folder, { recursive: true });
  const part = join(folder, 'back-up.part');
  try {
    await removePatiently(part);
    await copyDatabase(db, part);
    await (await openDatabase(part)).destroy();
    await renamePatiently(part, join(folder, nameOf(now)));
  } finally {
    for (const end of ['', '-wal', '-shm']) await removePatiently(`${part}${end}`);
  }
  for (const old of (await listBackups(folder)).slice(kept)) await removePatiently(old);
  return true;
}

/** Puts the newest good back-up at `path`, where nothing is. Answers which it was; null where there is none. */
export async function restoreNewest(folder: string, path: string): Promise<string | null> {
  for (const backup of await listBackups(folder)) {
    await copyFile(backup, path);
    const opened = await openDatabase(path).catch(() => null);
    if (opened) {
      await opened.destroy();
      return backup;
    }
    for (const end of ['', '-wal', '-shm']) await removePatiently(`${path}${end}`);
  }
  return null;
}
