import { link, mkdir, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { profileError } from './database.js';
import { writeWholeFile } from './whole-file.js';

/** Has every file of a folder in another one too, whole or not at all; those that are there stay as they are. */
export async function shareFiles(from: string, to: string): Promise<void> {
  const entries = await readdir(from, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw profileError(error);
  });
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    await shareFile(path, join(to, path.slice(from.length)));
  }
}

/** By a second name for the same file, which needs no room, where the file system has that; else by a copy. */
async function shareFile(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true }).catch((error: unknown) => {
    throw profileError(error);
  });
  try {
    await link(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') await writeWholeFile(to, await readFile(from));
  }
}
