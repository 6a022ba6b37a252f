import type { SyncView } from '../../../shared/contract/account.js';
import { AppError, type ErrorView } from '../../../shared/errors.js';
import type { Db } from '../data/database.js';
import { isHlc, parseHlc } from '../data/hlc.js';
import { latestBelievedMs } from '../data/incoming-record.js';
import { mergeStrangers, type Merged } from '../data/merge.js';
import { countOutbox, forgetSent, listSendable, markRefused, restampSent, retryRefused } from '../data/outbox.js';
import { enqueueEverything } from '../data/resend.js';
import { countSetAside, setAside } from '../data/set-aside.js';
import { readSyncState, writeSyncState } from '../data/sync-state.js';
import type { OutboxTable } from '../data/schema.js';
import type { Clock, Log } from '../ports.js';
import { AccountError } from './account-errors.js';
import type { AccountCalls, AccountStore, Operation, PullAnswer } from './account-store.js';
import { splitIntoBatches } from './push-batches.js';

const sendAtOnce = 2000;
const pullLimit = 1000;

/** A turn and its marks come in bursts; one connection serves them all. */
const settleMs = 800;
const pollMs = { least: 30_000, most: 60_000 };
const longestBackOffMs = 5 * 60_000;

/** An account that was full is asked again after so long: somebody may have deleted something, anywhere. */
const retryFullMs = 10 * 60_000;

/**
 * What a store may send in an hour, in characters of JSON. An account holds a quarter of it (`account_quota_bytes`), so
 * only a store that means harm gets there.
 */
const hourlyCharacters = 1_000_000_000;
const hourMs = 60 * 60_000;

export interface SyncOptions {
  readonly db: Db;
  readonly store: AccountStore;
  readonly token: Buffer;
  readonly clock: Clock;
  readonly log: Log;
  /** What came from other machines; called after it is committed. */
  onMerged(merged: Merged): Promise<void>;
  onChange(view: SyncView): void;
  /** 0..1; spreads the machines of a school over time. */
  random?(): number;
}

/**
 * Keeps a profile and its account in step. Local changes wait in the outbox and are sent soon; what other machines
 * changed is fetched when something is sent, and every 30 to 60 seconds. A store that cannot be reached is a state, not
 * an error: it is tried again, after longer and longer pauses.
 */
export interface SyncService {
  readonly view: SyncView;
  /** Begins to keep in step, now. */
  start(): Promise<void>;
  /** Something was changed here: send it soon. */
  nudge(): void;
  /** Sends and fetches now; resolves when that is done, or has failed (see `view`). */
  syncNow(): Promise<void>;
  /** Stops; a call that was under way may or may not have taken effect, which does no harm. */
  stop(): Promise<void>;
}

export function createSyncService(options: SyncOptions): SyncService {
  const { db, store, token, clock, log } = options;
  const random = options.random ?? Math.random;
  const controller = new AbortController();
  let view: SyncView = { state: 'synced', pending: 0, refused: 0, setAside: 0, error: null, syncedTime: null };
  let timer: NodeJS.Timeout | undefined;
  let nudged: NodeJS.Timeout | undefined;
  let running: Promise<void> | null = null;
  /** Something was changed while a round was running: its work is not done yet. */
  let again = false;
  let failures = 0;
  /** How often the store said that it was restored. Twice in one session of the app, it does not know itself. */
  let epochChanges = 0;
  /** What has come within this hour. */
  const received = { sinceMs: -Infinity, characters: 0 };
  let fullAskedMs = -Infinity;

  const isStopped = () => controller.signal.aborted;

  async function show(state: SyncView['state'], error: ErrorView | null = null): Promise<void> {
    const counts = await countOutbox(db);
    const syncedTime = await readSyncState(db, 'syncedTime');
    const setAside = await countSetAside(db);
    view = { state, ...counts, setAside, error, syncedTime: syncedTime === null ? null : Number(syncedTime) };
    options.onChange(view);
  }

  function plan(delayMs: number): void {
    clearTimeout(timer);
    if (isStopped()) return;
    timer = setTimeout(() => void syncNow(), delayMs);
    timer.unref();
  }

  /** One round: send all there is, then fetch all there is. */
  async function round(): Promise<void> {
    again = false;
    // A session that was kept for one run only: see `Session.token`.
    if (token.length === 0) return show('signed-out', { code: 'account/session-ended' });
    await show('syncing');
    try {
      if (clock.now() - fullAskedMs >= retryFullMs || clock.now() < fullAskedMs) {
        fullAskedMs = clock.now();
        await retryRefused(db, 'sync/full');
      }
      await store.burst(async (calls) => {
        await push(calls);
        await pull(calls);
      }, controller.signal);
      failures = 0;
      await writeSyncState(db, 'syncedTime', String(clock.now()));
      const { pending } = await countOutbox(db);
      await show(pending === 0 ? 'synced' : 'pending');
      plan(pollMs.least + random() * (pollMs.most - pollMs.least));
    } catch (error) {
      if (isStopped()) return;
      await fail(error);
    }
  }

  async function fail(error: unknown): Promise<void> {
    const code = error instanceof AccountError || error instanceof AppError ? error.code : 'app/internal';
    if (code === 'app/internal') log.error('sync broke', { error });
    else log.warn('not in step', { code, detail: String(error) });
    failures += 1;
    if (code === 'account/session-ended') {
      await show('signed-out', { code });
      return;
    }
    await show('offline', { code });
    // It is told and left alone: whoever wants to try again says so, or starts the app again.
    if (code === 'account/store-unsteady') return;
    // Full jitter: after an outage the machines of a school do not come back all at once.
    plan(random() * Math.min(longestBackOffMs, 2000 * 2 ** Math.min(failures, 8)));
  }

  /** Sends the outbox. Each change is acknowledged by its id, and only then leaves the outbox: none is lost. */
  async function push(calls: AccountCalls): Promise<void> {
    for (;;) {
      const changes = await listSendable(db, sendAtOnce);
      if (changes.length === 0) return;
      for (const batch of splitIntoBatches(changes.map(operation))) {
        const answer = await calls.push(token, batch);
        if (answer.results.length !== batch.length)
          throw new AccountError('account/store-failed', 'not all changes were answered for');
        await db.transaction().execute(async (tx) => {
          await forgetSent(
            tx,
            answer.results.filter(({ state }) => state !== 'rejected').map(({ opId }) => opId),
          );
          for (const result of answer.results) {
            if (result.state === 'rejected') {
              // One that the store will not have must not hold up the others, nor be lost.
              await markRefused(tx, result.opId, result.code);
              log.error('change refused', { opId: result.opId, code: result.code });
            } else if (result.clock !== null) {
              if (
                !isHlc(result.clock) ||
                parseHlc(result.clock).ms > latestBelievedMs(clock.now(), answer.serverTimeMs)
              )
                throw new AccountError('account/store-failed', 'a clock that nobody can have given');
              const sent = changes.find((change) => change.op_id === result.opId);
              if (sent) await restampSent(tx, sent, result.clock);
            }
          }
          await skipOwnChanges(tx, answer.seqBefore, answer.seq);
        });
      }
    }
  }

  /** What was just sent need not be fetched, if nothing of others' came between. */
  async function skipOwnChanges(tx: Db, seqBefore: number, seq: number): Promise<void> {
    const cursor = Number((await readSyncState(tx, 'cursor')) ?? 0);
    if (cursor === seqBefore) await writeSyncState(tx, 'cursor', String(seq));
  }

  /** Fetches what is new. Records and cursor commit together: none is missed, whenever the power goes. */
  async function pull(calls: AccountCalls): Promise<void> {
    for (;;) {
      const epoch = await readSyncState(db, 'epoch');
      const since = Number((await readSyncState(db, 'cursor')) ?? 0);
      const answer = await calls.pull(token, { epoch, since, limit: pullLimit });
      if (epoch !== null && answer.epoch !== epoch) {
        epochChanges += 1;
        if (epochChanges > 1) throw new AccountError('account/store-unsteady', 'restored twice');
        // The store was restored from a backup: what came after that is only with its machines. Everything is sent
        // again, and everything fetched; each field still goes to its latest writer, so nothing is doubled.
        log.warn('store was restored', {});
        await db.transaction().execute(async (tx) => {
          await writeSyncState(tx, 'epoch', answer.epoch);
          await writeSyncState(tx, 'cursor', '0');
          await enqueueEverything(tx, clock.now());
        });
        again = true;
        continue;
      }
      checkPage(answer, since);
      const merged = await db.transaction().execute(async (tx) => {
        const now = clock.now();
        const latestMs = latestBelievedMs(now, answer.serverTimeMs);
        const changes = await mergeStrangers(tx, answer.records, { now, latestMs });
        await setAside(tx, answer.unreadable);
        await writeSyncState(tx, 'epoch', answer.epoch);
        await writeSyncState(tx, 'cursor', String(answer.cursor));
        return changes;
      });
      await options.onMerged(merged);
      if (answer.cursor >= answer.seq || (answer.cursor === since && answer.epoch === epoch)) return;
    }
  }

  /** A store that means harm would have us fetch for ever, or fill the disk. */
  function checkPage(answer: PullAnswer, since: number): void {
    const count = answer.records.length + answer.unreadable.length;
    const grows = count === 0 ? answer.cursor === since : answer.cursor > since;
    if (count > pullLimit || !grows || !Number.isSafeInteger(answer.cursor) || answer.cursor > answer.seq)
      throw new AccountError('account/store-failed', 'a page that cannot be');
    const now = clock.now();
    if (Math.abs(now - received.sinceMs) >= hourMs) Object.assign(received, { sinceMs: now, characters: 0 });
    received.characters += answer.records.reduce((sum, { fields }) => sum + JSON.stringify(fields).length, 0);
    if (received.characters > hourlyCharacters)
      throw new AccountError('account/store-unsteady', 'more than an account can hold');
  }

  /** After a local change, which may have been none that anybody else is to know. */
  async function send(): Promise<void> {
    const { pending } = await countOutbox(db);
    if (isStopped() || pending === 0) return;
    // While the store is out of reach the back-off decides when to try again; who must sign in again decides it then.
    if (view.state === 'offline' || view.state === 'signed-out') await show(view.state, view.error);
    else await syncNow();
  }

  function syncNow(): Promise<void> {
    if (isStopped()) return Promise.resolve();
    if (running) {
      // That round may have looked already: whoever asks now wants to know that what is there now is sent.
      again = true;
      return running.then(() => (again ? syncNow() : undefined));
    }
    clearTimeout(timer);
    running = round().finally(() => {
      running = null;
      if (again && view.state !== 'offline' && view.state !== 'signed-out') plan(settleMs);
    });
    return running;
  }

  return {
    get view() {
      return view;
    },

    async start() {
      await show('pending');
      void syncNow();
    },

    nudge() {
      if (isStopped() || nudged) return;
      nudged = setTimeout(() => {
        nudged = undefined;
        void send();
      }, settleMs);
      nudged.unref();
    },

    syncNow,

    async stop() {
      controller.abort(new AppError('account/not-signed-in'));
      clearTimeout(timer);
      clearTimeout(nudged);
      await running;
    },
  };
}

/** An outbox entry as the store takes it. */
function operation(change: OutboxTable): Operation {
  const { op_id: opId, kind, record_id: id, clock, parent_id: parentId, fields } = change;
  const parent = parentId === null ? {} : { parent: { kind: 'topic', id: parentId } };
  return fields === null
    ? { opId, kind, id, clock, ...parent, deleted: true }
    : { opId, kind, id, clock, ...parent, fields: JSON.parse(fields) as Record<string, string | number | null> };
}
