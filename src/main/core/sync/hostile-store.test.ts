import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatHlc } from '../data/hlc.js';
import { readSyncState, writeSyncState } from '../data/sync-state.js';
import { Machine } from '../testing/machine.js';
import { createMemoryAccountStore, type MemoryAccountStore } from '../testing/memory-account-store.js';
import type { RemoteRecord } from './account-store.js';

let folder: string;
let store: MemoryAccountStore;
let machine: Machine;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'botchat-hostile-'));
  store = createMemoryAccountStore();
  machine = await Machine.create(folder, 'a', { store, token: Buffer.alloc(32, 1) });
});
afterEach(async () => {
  await machine.close();
  await rm(folder, { recursive: true, force: true });
});

const clock = formatHlc({ ms: Date.now(), counter: 0, node: 'b'.repeat(16) });
const topic = (fields: RemoteRecord['fields'], change: Partial<RemoteRecord> = {}): Omit<RemoteRecord, 'seq'> => ({
  kind: 'topic',
  id: crypto.randomUUID(),
  parent: null,
  fields,
  clocks: Object.fromEntries(Object.keys(fields).map((name) => [name, clock])),
  deleted: null,
  ...change,
});

const future = 'ffffffffffff-ffff-ffffffffffffffff';

describe('a store that means harm', () => {
  it.each<[string, Omit<RemoteRecord, 'seq'>]>([
    ['a clock beyond all time', topic({ theme: 'x' }, { clocks: { theme: future } })],
    [
      'a clock of next year',
      topic(
        { theme: 'x' },
        { clocks: { theme: formatHlc({ ms: Date.now() + 3e10, counter: 0, node: 'c'.repeat(16) }) } },
      ),
    ],
    ['a deletion beyond all time', topic({}, { deleted: future })],
    ['no clock', topic({ theme: 'x' }, { clocks: { theme: 'soon' } })],
    ['an id that is a path', topic({ theme: 'x' }, { id: '../../x' })],
    ['an id that nobody can ask for', topic({ theme: 'x' }, { id: 'local' })],
    ['a kind that is none', topic({ theme: 'x' }, { kind: 'Topic!' })],
    ['more than a record holds', topic({ theme: 'x', more: 'y'.repeat(1_000_001) })],
    ['a hundred fields', topic(Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`f${String(n)}`, n])))],
    ['a field that is no name', topic({ '__proto__ x': 1, theme: 'x' })],
  ])('sends %s: it is set aside and counted, and the rest goes on', async (_, bad) => {
    store.put(topic({ theme: 'before' }));
    store.put(bad);
    store.put(topic({ theme: 'after' }));
    await machine.sync.syncNow();
    expect(machine.sync.view).toMatchObject({ state: 'synced', setAside: 1, error: null });
    expect(await machine.topics()).toEqual(['after', 'before']);
    // What is written after that still goes out.
    await machine.addTopic('mine');
    await machine.sync.syncNow();
    expect(store.dump().map(({ fields }) => fields.theme)).toContain('mine');
    // Sent again as it should be, it is counted no more.
    if (/^[0-9a-f-]{36}$/.test(bad.id) && bad.kind === 'topic') {
      store.put(topic({ theme: 'mended' }, { id: bad.id }));
      await machine.sync.syncNow();
      expect(machine.sync.view.setAside).toBe(0);
      expect(await machine.topics()).toContain('mended');
    }
  });

  it.each([
    ['a time that no calendar has', 'used_time', -9e15],
    ['a time that is a fraction', 'created_time', 0.5],
    ['a theme that is a number', 'theme', 5],
    ['a theme that fills the screen for ever', 'theme', 'x'.repeat(600_000)],
  ])('sends %s: it is kept as it came, and not shown', async (_, name, value) => {
    store.put(topic({ context: 'x', [name]: value }));
    await machine.sync.syncNow();
    const row = await machine.db.selectFrom('topic').selectAll().executeTakeFirstOrThrow();
    expect(row[name as 'theme']).not.toEqual(value);
    expect(JSON.parse(row.extra)).toHaveProperty(name);
    expect(machine.sync.view.state).toBe('synced');
  });

  it('sends rows that are no records: they are counted, and the cursor goes past them', async () => {
    store.put(topic({ theme: 'good' }));
    store.fault.afterPull = (answer) => ({
      ...answer,
      unreadable: answer.records.length > 0 ? [{ kind: 'topic', id: 'x' }] : [],
    });
    await machine.sync.syncNow();
    expect(machine.sync.view).toMatchObject({ state: 'synced', setAside: 1 });
  });

  it.each<[string, (pull: number) => Partial<{ cursor: number; seq: number; count: number }>]>([
    ['a counter that stands still', () => ({ cursor: 0, seq: 5, count: 1 })],
    ['a counter that goes back', (pull) => ({ cursor: 10 - pull, seq: 50, count: 1 })],
    ['a cursor beyond the counter', () => ({ cursor: 9, seq: 5, count: 1 })],
    ['a page of 1001', () => ({ cursor: 1001, seq: 5000, count: 1001 })],
  ])('sends %s: one page is read, and no more', async (_, page) => {
    let pulls = 0;
    store.fault.afterPull = (answer) => {
      pulls += 1;
      const { count = 0, cursor = 0, seq = 0 } = page(pulls);
      const records = Array.from({ length: count }, (_, n) => ({ ...topic({ theme: String(n) }), seq: n }));
      return { ...answer, cursor, seq, records };
    };
    await machine.sync.syncNow();
    expect(machine.sync.view).toMatchObject({ state: 'offline', error: { code: 'account/store-failed' } });
    expect(pulls).toBeLessThan(4);
  });

  it('flips its epoch: once is a restored store, twice is told and left alone', async () => {
    await machine.addTopic('mine');
    await machine.sync.syncNow();
    let pulls = 0;
    store.fault.afterPull = (answer) => {
      pulls += 1;
      return { ...answer, epoch: crypto.randomUUID(), records: [], cursor: 0 };
    };
    await machine.sync.syncNow();
    expect(machine.sync.view).toMatchObject({ state: 'offline', error: { code: 'account/store-unsteady' } });
    expect(pulls).toBeLessThan(5);
    expect(await machine.topics()).toEqual(['mine']);
  });

  it('gives a change a clock beyond all time: it is not taken over', async () => {
    const { id } = await machine.addTopic('mine');
    store.fault.afterPush = (answer) => ({
      ...answer,
      results: answer.results.map((result) => (result.state === 'rejected' ? result : { ...result, clock: future })),
    });
    await machine.sync.syncNow();
    expect(machine.sync.view).toMatchObject({ state: 'offline', error: { code: 'account/store-failed' } });
    const row = await machine.db.selectFrom('topic').select('clocks').where('id', '=', id).executeTakeFirstOrThrow();
    expect(row.clocks).not.toContain(future);
  });

  it('had its clock believed by an app of before: what is written now is stamped all the same', async () => {
    await writeSyncState(machine.db, 'clock', future);
    const { id } = await machine.addTopic('now');
    expect(Number.parseInt((await readSyncState(machine.db, 'clock'))?.slice(0, 12) ?? '', 16)).toBeLessThan(
      Date.now() + 1000,
    );
    await machine.rename(id, 'later');
    await machine.sync.syncNow();
    expect(store.dump().map(({ fields }) => fields.theme)).toEqual(['later']);
  });
});

it('an account that was full takes what waited, once it has room', async () => {
  store.refuses = () => true;
  store.fault.afterPush = (answer) => ({
    ...answer,
    results: answer.results.map(({ opId, state }) =>
      state === 'rejected' ? { opId, state, code: 'sync/full' as const } : { opId, state, clock: null },
    ),
  });
  await machine.addTopic('waits');
  await machine.sync.syncNow();
  expect(machine.sync.view).toMatchObject({ refused: 1, pending: 0 });
  store.refuses = () => false;
  machine.skewMs = 11 * 60_000;
  await machine.sync.syncNow();
  expect(machine.sync.view).toMatchObject({ refused: 0, pending: 0, state: 'synced' });
  expect(store.dump()).toHaveLength(1);
});
