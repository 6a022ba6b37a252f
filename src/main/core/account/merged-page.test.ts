import { afterEach, expect, it } from 'vitest';
import { createHarness, loginForm, memorySecrets, type Harness } from '../testing/harness.js';
import { createMemoryAccountStore } from '../testing/memory-account-store.js';
import { formatHlc } from '../data/hlc.js';

let app: Harness;
afterEach(() => app.close());

it('a merged page is announced whole, whatever was deleted here meanwhile', async () => {
  const store = createMemoryAccountStore();
  app = await createHarness({ accountStore: store, secrets: memorySecrets() });
  await app.ask('account.signIn', loginForm);
  const clock = formatHlc({ ms: Date.now(), counter: 0, node: 'b'.repeat(16) });
  const put = (kind: string, id: string, fields: Record<string, string | number>, parent: string | null) => {
    store.put({
      kind,
      id,
      parent: parent === null ? null : { kind: 'topic', id: parent },
      fields,
      clocks: Object.fromEntries(Object.keys(fields).map((name) => [name, clock])),
      deleted: null,
    });
  };
  const [topic, orphan, buried, ...turns] = Array.from({ length: 6 }, () => crypto.randomUUID());
  if (topic === undefined || orphan === undefined || buried === undefined) throw new Error('no ids');
  put('topic', topic, { theme: 'from elsewhere', created_time: 1, used_time: 1 }, null);
  // A turn whose topic has not come, among others.
  put('conversation', crypto.randomUUID(), { topic_id: orphan, prompt: 'where?', created_time: 1 }, orphan);
  // A turn and, behind it, the deletion of its topic.
  put('conversation', crypto.randomUUID(), { topic_id: buried, prompt: 'gone', created_time: 1 }, buried);
  store.put({ kind: 'topic', id: buried, parent: null, fields: {}, clocks: {}, deleted: clock });
  for (const id of turns)
    put('conversation', id, { topic_id: topic, prompt: id, created_time: 2, response_state: 'complete' }, topic);
  await app.ask('sync.now', {});
  for (const id of turns) await app.event('turn.changed', ({ turn }) => turn.id === id);
  await app.event('topic.changed', (changed) => changed.topic.id === topic);
  expect((await app.ask('app.snapshot', {})).sync).toMatchObject({ state: 'synced', error: null });
});
