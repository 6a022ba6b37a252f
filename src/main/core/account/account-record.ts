import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeWholeFile } from '../data/whole-file.js';
import { profileNamePattern } from './profile-name.js';

const schema = z.object({
  /** The connection string that was used last; the client password in it is every learner's. */
  connectionString: z.string().nullable(),
  account: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  /** The profiles of accounts that were deleted, where they are still to be removed from this machine. */
  deleted: z.array(z.string().regex(profileNamePattern)).default([]),
});

/** Who was signed in when the app was last open, and where. The session itself is a secret, and not here. */
export type AccountRecord = z.infer<typeof schema>;

const nobody: AccountRecord = { connectionString: null, account: null, deleted: [] };

const fileOf = (userData: string) => join(userData, 'account.json');

/** A record that is missing or damaged is nobody's: signing in again mends it, and no history is lost. */
export async function readAccountRecord(userData: string): Promise<AccountRecord> {
  try {
    return schema.parse(JSON.parse(await readFile(fileOf(userData), 'utf8')));
  } catch {
    return nobody;
  }
}

/** Rejects with a `profile/…` error where it cannot be written. */
export function writeAccountRecord(userData: string, record: AccountRecord): Promise<void> {
  return writeWholeFile(fileOf(userData), JSON.stringify(record));
}
