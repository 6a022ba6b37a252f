import { blankTurn } from './conversations.js';
import type { Db } from './database.js';
import type { ConversationTable, TopicTable } from './schema.js';
import { readIncoming, type IncomingRecord } from './incoming-record.js';
import { setAside, takeBackIn, type RecordName } from './set-aside.js';
import { noticeClock } from './sync-state.js';
import { isSyncedKind, takesValue, type SyncedKind } from './synced-columns.js';
import { buryTopic } from './topics.js';
import { compareHlc, type Hlc } from './hlc.js';

/** What a merge changed here, for those who show it. */
export interface Merged {
  readonly topics: ReadonlySet<string>;
  readonly removedTopics: ReadonlySet<string>;
  readonly turns: ReadonlySet<string>;
  /** Clips of turns that are gone. */
  readonly clips: readonly string[];
}

/**
 * Merges what a store tells. What this app does not know (a kind, a field, a value) is kept as it came. What no app of
 * ours can have written is set aside and counted; the others go on. `latestMs`: no clock is believed that is later
 * (`latestBelievedMs`).
 */
export async function mergeStrangers(
  tx: Db,
  given: readonly RecordName[],
  { now, latestMs }: { readonly now: number; readonly latestMs: number },
): Promise<Merged> {
  const records: IncomingRecord[] = [];
  const unreadable: RecordName[] = [];
  for (const each of given) {
    const record = readIncoming(each, latestMs);
    if (record) records.push(record);
    else unreadable.push(each);
  }
  await takeBackIn(tx, records);
  await setAside(tx, unreadable);
  return mergeRecords(tx, records, now);
}

/**
 * Takes over what other machines changed. Each field goes to its latest writer, by hybrid logical clock; a deleted topic
 * stays deleted, and takes its turns along. So it does not matter in which order, in which portions or how often records
 * come: machines that have seen the same records show the same.
 */
export async function mergeRecords(tx: Db, records: readonly IncomingRecord[], now: number): Promise<Merged> {
  const merging: Merging = {
    now,
    topics: new Set(),
    removedTopics: new Set(),
    turns: new Set(),
    clips: [],
    known: await knownTurns(tx, records),
    buried: new Map(),
  };
  for (const record of records) {
    if (!isSyncedKind(record.kind)) await keepForeign(tx, record);
    else if (record.kind === 'topic') await mergeTopic(tx, record, merging);
    else await mergeTurn(tx, record, merging);
  }
  const latest = records.flatMap(clocksOf).reduce((a, b) => (compareHlc(a, b) > 0 ? a : b), '');
  if (latest !== '') await noticeClock(tx, latest);
  for (const id of merging.removedTopics) merging.topics.delete(id);
  return merging;
}

interface Merging {
  readonly now: number;
  readonly topics: Set<string>;
  readonly removedTopics: Set<string>;
  readonly turns: Set<string>;
  readonly clips: string[];
  /** The turns of this page that are here already: read at once, since a first pull is a hundred thousand of them. */
  readonly known: ReadonlyMap<string, ConversationTable>;
  /** Which topics are deleted, as far as it was asked. */
  readonly buried: Map<string, boolean>;
}

async function knownTurns(tx: Db, records: readonly IncomingRecord[]): Promise<ReadonlyMap<string, ConversationTable>> {
  const ids = records.filter(({ kind }) => kind === 'conversation').map(({ id }) => id);
  if (ids.length === 0) return new Map();
  const turns = await tx.selectFrom('conversation').selectAll().where('id', 'in', ids).execute();
  return new Map(turns.map((turn) => [turn.id, turn]));
}

async function isBuried(tx: Db, topicId: string, { buried }: Merging): Promise<boolean> {
  const known = buried.get(topicId);
  if (known !== undefined) return known;
  const topic = await tx.selectFrom('topic').select('deleted_time').where('id', '=', topicId).executeTakeFirst();
  const answer = topic !== undefined && topic.deleted_time !== null;
  buried.set(topicId, answer);
  return answer;
}

async function mergeTopic(tx: Db, record: IncomingRecord, merged: Merging): Promise<void> {
  const { now } = merged;
  const topic = await tx.selectFrom('topic').selectAll().where('id', '=', record.id).executeTakeFirst();
  if (topic !== undefined && topic.deleted_time !== null) return;
  if (record.deleted !== null) {
    merged.buried.set(record.id, true);
    merged.clips.push(...(await buryTopic(tx, record.id, now)));
    // What this machine had still to say of it is of no interest any more.
    await tx
      .deleteFrom('outbox')
      .where((each) => each.or([each('record_id', '=', record.id), each('parent_id', '=', record.id)]))
      .execute();
    merged.removedTopics.add(record.id);
    return;
  }
  const fields = winningFields('topic', topic, record) as Partial<TopicTable> | null;
  if (!fields) return;
  const blank = {
    user_id: '',
    theme: '',
    scene_id: null,
    context: '',
    created_time: now,
    used_time: now,
    deleted_time: null,
  };
  await tx
    .insertInto('topic')
    .values({ id: record.id, ...blank, clocks: '{}', extra: '{}', ...fields })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(fields))
    .execute();
  merged.topics.add(record.id);
}

async function mergeTurn(tx: Db, record: IncomingRecord, merged: Merging): Promise<void> {
  const turn = merged.known.get(record.id);
  if (record.deleted !== null) {
    if (!turn) return;
    merged.clips.push(...[turn.prompt_clip, turn.bridge_clip, turn.response_clip].filter((clip) => clip !== null));
    await tx.deleteFrom('conversation').where('id', '=', record.id).execute();
    merged.topics.add(turn.topic_id);
    return;
  }
  const fields = winningFields('conversation', turn, record) as Partial<ConversationTable> | null;
  if (!fields) return;
  const topicId = fields.topic_id ?? turn?.topic_id ?? record.parent?.id;
  // A turn of no topic could be shown nowhere; a newer app may know what it is.
  if (topicId === undefined) return keepForeign(tx, record);
  if (await isBuried(tx, topicId, merged)) return;
  await tx
    .insertInto('conversation')
    .values({ id: record.id, ...unknownTurn, created_time: merged.now, ...fields, topic_id: topicId })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(fields))
    .execute();
  merged.turns.add(record.id);
  merged.topics.add(topicId);
}

/** What a record does not say of a turn: one of which nothing more is known never came to its reply. */
const unknownTurn = { ...blankTurn, response_state: 'failed', response_error: 'chat/interrupted' } as const;

/** The columns that the record wrote later than the row has them, with the row's new clocks; null where it has none. */
function winningFields(
  kind: SyncedKind,
  row: { readonly clocks: string; readonly extra: string } | undefined,
  record: IncomingRecord,
): Record<string, unknown> | null {
  // Maps, since names come from elsewhere.
  const clocks = new Map(Object.entries(JSON.parse(row?.clocks ?? '{}') as Record<string, Hlc>));
  const extra = new Map(Object.entries(JSON.parse(row?.extra ?? '{}') as Record<string, unknown>));
  const columns: [string, unknown][] = [];
  let isNews = false;
  for (const [name, value] of Object.entries(record.fields)) {
    const clock = record.clocks[name];
    const known = clocks.get(name);
    if (clock === undefined || (known !== undefined && compareHlc(clock, known) <= 0)) continue;
    isNews = true;
    clocks.set(name, clock);
    if (takesValue(kind, name, value)) {
      columns.push([name, value]);
      extra.delete(name);
    } else {
      extra.set(name, value);
    }
  }
  if (!isNews) return null;
  return {
    ...Object.fromEntries(columns),
    clocks: JSON.stringify(Object.fromEntries(clocks)),
    extra: JSON.stringify(Object.fromEntries(extra)),
  };
}

async function keepForeign(tx: Db, record: IncomingRecord): Promise<void> {
  const row = { kind: record.kind, id: record.id, record: JSON.stringify(record) };
  await tx
    .insertInto('foreign_record')
    .values(row)
    .onConflict((conflict) => conflict.columns(['kind', 'id']).doUpdateSet({ record: row.record }))
    .execute();
}

function clocksOf(record: IncomingRecord): readonly Hlc[] {
  return record.deleted === null ? Object.values(record.clocks) : [record.deleted];
}
