import fc from 'fast-check';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listTurns, updateTurn } from '../data/conversations.js';
import { listTopics } from '../data/topics.js';
import { Machine } from '../testing/machine.js';
import { createMemoryAccountStore, type MemoryAccountStore } from '../testing/memory-account-store.js';
import { AccountError } from './account-errors.js';

const minute = 60_000;
const year = 365 * 24 * 60 * minute;

let folder: string;
let store: MemoryAccountStore;
const open: Machine[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'botchat-sync-'));
  store = createMemoryAccountStore();
});

afterEach(async () => {
  for (const machine of open.splice(0)) await machine.close();
  await rm(folder, { recursive: true, force: true });
});

async function machine(name: string): Promise<Machine> {
  const made = await Machine.create(folder, name, { store, token: Buffer.alloc(32) });
  open.push(made);
  return made;
}

async function settle(...machines: readonly Machine[]): Promise<void> {
  for (let round = 0; round < 2; round += 1) for (const machine of machines) await machine.sync.syncNow();
}

describe('two machines', () => {
  it('show the same: what one adds comes to the other, once', async () => {
    const [a, b] = [await machine('a'), await machine('b')];
    const topic = await a.addTopic('旅行 🎒');
    const turn = await a.say(topic.id, 'Hello 你好 \u{1F600}');
    await settle(a, b);
    await b.mark(turn, 'english');
    await settle(b, a);
    expect(await b.dump()).toEqual(await a.dump());
    const [seen] = await listTurns(a.db, topic.id, { beforeId: null, limit: 9 });
    expect(seen).toMatchObject({ prompt: 'Hello 你好 \u{1F600}', rung: 'english' });
    expect(a.sync.view).toMatchObject({ state: 'synced', pending: 0, error: null });
  });

  it('that change the same topic while cut off agree, field by field, on the later change', async () => {
    const [a, b] = [await machine('a'), await machine('b')];
    const topic = await a.addTopic('Old');
    await settle(a, b);
    await a.rename(topic.id, 'By A');
    await b.say(topic.id, 'From B');
    await new Promise((resolve) => setTimeout(resolve, 3));
    await b.rename(topic.id, 'By B, later');
    await settle(a, b, a);
    expect(await a.topics()).toEqual(['By B, later']);
    expect(await b.dump()).toEqual(await a.dump());
  });

  it('a deleted topic stays deleted, whatever the other did to it meanwhile', async () => {
    const [a, b] = [await machine('a'), await machine('b')];
    const topic = await a.addTopic('Gone');
    await a.say(topic.id, 'Hello');
    await settle(a, b);
    await a.remove(topic.id);
    await b.rename(topic.id, 'Edited later');
    await b.say(topic.id, 'And talked in');
    await settle(b, a, b);
    expect(await a.topics()).toEqual([]);
    expect(await b.topics()).toEqual([]);
    expect(await b.db.selectFrom('conversation').selectAll().execute()).toEqual([]);
    expect(JSON.stringify(store.dump())).not.toMatch(/Hello|Edited|talked/);
  });

  it('a turn that is being answered is not sent half', async () => {
    const [a, b] = [await machine('a'), await machine('b')];
    const topic = await a.addTopic('T');
    const turn = await a.say(topic.id, 'Hello');
    await a.db
      .transaction()
      .execute((tx) => updateTurn(tx, turn, { response: null, response_state: 'pending' }, a.now()));
    await settle(a, b);
    expect(await listTurns(b.db, topic.id, { beforeId: null, limit: 9 })).toEqual([]);
    expect(a.sync.view).toMatchObject({ state: 'pending', pending: 2 });
    await a.db
      .transaction()
      .execute((tx) => updateTurn(tx, turn, { response: 'Hi', response_state: 'complete' }, a.now()));
    await settle(a, b);
    expect(await b.dump()).toEqual(await a.dump());
  });

  it('do not exchange which sound files they have', async () => {
    const [a, b] = [await machine('a'), await machine('b')];
    const topic = await a.addTopic('T');
    const turn = await a.say(topic.id, 'Hello');
    await settle(a, b);
    await a.db.transaction().execute((tx) => updateTurn(tx, turn, { response_clip: 'abc' }, a.now()));
    expect(await a.db.selectFrom('outbox').selectAll().execute()).toEqual([]);
    expect(JSON.stringify(store.dump())).not.toContain('clip');
  });
});

// R2: the given seeds and operations fit into the everyday run at this size; `npm run test:full` multiplies them.
const seeds = Number(process.env.SYNC_SEEDS ?? 40);
const operations = Number(process.env.SYNC_OPERATIONS ?? 120);

type Step =
  | { readonly kind: 'add' | 'rename' | 'say' | 'mark' | 'remove'; readonly on: 0 | 1; readonly pick: number }
  | { readonly kind: 'sync'; readonly on: 0 | 1 }
  | { readonly kind: 'skew'; readonly on: 0 | 1; readonly ms: number };

const step = (maxSkewMs: number): fc.Arbitrary<Step> => {
  const on = fc.constantFrom(0 as const, 1 as const);
  const change = (kind: 'add' | 'rename' | 'say' | 'mark' | 'remove', weight: number) => ({
    weight,
    arbitrary: fc.record({ kind: fc.constant(kind), on, pick: fc.nat() }),
  });
  return fc.oneof(
    change('add', 3),
    change('rename', 4),
    change('say', 6),
    change('mark', 4),
    change('remove', 1),
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('sync' as const), on }) },
    {
      weight: maxSkewMs > 0 ? 1 : 0,
      arbitrary: fc.record({
        kind: fc.constant('skew' as const),
        on,
        ms: fc.integer({ min: -maxSkewMs, max: maxSkewMs }),
      }),
    },
  );
};

async function perform(machine: Machine, each: Step, index: number): Promise<void> {
  if (each.kind === 'sync') return machine.sync.syncNow();
  if (each.kind === 'skew') {
    machine.skewMs = each.ms;
    return;
  }
  if (each.kind === 'add') {
    await machine.addTopic(`Topic ${String(index)}`);
    return;
  }
  const topics = await machine.db
    .selectFrom('topic')
    .select('id')
    .where('deleted_time', 'is', null)
    .orderBy('id')
    .execute();
  const topic = topics[each.pick % topics.length];
  if (!topic) return;
  if (each.kind === 'rename') return machine.rename(topic.id, `Name ${String(index)}`);
  if (each.kind === 'say') {
    await machine.say(topic.id, `Line ${String(index)}`);
    return;
  }
  if (each.kind === 'remove') {
    await machine.remove(topic.id);
    return;
  }
  const turns = await machine.db.selectFrom('conversation').select(['id', 'topic_id']).orderBy('id').execute();
  const turn = turns[each.pick % turns.length];
  if (turn) await machine.mark(turn, (['audio', 'slow', 'english'] as const)[each.pick % 3] ?? 'audio');
}

/** Runs a random history on two machines, and expects them and the store to agree when it is quiet. */
async function converge(steps: readonly Step[], run: number): Promise<void> {
  store = createMemoryAccountStore();
  const machines = [await machine(`a${String(run)}`), await machine(`b${String(run)}`)] as const;
  inject?.();
  for (const [index, each] of steps.entries()) await perform(machines[each.on], each, index);
  inject = null;
  store.fault = {};
  await settle(...machines);
  const [a, b] = [await machines[0].dump(), await machines[1].dump()];
  expect(b).toEqual(a);
  for (const machine of machines) expect(machine.sync.view).toMatchObject({ state: 'synced', pending: 0, refused: 0 });
  const alive = store.dump().filter(({ kind, deleted }) => kind === 'topic' && deleted === null);
  expect(alive.map(({ fields }) => fields.theme).sort()).toEqual(await machines[0].topics());
  for (const machine of open.splice(0)) await machine.close();
}

let inject: (() => void) | null = null;
let run = 0;

describe('random histories', () => {
  it(`R2: ${String(seeds)} of ${String(operations)} operations, on and offline, end the same on both machines and the store`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step(0), { minLength: operations, maxLength: operations }), (steps) =>
        converge(steps, run++),
      ),
      { numRuns: seeds },
    );
  });

  it('R5: batches sent twice, reordered and split, answers lost: the same state', async () => {
    let faults = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(step(0), { minLength: 60, maxLength: 60 }),
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        (steps, dice) => {
          const roll = () => Number(dice.next().value);
          inject = () => {
            store.fault.beforePush = (given) => {
              const dealt = [...given, ...given.filter(() => roll() < 0.3)];
              faults += dealt.length - given.length;
              if (roll() < 0.3) faults += 1;
              return roll() < 0.3 ? dealt.reverse() : dealt;
            };
            store.fault.afterPush = (answer) => {
              if (roll() > 0.3) return answer;
              faults += 1;
              throw new AccountError('account/unreachable', 'cut after COMMIT');
            };
            store.fault.afterPull = (answer) => {
              if (roll() > 0.3) return answer;
              faults += 1;
              throw new AccountError('account/unreachable', 'cut while fetching');
            };
          };
          return converge(steps, run++);
        },
      ),
      { numRuns: seeds },
    );
    expect(faults).toBeGreaterThan(seeds);
  });

  it('R8: clocks a year off, and jumping: converge', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step(year), { minLength: 60, maxLength: 60 }), (steps) => converge(steps, run++)),
      { numRuns: seeds },
    );
  });
});

describe('a clock that is far ahead', () => {
  it('keeps the order of what its machine wrote while it was only a little ahead', async () => {
    const [a, b] = [await machine('a'), await machine('b')];
    a.skewMs = 2000;
    const topic = await a.addTopic('First');
    await settle(a, b);
    a.skewMs = year;
    await a.rename(topic.id, 'Second');
    await settle(a, b);
    expect(await b.topics()).toEqual(['Second']);
    expect(await b.dump()).toEqual(await a.dump());
  });

  it('does not win for ever', async () => {
    const [a, b] = [await machine('a'), await machine('b')];
    a.skewMs = year;
    const topic = await a.addTopic('From next year');
    await settle(a, b);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await b.rename(topic.id, 'From today');
    await settle(b, a);
    expect(await a.topics()).toEqual(['From today']);
    expect(await b.topics()).toEqual(['From today']);
  });
});

describe('a store', () => {
  it('that was restored from a backup gets back what it lost, without doubles', async () => {
    const [a, b] = [await machine('a'), await machine('b')];
    const kept = await a.addTopic('Before the backup');
    await settle(a, b);
    const restore = store.backUp();
    await a.rename(kept.id, 'Renamed after it');
    const lost = await b.addTopic('Only after it');
    await b.say(lost.id, 'Hello');
    const gone = await a.addTopic('Deleted after it');
    await settle(a, b);
    await b.remove(gone.id);
    await settle(a, b);
    const before = await a.dump();
    restore();
    await settle(a, b, a);
    await settle(a, b);
    expect(await a.dump()).toEqual(before);
    expect(await b.dump()).toEqual(before);
    expect(store.dump().filter(({ deleted }) => deleted === null)).toHaveLength(3);
  });

  it('that refuses one change gets all the others, and the refused one is not lost', async () => {
    const a = await machine('a');
    store.refuses = (operation) => 'fields' in operation && operation.fields.theme === 'Poison';
    await a.addTopic('Good');
    await a.addTopic('Poison');
    await a.addTopic('Fine');
    await settle(a);
    expect(a.sync.view).toMatchObject({ state: 'synced', pending: 0, refused: 1 });
    expect(
      store
        .dump()
        .map(({ fields }) => fields.theme)
        .sort(),
    ).toEqual(['Fine', 'Good']);
    expect(await a.topics()).toEqual(['Fine', 'Good', 'Poison']);
  });

  it('with records of a newer app keeps them whole on an older one', async () => {
    const a = await machine('a');
    const clock = '000000000001-0000-00000000000000aa';
    store.put({
      kind: 'song',
      id: 's1',
      parent: null,
      fields: { la: [1, { do: 2 }] },
      clocks: { la: clock },
      deleted: null,
    });
    store.put({
      kind: 'topic',
      id: crypto.randomUUID(),
      parent: null,
      fields: { theme: 'Known', colour: 'teal', scene_id: 'on-the-moon' },
      clocks: { theme: clock, colour: clock, scene_id: clock },
      deleted: null,
    });
    const before = store.dump();
    const restore = store.backUp();
    await settle(a);
    expect(await a.topics()).toEqual(['Known']);
    const [topic] = await listTopics(a.db);
    expect(topic).toMatchObject({ scene_id: null });
    expect(JSON.parse(topic?.extra ?? '')).toEqual({ colour: 'teal', scene_id: 'on-the-moon' });
    expect(await a.db.selectFrom('foreign_record').select(['kind', 'id']).execute()).toEqual([
      { kind: 'song', id: 's1' },
    ]);
    // And nothing of it is spoiled by sending everything again.
    restore();
    await settle(a);
    expect(store.dump()).toEqual(before);
  });

  it('that is out of reach is a state, and is tried again by itself', async () => {
    const a = await machine('a');
    await a.addTopic('Waiting');
    store.fault.beforePush = () => {
      throw new AccountError('account/unreachable', 'ECONNREFUSED');
    };
    await a.sync.syncNow();
    expect(a.sync.view).toMatchObject({ state: 'offline', pending: 1, error: { code: 'account/unreachable' } });
    store.fault = {};
    await expect.poll(() => a.sync.view.state).toBe('synced');
    expect(store.dump()).toHaveLength(1);
  });

  it('that ended the session is asked no more, and nothing is lost', async () => {
    const a = await machine('a');
    await a.addTopic('Mine');
    store.fault.beforePush = () => {
      throw new AccountError('account/session-ended');
    };
    await a.sync.syncNow();
    expect(a.sync.view).toMatchObject({ state: 'signed-out', pending: 1 });
    const { push } = store.calls;
    a.sync.nudge();
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect(store.calls.push).toBe(push);
    expect(await a.topics()).toEqual(['Mine']);
  });

  it('hears of a change soon after it, and of many in one go', async () => {
    const a = await machine('a');
    await a.sync.start();
    await expect.poll(() => a.sync.view.state).toBe('synced');
    const { push } = store.calls;
    for (let index = 0; index < 20; index += 1) {
      await a.addTopic(`T${String(index)}`);
      a.sync.nudge();
    }
    await expect.poll(() => store.dump().length).toBe(20);
    expect(store.calls.push - push).toBeLessThanOrEqual(2);
  });

  it('is asked for nothing when nothing was changed but what only this machine knows', async () => {
    const a = await machine('a');
    await settle(a);
    const { pull } = store.calls;
    a.sync.nudge();
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect(store.calls.pull).toBe(pull);
  });
});
