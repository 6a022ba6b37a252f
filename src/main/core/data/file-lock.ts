import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';

/**
 * Holds a name for this process alone: `null` where another one, or this one, holds it. Answers the function that lets
 * it go. However a process ends, the system lets go of what it held: the lock is SQLite's, on an empty database at that
 * path, and no note of ours that a crash could leave behind.
 */
export function lockFile(path: string): (() => void) | null {
  mkdirSync(dirname(path), { recursive: true });
  const db = new BetterSqlite3(path, { timeout: 0 });
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (String((error as { code?: unknown }).code).startsWith('SQLITE_BUSY')) return null;
    throw error;
  }
  return () => {
    db.close();
  };
}
