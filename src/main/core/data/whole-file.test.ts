import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeWholeFile } from './whole-file.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), '整个 file '));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a file that is written whole', () => {
  it('is there with what it holds, in a folder that is made for it, and nothing beside it', async () => {
    const path = join(folder, 'a', 'b', 'known.json');
    await writeWholeFile(path, '{"a":1}');
    await writeWholeFile(path, '{}');
    expect(await readFile(path, 'utf8')).toBe('{}');
    expect(await readdir(join(folder, 'a', 'b'))).toEqual(['known.json']);
  });

  it('leaves what was there where it cannot be replaced, says why, and leaves nothing half-written', async () => {
    await mkdir(join(folder, 'known.json', 'in the way'), { recursive: true });
    await expect(writeWholeFile(join(folder, 'known.json'), 'new')).rejects.toThrow(/EISDIR|EPERM/);
    expect(await readdir(folder)).toEqual(['known.json']);
    await writeWholeFile(join(folder, 'file'), 'old');
    await expect(writeWholeFile(join(folder, 'file', 'below'), 'new')).rejects.toMatchObject({
      code: 'profile/unwritable',
    });
    expect(await readFile(join(folder, 'file'), 'utf8')).toBe('old');
  });
});
