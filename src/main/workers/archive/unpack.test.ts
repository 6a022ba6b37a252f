import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tarGz, zip, type Packed } from '../../core/testing/archives.js';
import { unpack } from './unpack.js';

/** `voice/hello.txt` and `voice/sub/你好.txt`, by Python's tarfile and bz2. */
const bz2 =
  'QlpoOTFBWSZTWZU6wigAALl/mcmAAQBAAfeAAAQgEHpkn0BCAAACBgAISCAAkoZUDQABoA00yDQRUk0yZPU9TTIZBkANM8iquUAnOsBX3SgpK0ybWIy13TMWpRIAwCuPR53FAhQwFb78J1bNO4hNCaxk6KuBS4RBCBCDiVqPBUPtklIWAw9GYoaGlgeaW0OtHIcfjMojmXoh/F3JFOFCQlTrCKA=';
const limits = { bytes: 1_000_000, entries: 50 };
const never = new AbortController().signal;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'botchat 解压 '));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const target = () => join(folder, 'out');
async function unpacked(archive: Buffer, allowed = limits) {
  const path = join(folder, 'archive');
  writeFileSync(path, archive);
  return unpack(path, target(), allowed, never);
}
async function expectRefused(archive: Buffer, code: string, allowed = limits): Promise<void> {
  await expect(unpacked(archive, allowed)).rejects.toMatchObject({ code });
  expect(existsSync(target())).toBe(false);
}

const honest: readonly Packed[] = [
  { name: 'voice/' },
  { name: 'voice/hello.txt', content: 'hello' },
  { name: './voice/sub/你好.txt', content: '你好' },
];

describe('an archive', () => {
  it.each([
    ['tar.bz2', () => Buffer.from(bz2, 'base64')],
    ['tar.gz', () => tarGz(honest)],
    ['zip', () => zip(honest.filter(({ content }) => content !== undefined))],
  ])('of the kind %s is unpacked, and its files are told with their hashes', async (_, make) => {
    const files = await unpacked(await make());
    expect(files.map(({ path, bytes }) => [path, bytes]).sort()).toEqual([
      ['voice/hello.txt', 5],
      ['voice/sub/你好.txt', 6],
    ]);
    expect(readFileSync(join(target(), 'voice/sub/你好.txt'), 'utf8')).toBe('你好');
    expect(files.find(({ bytes }) => bytes === 5)?.sha256).toBe(createHash('sha256').update('hello').digest('hex'));
  });

  it('that is cut anywhere is damaged, and leaves nothing behind', async () => {
    const whole = await tarGz([{ name: 'a', content: Buffer.alloc(100_000, 'abcdefg') }]);
    for (const make of [whole, Buffer.from(bz2, 'base64'), zip(honest)]) {
      for (const share of [0.2, 0.5, 0.9])
        await expectRefused(make.subarray(0, Math.floor(make.length * share)), 'models/archive-damaged');
    }
  });

  it('that is none is told as such', () => expectRefused(Buffer.from('<html>'), 'models/unknown-file'));
});

describe('an archive that wishes harm is refused whole', () => {
  it.each([
    '../outside',
    'a/../../outside',
    '/etc/outside',
    'C:\\outside',
    'c:outside',
    '..\\outside',
    'a\\..\\..\\outside',
    'CON',
    'nul.txt',
    'a/trailing.',
    'a/space ',
    'a:stream',
    'new\nline',
  ])('by the name %j', async (name) => {
    await expectRefused(
      await tarGz([
        { name: 'good', content: 'x' },
        { name, content: 'x' },
      ]),
      'models/archive-unsafe',
    );
    await expectRefused(
      zip([
        { name: 'good', content: 'x' },
        { name, content: 'x' },
      ]),
      'models/archive-unsafe',
    );
  });

  it.each([
    ['a link out of it', { name: 'l', type: 'symlink', linkname: '../..' }],
    ['a link within it', { name: 'l', type: 'symlink', linkname: 'good' }],
    ['a second name of a file', { name: 'l', type: 'link', linkname: '/etc/passwd' }],
    ['a pipe', { name: 'l', type: 'fifo' }],
    ['a device', { name: 'l', type: 'character-device' }],
  ] as const)('by %s', async (_, entry) => {
    await expectRefused(await tarGz([{ name: 'good', content: 'x' }, entry]), 'models/archive-unsafe');
  });

  it('by a link in a zip', () =>
    expectRefused(zip([{ name: 'l', content: '../..', unixMode: 0o120777 }]), 'models/archive-unsafe'));

  it('by two names that are one where case does not count', async () => {
    const twice = [
      { name: 'Model', content: 'a' },
      { name: 'model', content: 'b' },
    ];
    await expectRefused(await tarGz(twice), 'models/archive-unsafe');
    await expectRefused(zip(twice), 'models/archive-unsafe');
  });

  it('by its size, and by how many files there are', async () => {
    await expectRefused(await tarGz([{ name: 'bomb', content: Buffer.alloc(1_000_001) }]), 'models/archive-unsafe');
    const many = Array.from({ length: 51 }, (_, index) => ({ name: String(index), content: 'x' }));
    await expectRefused(await tarGz(many), 'models/archive-unsafe');
    await expectRefused(zip(many), 'models/archive-unsafe');
  });

  it('or damaged, where it says another size than it has', () =>
    expectRefused(zip([{ name: 'x', content: 'long enough', size: 2 }]), 'models/archive-damaged'));
});
