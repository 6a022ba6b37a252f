import { randomBytes } from 'node:crypto';
import type { Db } from './database.js';
import type { SyncStateTable } from './schema.js';
import { formatHlc, parseHlc, receive, tick, type Hlc, type HlcState } from './hlc.js';

export async function readSyncState(db: Db, key: SyncStateTable['key']): Promise<string | null> {
  const row = await db.selectFrom('sync_state').select('value').where('key', '=', key).executeTakeFirst();
  return row?.value ?? null;
}

export async function writeSyncState(db: Db, key: SyncStateTable['key'], value: string): Promise<void> {
  await db
    .insertInto('sync_state')
    .values({ key, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute();
}

/** The next stamp of this machine, later than all it gave or saw. Call it in the transaction that is stamped. */
export async function nextClock(tx: Db, now: number): Promise<Hlc> {
  const clock = formatHlc(tick(await lastClock(tx, now), now));
  await writeSyncState(tx, 'clock', clock);
  return clock;
}

/** Has this machine's next stamps be later than `seen`. */
export async function noticeClock(tx: Db, seen: Hlc): Promise<void> {
  await writeSyncState(tx, 'clock', formatHlc(receive(await lastClock(tx, 0), seen)));
}

/** After this nothing could be stamped any more: an app of before may have believed it of a store. */
const endOfTimeMs = Date.UTC(2200, 0);

async function lastClock(tx: Db, now: number): Promise<HlcState> {
  const last = await readSyncState(tx, 'clock');
  if (last === null) return { ms: 0, counter: 0, node: randomBytes(8).toString('hex') };
  const state = parseHlc(last);
  return state.ms < endOfTimeMs ? state : { ...state, ms: now, counter: 0 };
}
