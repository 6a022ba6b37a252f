import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import type { Json, Operation } from '../../src/main/core/sync/account-store.js';
import { splitIntoBatches } from '../../src/main/core/sync/push-batches.js';
import {
  always,
  clockAt,
  makeNode,
  pullAll,
  pullOne,
  push,
  registerLearner,
  remove,
  set,
  signInAgain,
  storeOf,
  type Learner,
} from './learner.js';
import { firstRow, onEachServer } from './test-server.js';

const minute = 60_000;

onEachServer('records', (server) => {
  let learner: Learner;
  beforeAll(async () => {
    learner = await registerLearner(storeOf(server()));
  });

  it('gives back what was pushed, as it was', async () => {
    const fields: Record<string, Json> = {
      theme: '在咖啡馆 ☕ "quotes" \\ back\\slash \n\t\u0000 😀 𠮷 \u2028',
      context: '',
      empty: null,
      yes: true,
      no: false,
      zero: 0,
      negative: -1.5,
      large: 1_764_000_000_123,
      tiny: 1e-7,
      list: [1, 'two', null, { three: [] }],
      object: { 'any key': { $: "it's" }, '': 1 },
      null_text: 'null',
      number_text: '12',
    };
    const operation = set(learner, fields);
    const [first] = (await push(learner, operation)).results;
    expect(first).toEqual({ opId: operation.opId, state: 'applied', clock: null });
    const record = await pullOne(learner, operation.id);
    expect(record?.fields).toEqual(fields);
    expect(record?.clocks).toEqual(Object.fromEntries(Object.keys(fields).map((name) => [name, operation.clock])));
    // And again field by field, through the merge.
    const second = set(learner, fields, { id: operation.id, clock: clockAt(Date.now() + 1000, learner.node) });
    await push(learner, second);
    expect((await pullOne(learner, operation.id))?.fields).toEqual(fields);
    const topic = await firstRow(server().admin, 'SELECT theme, user_id FROM topic WHERE id = ?', [operation.id]);
    expect(topic.theme).toBe(fields.theme);
    expect(topic.user_id).toBe(learner.accountId);
  });

  it('can be read by the person who runs the server under the names of old', async () => {
    const topic = set(learner, { theme: 'Travel', context: 'so far', created_time: 1_764_000_000_123 });
    const turn = set(
      learner,
      { topic_id: topic.id, created_time: 1_764_000_001_000, prompt: 'Hello', response: null },
      { kind: 'conversation', parent: { kind: 'topic', id: topic.id } },
    );
    await push(learner, topic, turn);
    const sql = `SELECT theme, context, topic.username, CAST(topic.created_time AS CHAR) AS at, prompt, response
      FROM topic JOIN conversation ON topic_id = topic.id WHERE topic.id = ?`;
    expect(await firstRow(server().admin, sql, [topic.id])).toMatchObject({
      theme: 'Travel',
      context: 'so far',
      username: learner.name,
      at: expect.stringMatching(/^2025-11-24 16:00:00\.123/),
      prompt: 'Hello',
      response: null,
    });
  });

  it('keeps the later clock of each field, in whatever order they come', async () => {
    const now = Date.now();
    const nodes = [makeNode(), makeNode()];
    const writes = Array.from({ length: 12 }, (_, index) => ({
      name: ['theme', 'context', 'note'][index % 3]!,
      value: `value ${String(index)}`,
      clock: clockAt(now - 1000 + ((index * 7) % 12) * 10, nodes[index % 2]!),
    }));
    const latest = Object.fromEntries(
      [...writes].sort((a, b) => (a.clock < b.clock ? -1 : 1)).map(({ name, value }) => [name, value]),
    );
    for (let trial = 0; trial < 20; trial += 1) {
      const id = randomUUID();
      const shuffled = [...writes].sort(() => Math.random() - 0.5);
      await push(learner, ...shuffled.map(({ name, value, clock }) => set(learner, { [name]: value }, { id, clock })));
      expect((await pullOne(learner, id))?.fields).toEqual(latest);
    }
  });

  it('applies an operation once, however often it is sent', async () => {
    const operation = set(learner, { theme: 'first' });
    const { seq } = await push(learner, operation);
    await push(
      learner,
      set(learner, { theme: 'second' }, { id: operation.id, clock: clockAt(Date.now() + 2000, learner.node) }),
    );
    const again = await push(learner, operation, operation);
    expect(again.results.map(({ state }) => state)).toEqual(['already', 'already']);
    expect(again.seq).toBe(seq + 1);
    expect((await pullOne(learner, operation.id))?.fields).toEqual({ theme: 'second' });
  });

  it('lets a deletion win, over what comes before and after, and over what belongs to it', async () => {
    const topic = set(learner, { theme: 'secret theme' });
    const turn = set(learner, { prompt: 'secret prompt' }, { kind: 'conversation', parent: topic });
    await push(learner, topic, turn);
    const deletion = remove(learner, { id: topic.id, clock: clockAt(Date.now() - minute, learner.node) });
    const late = set(learner, { theme: 'back' }, { id: topic.id, clock: clockAt(Date.now() + minute, learner.node) });
    const lateTurn = set(learner, { prompt: 'said offline' }, { kind: 'conversation', parent: topic });
    const { results } = await push(learner, deletion, remove(learner, { id: topic.id }), late, lateTurn);
    expect(results.map(({ state }) => state)).toEqual(['applied', 'applied', 'applied', 'applied']);
    const records = await pullAll(learner);
    for (const { id } of [topic, turn, lateTurn]) {
      expect(records.find((record) => record.id === id)).toMatchObject({ fields: {}, deleted: expect.any(String) });
    }
    const { n } = await firstRow(
      server().admin,
      "SELECT COUNT(*) AS n FROM record WHERE fields LIKE '%secret%' OR fields LIKE '%said offline%' OR fields LIKE '%back\"%'",
    );
    expect(n).toBe(0);
  });

  it('brings a clock that is too far ahead back to five minutes, and says so, also the second time', async () => {
    const year = 365 * 24 * 60 * minute;
    const id = randomUUID();
    const ahead = ['first', 'second'].map((theme, index) =>
      set(learner, { theme }, { id, clock: clockAt(Date.now() + year + index, learner.node) }),
    );
    const { results, serverTimeMs } = await push(learner, ...ahead);
    for (const result of results) {
      if (result.state !== 'applied') throw new Error(result.state);
      expect(Number.parseInt(result.clock!.slice(0, 12), 16)).toBe(serverTimeMs + 5 * minute + 1);
      expect(result.clock!.endsWith(learner.node)).toBe(true);
    }
    const again = await push(learner, ...ahead);
    expect(again.results).toEqual(results.map((result) => ({ ...result, state: 'already' })));
    expect(await pullOne(learner, id)).toMatchObject({ fields: { theme: 'second' } });
    // Nobody wins for ever: whoever has seen it is later, and so is everybody five minutes on.
    const later = set(
      learner,
      { theme: 'third' },
      { id, clock: clockAt(serverTimeMs + 5 * minute + 1, makeNode(), 9) },
    );
    await push(learner, later);
    expect(await pullOne(learner, id)).toMatchObject({ fields: { theme: 'third' } });
    // Up to five minutes are nobody's fault.
    const slightly = set(learner, { theme: 'x' }, { clock: clockAt(Date.now() + 4 * minute, learner.node) });
    expect((await push(learner, slightly)).results[0]).toMatchObject({ clock: null });
  });

  it('keeps kinds and fields that nobody knows yet', async () => {
    const note = set(
      learner,
      { futureField: { deep: [1] }, x9: 'kept' },
      { kind: 'future-kind', id: 'setting:one.two' },
    );
    await push(learner, note);
    await push(
      learner,
      set(learner, { x9: 'new' }, { kind: 'future-kind', id: note.id, clock: clockAt(Date.now() + 1, learner.node) }),
    );
    expect((await pullOne(learner, note.id))?.fields).toEqual({ futureField: { deep: [1] }, x9: 'new' });
  });

  it('rejects one bad operation and applies the rest', async () => {
    const deep: Json = JSON.parse('['.repeat(150) + ']'.repeat(150)) as Json;
    const bad: readonly [Operation, string][] = [
      [set(learner, { deep }), 'sync/malformed'],
      [set(learner, {}), 'sync/malformed'],
      [set(learner, { 'bad name': 1 }), 'sync/malformed'],
      [set(learner, { 'a"b': 1 }), 'sync/malformed'],
      [set(learner, { ['x'.repeat(65)]: 1 }), 'sync/malformed'],
      [set(learner, Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`f${String(n)}`, n]))), 'sync/malformed'],
      [set(learner, { theme: 'x' }, { kind: 'Bad Kind' }), 'sync/malformed'],
      [set(learner, { theme: 'x' }, { id: "'; DROP TABLE record; --" }), 'sync/malformed'],
      [set(learner, { theme: 'x' }, { id: 'x'.repeat(65) }), 'sync/malformed'],
      [set(learner, { theme: 'x' }, { opId: '' }), 'sync/malformed'],
      [set(learner, { theme: 'x' }, { clock: 'yesterday' }), 'sync/malformed'],
      [set(learner, { theme: 'x' }, { parent: { kind: 'topic', id: '' } }), 'sync/malformed'],
      [{ ...set(learner, {}), fields: [] as unknown as Record<string, Json> }, 'sync/malformed'],
      [set(learner, { theme: 'x' }, { id: 'newline\n' }), 'sync/malformed'],
      [set(learner, { theme: 'x' }, { kind: 'topic\n' }), 'sync/malformed'],
      [set(learner, { theme: 'x' }, { opId: `${randomUUID()}\n` }), 'sync/malformed'],
      // One that would pass for several with a blank between them.
      [set(learner, { theme: 'x' }, { opId: `a b topic` }), 'sync/malformed'],
      [remove(learner, { id: 'b', opId: 'a b', parent: { kind: '["a"]', id: 'topic' } }), 'sync/malformed'],
      [remove(learner, { id: 'b', clock: '0123 6789abc-0123-0123456789abcdef' }), 'sync/malformed'],
      [set(learner, { ['k'.repeat(70_000)]: 1 }), 'sync/malformed'],
      [set(learner, { theme: 'x' }, { parent: { kind: '-', id: '-' } }), 'sync/malformed'],
      [set(learner, { used_time: -9e15 }), 'sync/malformed'],
      [set(learner, { created_time: 1e300 }), 'sync/malformed'],
      [set(learner, { theme: '"', created_time: 8_640_000_000_000_001 }), 'sync/malformed'],
      [set(learner, { created_time: 'yesterday' }), 'sync/malformed'],
      [set(learner, { theme: 'y'.repeat(270_000) }), 'sync/too-large'],
    ];
    const good = bad.map((_, index) => set(learner, { theme: `good ${String(index)}` }));
    const { results } = await push(learner, ...bad.flatMap(([operation], index) => [operation, good[index]!]));
    expect(results.filter((_, index) => index % 2 === 0)).toEqual(
      bad.map(([{ opId }, code]) => ({ opId, state: 'rejected', code })),
    );
    expect(results.filter((_, index) => index % 2 === 1).every(({ state }) => state === 'applied')).toBe(true);
  });

  it('takes times that are dates, and whatever only looks like a time in a text', async () => {
    const fields = [
      { created_time: 8_640_000_000_000_000, used_time: -8_640_000_000_000_000 },
      { deleted_time: null, used_time: 0.5, created_time: -1 },
      { theme: 'a "created_time": 1e300, b', context: '\\"used_time":"x"', created_time: 1 },
    ];
    const { results } = await push(learner, ...fields.map((each) => set(learner, each)));
    expect(results.map(({ state }) => state)).toEqual(['applied', 'applied', 'applied']);
  });

  it('refuses what the server takes for JSON and JavaScript does not', async () => {
    const texts = ['"\\x"', '1e999', '-1E400', '1.', '-', '1e', '01', '"\\u12"', 'NaN', '"\t"', '9'.repeat(400)];
    const good = ['"\\\\x"', '"1e999 \\" 1."', '-1.5e+21', '1e-400', '"\\u4e2d"', '[1,{"b":"\\n"}]'];
    const evil = await server().attacker();
    const states = async (values: readonly string[], field = 'a') => {
      const operations = values.map((value) => {
        const { opId, id, kind, clock } = set(learner, {});
        return `{"op_id":"${opId}","kind":"${kind}","id":"${id}","clock":"${clock}","fields":{"${field}":${value}}}`;
      });
      const [sets] = await evil.execute('CALL push_v1(?, ?)', [learner.token, JSON.stringify(operations)]);
      const [[{ results }]] = sets as unknown as [[{ results: string }]];
      return (JSON.parse(results) as [number, string][]).map(([, state]) => state);
    };
    expect(new Set(await states(texts))).toEqual(new Set(['rejected']));
    expect(new Set(await states(good))).toEqual(new Set(['applied']));
    // The last moment that is a date, and what a double makes of a little more.
    expect(await states(['8640000000000000', '8640000000000000.9', '-8640000000000000.9'], 'used_time')).toEqual([
      'applied',
      'rejected',
      'rejected',
    ]);
    evil.destroy();
    for (const record of await pullAll(learner)) expect(JSON.stringify(record)).toBeDefined();
  });

  it('shows the administrator the others where one record is none of ours', async () => {
    const { admin } = server();
    const mallory = await registerLearner(learner.store);
    await push(
      mallory,
      set(mallory, { created_time: 1 }, { id: 'good' }),
      set(mallory, { created_time: 2 }, { id: 'bad' }),
    );
    for (const time of ['1e300', '"x"', '99999999999999999999', '8640000000000000', 'null', '{}']) {
      await admin.query("UPDATE record SET fields = ? WHERE account_id = ? AND id = 'bad'", [
        `{"created_time": ${time}}`,
        mallory.accountId,
      ]);
      const sql = 'SELECT SUM(created_time IS NULL) AS without, COUNT(*) AS n FROM topic WHERE user_id = ?';
      expect(await firstRow(admin, sql, [mallory.accountId])).toEqual({ without: '1', n: 2 });
    }
  });

  it('takes halves of characters for what they are', async () => {
    const half = set(learner, { theme: 'half \ud83d' });
    expect((await push(learner, half)).results[0]?.state).toBe('applied');
    expect((await pullOne(learner, half.id))?.fields.theme).toBe('half \ufffd');
  });

  it('stops an account that is full, and lets it delete', async () => {
    const poor = await registerLearner(learner.store);
    await server().admin.query('UPDATE store SET account_quota_bytes = 3000');
    try {
      const topics = Array.from({ length: 5 }, () => set(poor, { theme: 'z'.repeat(800) }));
      const { results } = await push(poor, ...topics);
      expect(results.map((result) => ('code' in result ? result.code : result.state))).toEqual([
        'applied',
        'applied',
        'sync/full',
        'sync/full',
        'sync/full',
      ]);
      const after = await push(poor, remove(poor, { id: topics[0]!.id }), set(poor, { theme: 'z'.repeat(800) }));
      expect(after.results.map(({ state }) => state)).toEqual(['applied', 'applied']);
      // What is counted is what is there.
      const sql = `SELECT used_bytes = (SELECT SUM(OCTET_LENGTH(fields) + OCTET_LENGTH(clocks) + 200) FROM record
        WHERE account_id = account.id) + 100 * (SELECT COUNT(*) FROM applied WHERE account_id = account.id) AS is_right
        FROM account WHERE id = ?`;
      expect((await firstRow(server().admin, sql, [poor.accountId])).is_right).toBe(1);
    } finally {
      await server().admin.query('UPDATE store SET account_quota_bytes = DEFAULT');
    }
  });

  it('pages through much, without gaps or repetitions', async () => {
    const busy = await registerLearner(learner.store);
    const operations = Array.from({ length: 1200 }, (_, index) => set(busy, { theme: `theme ${String(index)}` }));
    const batches = splitIntoBatches(operations);
    expect(batches.map((batch) => batch.length)).toEqual([500, 500, 200]);
    for (const batch of batches) await push(busy, ...batch);
    const records = await pullAll(busy, 97);
    expect(records.map(({ seq }) => seq)).toEqual(operations.map((_, index) => index + 1));
    expect(records.map(({ id }) => id)).toEqual(operations.map(({ id }) => id));
    // By bytes too: 40 records of 200 KiB are two pages, not one of 8 MiB.
    const heavy = await registerLearner(learner.store);
    const large = Array.from({ length: 30 }, () => set(heavy, { context: 'w'.repeat(200_000) }));
    for (const batch of splitIntoBatches(large)) await push(heavy, ...batch);
    const page = await heavy.store.burst(
      (calls) => calls.pull(heavy.token, { epoch: null, since: 0, limit: 1000 }),
      always,
    );
    expect(page.records.length).toBeGreaterThan(15);
    expect(page.records.length).toBeLessThan(25);
    expect(await pullAll(heavy)).toHaveLength(30);
  });

  it('tells of a restored backup: by command, and by an app that is ahead of the store', async () => {
    const { admin, command } = server();
    const device = await registerLearner(learner.store);
    const other = await signInAgain(device);
    const { epoch, seq } = await push(device, set(device, { theme: 'a' }), set(device, { theme: 'b' }));
    const pull = (of: Learner, since: number, known: string | null) =>
      of.store.burst((calls) => calls.pull(of.token, { epoch: known, since, limit: 100 }), always);
    expect(await pull(other, 0, epoch)).toMatchObject({ epoch, seq, cursor: 2 });

    // The backup was made before the second record, and nobody says anything.
    await admin.query('DELETE FROM record WHERE account_id = ? AND seq = 2', [device.accountId]);
    await admin.query('UPDATE account SET seq = 1 WHERE id = ?', [device.accountId]);
    const noticed = await pull(device, 2, epoch);
    expect(noticed.epoch).not.toBe(epoch);
    expect(noticed.records).toEqual([]);
    expect((await pull(other, 1, epoch)).epoch).toBe(noticed.epoch);
    expect(await pull(device, 0, noticed.epoch)).toMatchObject({ epoch: noticed.epoch, cursor: 1 });
    // A second app that is ahead does not start a third epoch.
    expect((await pull(other, 2, epoch)).epoch).toBe(noticed.epoch);

    await command('restored');
    const told = await pull(device, 1, noticed.epoch);
    expect(told.epoch).not.toBe(noticed.epoch);
    expect(told.records).toEqual([]);
  });
});
