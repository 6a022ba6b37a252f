import { mkdir, mkdtemp, readdir, readFile, rm, writeFile, copyFile, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backUpDaily, listBackups } from './backups.js';
import { blankTurn, insertTurn } from './conversations.js';
import { openDatabase, type Db } from './database.js';
import { backupFolder, openMendedDatabase } from './mended-database.js';
import { insertTake } from './takes.js';
import { insertTopic } from './topics.js';

const day = 24 * 60 * 60_000;
const start = Date.UTC(2026, 10, 20);
/** R16 asks for 200; a change is found with fewer. */
const trials = process.env.BOTCHAT_FULL ? 200 : 40;

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'botchat 损坏 '));
  path = join(folder, 'botchat.db');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function say(db: Db, topicId: string, id: string, text: string): Promise<void> {
  const turn = { ...blankTurn, id, topic_id: topicId, created_time: start, prompt: text, response: `Re: ${text}` };
  await db.transaction().execute((tx) => insertTurn(tx, { ...turn, response_state: 'complete' }));
}
const prompts = async (db: Db) =>
  (await db.selectFrom('conversation').select('prompt').orderBy('id').execute()).map(({ prompt }) => prompt);

/** A topic and turns, a back-up, and as many turns after it. */
async function talkFor(turns: number): Promise<void> {
  const db = await openDatabase(path);
  const topic = await db
    .transaction()
    .execute((tx) => insertTopic(tx, { userId: 'u', theme: '话题', sceneId: null }, start));
  for (let index = 0; index < turns; index += 1)
    await say(db, topic.id, `a${String(index).padStart(4, '0')}`, `before ${String(index)}`);
  await backUpDaily(db, backupFolder(folder), start);
  for (let index = 0; index < turns; index += 1)
    await say(db, topic.id, `b${String(index).padStart(4, '0')}`, `after ${String(index)}`);
  await insertTake(db, {
    id: 't',
    topic_id: topic.id,
    created_time: start,
    duration_ms: 9,
    state: 'failed',
    error: null,
  });
  await db.destroy();
}

describe('back-ups', () => {
  it('are made once a day, whole, and the last three are kept', async () => {
    const db = await openDatabase(path);
    const made: boolean[] = [];
    for (let hour = 0; hour < 6 * 24; hour += 6) {
      await insertTopic(db, { userId: 'u', theme: String(hour), sceneId: null }, 1);
      made.push(await backUpDaily(db, backupFolder(folder), start + hour * 60 * 60_000));
    }
    expect(made.filter((each) => each)).toHaveLength(6);
    expect(await readdir(backupFolder(folder))).toEqual([
      '2026-11-23T00-00-00.000Z.db',
      '2026-11-24T00-00-00.000Z.db',
      '2026-11-25T00-00-00.000Z.db',
    ]);
    await db.destroy();
    const [newest = ''] = await listBackups(backupFolder(folder));
    await copyFile(newest, join(folder, 'copy.db'));
    const copy = await openDatabase(join(folder, 'copy.db'));
    expect(await copy.selectFrom('topic').select('id').execute()).toHaveLength(21);
    await copy.destroy();
  });

  it('hold no half of a transaction that goes on', async () => {
    const db = await openDatabase(path);
    const open = Promise.withResolvers<undefined>();
    const writing = db.transaction().execute(async (tx) => {
      await insertTopic(tx, { userId: 'u', theme: 'half', sceneId: null }, 1);
      open.resolve(undefined);
      await new Promise((resolve) => setTimeout(resolve, 50));
      throw new Error('taken back');
    });
    await open.promise;
    const backingUp = backUpDaily(db, backupFolder(folder), start);
    await expect(writing).rejects.toThrow('taken back');
    await backingUp;
    await db.destroy();
    const [newest = ''] = await listBackups(backupFolder(folder));
    const copy = await openDatabase(newest);
    expect(await copy.selectFrom('topic').selectAll().execute()).toEqual([]);
    await copy.destroy();
  });

  it('leave nothing half-written where they cannot be made', async () => {
    const db = await openDatabase(path);
    await writeFile(backupFolder(folder), 'in the way');
    await expect(backUpDaily(db, backupFolder(folder), start)).rejects.toThrow();
    await rm(backupFolder(folder));
    expect(await backUpDaily(db, backupFolder(folder), start)).toBe(true);
    expect(await readdir(backupFolder(folder))).toHaveLength(1);
    await db.destroy();
  });
});

describe('a damaged database', () => {
  it('is replaced by its newest back-up and what can be read of it, and kept', async () => {
    await talkFor(200);
    const bytes = await readFile(path);
    // In the middle of what was written first.
    bytes.fill(0x5a, 5 * 4096, 9 * 4096);
    await writeFile(path, bytes);
    await mkdir(join(folder, 'takes'));
    await writeFile(join(folder, 'takes/t.wav'), 'sound');
    const { db, mended } = await openMendedDatabase(folder, start + day);
    expect(mended?.backup).toBe((await listBackups(backupFolder(folder)))[0]);
    const known = await prompts(db);
    for (let index = 0; index < 200; index += 1) expect(known).toContain(`before ${String(index)}`);
    expect(known.filter((text) => text?.startsWith('after')).length).toBeGreaterThan(0);
    await db.destroy();
    const [aside = ''] = await readdir(join(folder, 'damaged'));
    expect(await readFile(join(folder, 'damaged', aside, 'takes/t.wav'), 'utf8')).toBe('sound');
    expect(await readdir(join(folder, 'damaged', aside))).toContain('botchat.db');
    // And that was it.
    const again = await openMendedDatabase(folder, start + 2 * day);
    expect(again.mended).toBeNull();
    await again.db.destroy();
  });

  it('of which nothing can be read leaves the back-up, the next one where that is damaged, or a new beginning', async () => {
    await talkFor(20);
    const db = await openDatabase(path);
    await backUpDaily(db, backupFolder(folder), start + day);
    await db.destroy();
    const [newest = '', older = ''] = await listBackups(backupFolder(folder));
    await writeFile(newest, 'no database at all');
    await writeFile(path, Buffer.alloc(50_000, 1));
    const first = await openMendedDatabase(folder, start + day);
    expect(first.mended).toEqual({ backup: older, taken: 0, refused: 0 });
    expect(await prompts(first.db)).toHaveLength(20);
    await first.db.destroy();

    await rm(backupFolder(folder), { recursive: true });
    await writeFile(path, Buffer.alloc(50_000, 1));
    const second = await openMendedDatabase(folder, start + 2 * day);
    expect(second.mended?.backup).toBeNull();
    expect(await prompts(second.db)).toEqual([]);
    await second.db.destroy();
  });

  it('that was mended when the app ended takes its place at the next start', async () => {
    await talkFor(5);
    await rename(path, join(folder, 'botchat.mended.db'));
    await writeFile(path, Buffer.alloc(50_000, 1));
    const { db, mended } = await openMendedDatabase(folder, start + day);
    expect(mended).toBeNull();
    expect(await prompts(db)).toHaveLength(10);
    await db.destroy();
  });

  it(`${String(trials)} times over, in any place, opens with all that the back-up had, and its unsent changes where they can be read`, async () => {
    await talkFor(60);
    const whole = await readFile(path);
    // Mulberry32: the same damage each time.
    let seed = 20_261_126;
    const random = () => {
      seed = (seed + 0x6d2b79f5) | 0;
      let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
    };
    let noticed = 0;
    let unsent = 0;
    for (let trial = 0; trial < trials; trial += 1) {
      const bytes = Buffer.from(whole);
      const at = Math.floor(random() * bytes.length);
      const length = Math.min(bytes.length - at, 1 + Math.floor(random() * 8192));
      for (let index = at; index < at + length; index += 1) bytes[index] = Math.floor(random() * 256);
      await writeFile(path, trial % 4 === 0 ? bytes.subarray(0, at) : bytes);
      const { db, mended } = await openMendedDatabase(folder, start + day + trial);
      if (mended) noticed += 1;
      const known = new Set(await prompts(db));
      if (mended) {
        for (let index = 0; index < 60; index += 1) expect(known, String(trial)).toContain(`before ${String(index)}`);
        unsent += (await db.selectFrom('outbox').select('op_id').where('record_id', 'like', 'b%').execute()).length;
      }
      await db.destroy();
    }
    expect(noticed).toBeGreaterThan(trials / 2);
    // Of 60 changes that only the damaged file held, in each of them.
    expect(unsent).toBeGreaterThan(noticed * 10);
  });
});
