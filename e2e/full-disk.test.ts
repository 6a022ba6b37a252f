import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statfsSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Client } from '../src/renderer/client.js';
import type { Input, Output, Route } from '../src/shared/contract/contract.js';
import type { TurnView } from '../src/shared/contract/turn.js';
import { toneBytes } from '../src/main/core/testing/harness.js';
import { noDisks, setUpDisk } from '../src/main/core/testing/small-disk.js';
import { openClient, startWebHost, type WebHost } from './support/web-host.js';

// R17: the disk is full, or cannot be written. The host lives, says so in words of ours, keeps nothing half-written, and
// goes on when there is room again.

const diskBytes = 4 * 1024 * 1024;
/** How much room is left, from nothing on: each step fails at another place of the work. */
const roomLeft = Array.from({ length: 10 }, (_, index) => index * 12 * 1024);

let folder: string;
let disk: string;
let takeAway: (() => void) | null = null;
let host: WebHost | null = null;

beforeEach(({ task, skip }) => {
  if (noDisks !== null) {
    Object.assign(task.meta, { skipReason: noDisks });
    skip(noDisks);
  }
  folder = mkdtempSync(join(tmpdir(), 'botchat 满 '));
  disk = join(folder, 'disk');
  takeAway = setUpDisk(disk, diskBytes);
});
afterEach(async () => {
  await host?.close();
  host = null;
  if (!takeAway) return;
  takeAway();
  rmSync(folder, { recursive: true, force: true });
});

const filler = () => join(disk, 'filler');
/** Leaves room for so many bytes only. */
function fill(bytesLeft: number): void {
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(filler(), Buffer.alloc(Math.max(0, bavail * bsize - bytesLeft)));
}

async function start(): Promise<Client> {
  host = await startWebHost(join(disk, 'data'));
  return openClient(host);
}

/** Asks, and answers the code where it failed: never a defect. */
async function ask<R extends Route>(client: Client, route: R, input: Input<R>): Promise<Output<R> | string> {
  const result = await client.request(route, input);
  if (result.ok) return result.value;
  expect(result.error.code, `${route}: ${result.error.detail ?? ''}`).toMatch(/^(profile\/disk-full|take\/|voice\/)/);
  return result.error.code;
}

/** Types a line and waits until its turn is over. */
async function type(client: Client, topicId: string, text: string): Promise<TurnView | string> {
  const ends = new Set<string>();
  let told: () => void = () => undefined;
  const stop = client.on('turn.speechEnd', ({ turnId }) => {
    ends.add(turnId);
    told();
  });
  try {
    const turn = await ask(client, 'turn.type', { topicId, text });
    if (typeof turn === 'string') return turn;
    while (!ends.has(turn.id)) await new Promise<void>((next) => (told = next));
    return (await pageOf(client, topicId)).turns.find(({ id }) => id === turn.id) ?? 'gone';
  } finally {
    stop();
  }
}

async function pageOf(client: Client, topicId: string): Promise<Output<'topic.open'>> {
  const page = await ask(client, 'topic.open', { topicId, beforeTurnId: null });
  if (typeof page === 'string') throw new Error(page);
  return page;
}

async function record(client: Client, topicId: string): Promise<void> {
  const take = await ask(client, 'take.start', { topicId });
  if (typeof take === 'string') return;
  for (let sequence = 0; sequence < 10; sequence += 1)
    await ask(client, 'take.append', { takeId: take.id, sequence, pcm: toneBytes(0.1) });
  await ask(client, 'take.finish', { takeId: take.id });
}

const files = () => readdirSync(disk, { recursive: true, encoding: 'utf8' });

describe('a full disk', () => {
  it('ends nothing, is told in words, leaves nothing half-written, and is forgotten when there is room', async () => {
    const client = await start();
    const topic = await ask(client, 'topic.create', { sceneId: null, theme: 'Full' });
    if (typeof topic === 'string') throw new Error(topic);
    const failed = new Set<string>();
    for (const left of roomLeft) {
      fill(left);
      for (let count = 0; count < 3; count += 1) {
        const turn = await type(client, topic.id, `Hello ${String(left)} ${String(count)}`);
        // Answered, or not begun, or over for a reason: nothing goes on for ever.
        if (typeof turn === 'string') failed.add(turn);
        else {
          expect(['complete', 'failed']).toContain(turn.response.state);
          if (turn.response.error) failed.add(turn.response.error.code);
        }
        await record(client, topic.id);
        await ask(client, 'settings.update', { textScalePercent: 125 });
        await ask(client, 'topic.rename', { topicId: topic.id, theme: 'x'.repeat(60) });
      }
      expect([host?.process.exitCode, host?.process.signalCode]).toEqual([null, null]);
      truncateSync(filler(), 0);
      const after = await type(client, topic.id, 'There is room again.');
      expect(after).toMatchObject({ response: { state: 'complete', error: null } });
    }
    expect([...failed]).toEqual(['profile/disk-full']);

    // What had failed can be asked again, in the same run.
    for (const { id, response } of (await pageOf(client, topic.id)).turns) {
      if (response.state === 'failed') await ask(client, 'turn.retry', { turnId: id });
    }
    const { turns } = await pageOf(client, topic.id);
    expect(await host?.close()).toBe(0);
    expect(files().filter((file) => file.endsWith('.part'))).toEqual([]);
    const again = await start();
    const page = await pageOf(again, topic.id);
    expect(page.turns.map(({ id }) => id)).toEqual(turns.map(({ id }) => id));
    expect(page.turns.filter(({ response }) => response.state === 'pending')).toEqual([]);
  });

  it('under the log alone costs its lines, and nothing else', async () => {
    mkdirSync(join(disk, 'data/logs'), { recursive: true });
    symlinkSync('/dev/full', join(disk, 'data/logs/botchat.log'));
    const client = await start();
    const topic = await ask(client, 'topic.create', { sceneId: null, theme: 'Log' });
    if (typeof topic === 'string') throw new Error(topic);
    // Each is a line in the log.
    for (let count = 0; count < 50; count += 1)
      expect((await client.request('turn.retry', { turnId: topic.id })).ok).toBe(false);
    expect(await type(client, topic.id, 'Hello.')).toMatchObject({ response: { state: 'complete' } });
    expect(await host?.close()).toBe(0);
  });

  it('at the start is told in words', async () => {
    fill(0);
    await expect(startWebHost(join(disk, 'data'))).rejects.toThrow(/ended \(1\).*The disk is full.*Free some space/s);
    truncateSync(filler(), 0);
    await start();
  });

  it('that cannot be written at all is told in words', async () => {
    await start();
    expect(await host?.close()).toBe(0);
    execFileSync('mount', ['-o', 'remount,ro', disk]);
    await expect(startWebHost(join(disk, 'data'))).rejects.toThrow(/ended \(1\).*cannot write to/s);
  });
});
