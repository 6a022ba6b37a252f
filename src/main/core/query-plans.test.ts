import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../../shared/errors.js';
import { openDatabase } from './data/database.js';
import { createHarness, loginForm, type Harness } from './testing/harness.js';
import { createMemoryAccountStore } from './testing/memory-account-store.js';
import { queryPlans, recordStatements } from './testing/statements.js';

// A learner's profile grows to 100,000 turns, with as many sounds and changes. Every statement that the app gives to
// SQLite while it is used is recorded, and none may go through a table that grows, but for the reasons below.

/** Tables that grow with every turn. */
const growing = ['conversation', 'outbox', 'clip'];

/** Statements that go through all of such a table (or of an index of it), and why they may. */
const allowed: readonly { readonly statement: RegExp; readonly step: RegExp; readonly why: string }[] = [
  {
    statement: /response_state = 'pending' OR bridge_state = 'pending'/,
    step: /^SCAN conversation USING (COVERING )?INDEX conversation_unfinished$/,
    why: 'an index of the few turns that are being answered',
  },
  {
    statement: /max\("last"\."id"\)/,
    step: /^SCAN last USING COVERING INDEX conversation_by_topic$/,
    why: 'the list of topics needs the last turn of each, once at the start, from the index alone',
  },
  {
    statement: /^select \* from "outbox" where "refused" is null and "record_id" not in/,
    step: /^SCAN outbox USING INDEX sqlite_autoindex_outbox_1$/,
    why: 'the oldest changes, in their order, up to a limit',
  },
  {
    statement: /^select count\(\*\) filter.* from "outbox"$/,
    step: /^SCAN outbox$/,
    why: 'an account’s changes are few: they are sent and forgotten',
  },
  {
    statement: /^delete from "outbox" where "refused" is null$|^select \* from "conversation"$/,
    step: /^SCAN (outbox|conversation)$/,
    why: 'a store that has lost its data is sent everything',
  },
  {
    statement: /^(select \* from "(conversation|clip)"( order by "id")?|select "id" from "conversation")$/,
    step: /^SCAN (conversation|clip)( USING (COVERING )?INDEX sqlite_autoindex_conversation_1)?$/,
    why: 'history is taken along as a whole, once',
  },
];

let folder: string;
let statements: ReadonlySet<string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'botchat-plans-'));
  const recording = recordStatements();
  try {
    await useEverything();
  } finally {
    recording.stop();
  }
  statements = recording.statements;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Everything a learner can do that touches the profile, on two machines that are in step. */
async function useEverything(): Promise<void> {
  const store = createMemoryAccountStore();
  let app = await createHarness({ accountStore: store });
  app.core.start();
  await talkThroughEverything(app);
  // A crash leaves a turn unfinished.
  app = await app.restart();
  await app.ask('account.signIn', loginForm);
  await app.ask('account.takeHistory', {});
  await talkThroughEverything(app);
  await app.ask('sync.now', {});

  const other = await createHarness({ accountStore: store });
  await other.ask('account.signIn', loginForm);
  await other.ask('sync.now', {});
  for (const topic of (await other.ask('app.snapshot', {})).topics)
    await other.ask('topic.delete', { topicId: topic.id });
  await other.ask('sync.now', {});
  await app.ask('sync.now', {});
  // The store comes back from a backup, and is told everything again; then it refuses something.
  store.backUp()();
  await app.ask('sync.now', {});
  store.refuses = () => true;
  await app.ask('topic.create', { sceneId: null, theme: 'Refused' });
  await app.ask('sync.now', {});
  store.put({ kind: 'note', id: 'of a newer app', parent: null, fields: {}, clocks: {}, deleted: null });
  await app.ask('sync.now', {});
  await app.ask('account.leaveHistory', {});
  await other.close();
  await app.close();
}

async function talkThroughEverything(app: Harness): Promise<void> {
  const { id: topicId } = await app.ask('topic.create', { sceneId: 'ordering-food', theme: 'A' });
  await app.ask('topic.rename', { topicId, theme: 'B' });
  app.engines.hear = '我想要一杯咖啡';
  await app.record(topicId);
  const { turnId } = await app.event('turn.speechEnd', (end) => isPrompted(app, end.turnId));
  for (const part of ['prompt', 'bridge', 'response'] as const) await app.request('turn.read', { turnId, part });
  await app.ask('turn.reveal', { turnId, rung: 'english' });
  const typed = await app.ask('turn.type', { topicId, text: 'Hello.' });
  await app.ask('turn.stop', { turnId: typed.id, heardMs: 10 });
  await app.ask('turn.heard', { turnId: typed.id });
  await app.ask('turn.retry', { turnId: typed.id });
  await app.ask('topic.open', { topicId, beforeTurnId: null });
  await app.ask('topic.open', { topicId, beforeTurnId: typed.id });
  await app.ask('topic.suggestions', { topicId });
  await app.ask('settings.update', { theme: 'dark' });
  app.engines.hear = new AppError('recogniser/failed');
  for (let count = 0; count < 2; count += 1) {
    const take = await app.record(topicId);
    if (!take.ok) throw new Error(take.error.code);
    await app.event('take.changed', (changed) => changed.take.id === take.value.id && changed.take.state === 'failed');
    await app.ask('take.transcribe', { takeId: take.value.id });
    if (count === 0) await app.ask('take.discard', { takeId: take.value.id });
  }
  const { id: handsFree } = await app.ask('take.start', { topicId, handsFree: true });
  await app.ask('take.holdOn', { takeId: handsFree });
  await app.ask('take.discard', { takeId: handsFree });
  const { id: gone } = await app.ask('topic.create', { sceneId: 'ordering-food', theme: 'Gone' });
  await app.event('turn.speechEnd', (end) => topicOf(app, end.turnId) === gone);
  await app.ask('topic.delete', { topicId: gone });
  await app.ask('app.snapshot', {});
}

const turnOf = (app: Harness, turnId: string) =>
  app.events.flatMap(({ payload }) => ('turn' in payload && payload.turn.id === turnId ? [payload.turn] : [])).at(-1);
const topicOf = (app: Harness, turnId: string) => turnOf(app, turnId)?.topicId;
const isPrompted = (app: Harness, turnId: string) => (turnOf(app, turnId)?.prompt ?? null) !== null;

describe('the plan of every statement', () => {
  it('goes through no table that grows', async () => {
    const path = join(folder, 'empty.db');
    await (await openDatabase(path)).destroy();
    const plans = queryPlans(path);
    const asked = [...statements].filter(
      (text) =>
        /^(select|insert|update|delete|with)/i.test(text.trim()) &&
        growing.some((table) => text.includes(`"${table}"`)),
    );
    const through: string[] = [];
    const reasonsUsed = new Set<string>();
    for (const statement of asked) {
      for (const step of plans.planOf(statement)) {
        if (
          !step.startsWith('SCAN ') ||
          /^SCAN (topic|take|setting|sync_state|foreign_record|CONSTANT ROW)\b/.test(step)
        )
          continue;
        const reason = allowed.find((each) => each.statement.test(statement) && each.step.test(step));
        if (reason) reasonsUsed.add(reason.why);
        else through.push(`${step}: ${statement}`);
      }
    }
    plans.close();
    expect(through).toEqual([]);
    // The app was really used, and no reason outlives its statement.
    expect(asked.length).toBeGreaterThanOrEqual(42);
    expect(allowed.map(({ why }) => why).filter((why) => !reasonsUsed.has(why))).toEqual([]);
  });

  it('would be seen to go through one', async () => {
    const path = join(folder, 'control.db');
    await (await openDatabase(path)).destroy();
    const plans = queryPlans(path);
    expect(plans.planOf('select "id" from "conversation" where "bridge" = ?')).toEqual(['SCAN conversation']);
    expect(plans.planOf('select "id" from "conversation" where "id" = ?')).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^SCAN/)]),
    );
    plans.close();
  });
});
