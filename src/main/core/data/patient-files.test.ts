import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { patiently, removePatiently, renamePatiently } from './patient-files.js';

/** Something that fails so often with a code, and then does what it should; and the pauses that were made. */
function failing(code: string, times: number) {
  const pauses: number[] = [];
  let tries = 0;
  const done = patiently(
    () => {
      tries += 1;
      return tries <= times ? Promise.reject(Object.assign(new Error(code), { code })) : Promise.resolve('done');
    },
    (ms) => Promise.resolve(pauses.push(ms)),
  );
  return { done, pauses, tries: () => tries };
}

describe('what fails for a moment', () => {
  it.each(['EPERM', 'EBUSY', 'EACCES'])('with %s is tried again until it is done', async (code) => {
    const { done, tries } = failing(code, 5);
    expect(await done).toBe('done');
    expect(tries()).toBe(6);
  });

  it('for longer than a second is told', async () => {
    const { done, pauses } = failing('EBUSY', Infinity);
    await expect(done).rejects.toMatchObject({ code: 'EBUSY' });
    expect(pauses.reduce((sum, ms) => sum + ms, 0)).toBe(1000);
  });

  it('is not what fails for other reasons: that is told at once', async () => {
    const { done, pauses } = failing('ENOSPC', Infinity);
    await expect(done).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(pauses).toEqual([]);
  });

  it('a file is renamed and a folder removed all the same', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'botchat 耐心 '));
    await mkdir(join(folder, 'a'));
    await writeFile(join(folder, 'a', 'x'), '1');
    await renamePatiently(join(folder, 'a', 'x'), join(folder, 'a', 'y'));
    expect(await readdir(join(folder, 'a'))).toEqual(['y']);
    await removePatiently(join(folder, 'a'));
    await removePatiently(join(folder, 'never there'));
    expect(await readdir(folder)).toEqual([]);
    await rm(folder, { recursive: true });
  });
});
