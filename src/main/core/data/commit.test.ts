import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createCommit } from './commit.js';
import { openDatabase } from './database.js';
import { insertTopic, listTopics } from './topics.js';

it('asks for the outbox to be sent once the rows are there, and not where they were taken back', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'botchat-commit-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const db = await openDatabase(join(folder, 'botchat.db'));
  onTestFinished(() => db.destroy());
  const seen: Promise<number>[] = [];
  const commit = createCommit(db, () => {
    seen.push(listTopics(db).then((topics) => topics.length));
  });

  await commit((tx) => insertTopic(tx, { userId: 'local', theme: 'tea', sceneId: null }, 1));
  expect(await Promise.all(seen)).toEqual([1]);

  const failed = commit(async (tx) => {
    await insertTopic(tx, { userId: 'local', theme: 'coffee', sceneId: null }, 2);
    throw new Error('the disk is full');
  });
  await expect(failed).rejects.toThrow('the disk is full');
  expect(seen).toHaveLength(1);
});
