import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { profileError } from './database.js';
import { patiently, removePatiently, renamePatiently } from './patient-files.js';

/**
 * Writes a file that is there whole or not at all, whenever the power goes; what was there before stays until then.
 * Makes its folder. Rejects as `profileError` says. One path, one write at a time: the next one waits for this one.
 */
export async function writeWholeFile(path: string, data: string | Uint8Array): Promise<void> {
  const part = `${path}.part`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await patiently(() => open(part, 'w'));
    try {
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    await renamePatiently(part, path);
  } catch (error) {
    await removePatiently(part).catch(() => undefined);
    throw profileError(error);
  }
}
