import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { openDatabase } from '../../src/main/core/data/database.js';

const schemaVersion = readdirSync('src/main/core/data/migrations').length;
const trials = process.env.BOTCHAT_FULL ? 50 : 10;

it(`R23: killed ${String(trials)} times while it makes its profile, the app finds the old schema or the new one`, async () => {
  const host = resolve('out/main/web.js');
  if (!existsSync(host)) throw new Error('build the app first: npm run build');
  const folder = await mkdtemp(join(tmpdir(), 'botchat-upgrade-'));
  let [kills, begun] = [0, 0];
  for (let trial = 0; trial < trials; trial += 1) {
    const userData = join(folder, String(trial));
    const child = spawn(process.execPath, [host, '--user-data', userData], { stdio: 'ignore' });
    const ended = new Promise((exit) => child.once('exit', exit));
    const path = join(userData, 'profiles/local/botchat.db');
    // From the moment at which the file is there on, over the few milliseconds that the migration takes.
    while (!existsSync(path) && child.exitCode === null) await delay(1);
    await delay(Math.random() * 25);
    if (child.kill('SIGKILL')) kills += 1;
    await ended;
    if (existsSync(path)) begun += 1;
    const db = await openDatabase(path);
    const { rows } = await sql<{ user_version: number }>`PRAGMA user_version`.execute(db);
    expect(rows[0]?.user_version).toBe(schemaVersion);
    expect((await sql<{ integrity_check: string }>`PRAGMA integrity_check`.execute(db)).rows[0]?.integrity_check).toBe(
      'ok',
    );
    await db.selectFrom('conversation').selectAll().execute();
    await db.destroy();
  }
  expect([kills, begun]).toEqual([trials, trials]);
  await rm(folder, { recursive: true, force: true });
});
