import { randomUUID } from 'node:crypto';
import { AccountError } from '../sync/account-errors.js';
import type {
  AccountCalls,
  AccountStore,
  Operation,
  OperationResult,
  PullAnswer,
  PushAnswer,
  RemoteRecord,
} from '../sync/account-store.js';
import { clamp, compareHlc } from '../data/hlc.js';

/**
 * One account's records as the stored routines keep them, in memory: for tests that need thousands of calls, or a fault
 * at an exact moment. It lets everybody in, by whatever name and password. The routines themselves are tested on real servers.
 */
export interface MemoryAccountStore extends AccountStore {
  /** Called around each push and pull; may throw, before or after it took effect, or change the answer. */
  fault: {
    beforePush?: (operations: readonly Operation[]) => readonly Operation[];
    afterPush?: (answer: PushAnswer) => PushAnswer;
    beforePull?: () => void;
    afterPull?: (answer: PullAnswer) => PullAnswer;
  };
  /** Refuses operations for which this answers true. */
  refuses: (operation: Operation) => boolean;
  readonly calls: { push: number; pull: number };
  /** Every record without its `seq`, by kind and id: what all machines must agree on. */
  dump(): readonly Omit<RemoteRecord, 'seq'>[];
  /** A copy of the data, as a backup has it. */
  backUp(): () => void;
  put(record: Omit<RemoteRecord, 'seq'>): void;
}

export function createMemoryAccountStore(now: () => number = Date.now): MemoryAccountStore {
  let records = new Map<string, RemoteRecord>();
  /** The clock that each applied operation was given instead of its own. */
  let applied = new Map<string, string | null>();
  let seq = 0;
  let epoch = randomUUID();
  const accountId = randomUUID();
  const keyOf = ({ kind, id }: { readonly kind: string; readonly id: string }) => `${kind}/${id}`;
  const isDeleted = (key: { readonly kind: string; readonly id: string }) => records.get(keyOf(key))?.deleted != null;

  function apply(operation: Operation, order: number): OperationResult {
    const { opId, kind, id, parent } = operation;
    if (store.refuses(operation)) return { opId, state: 'rejected', code: 'sync/malformed' };
    const given = applied.get(opId);
    if (given !== undefined) return { opId, state: 'already', clock: given };
    const clock = clamp(operation.clock, now(), order);
    const replaced = clock === operation.clock ? null : clock;
    applied.set(opId, replaced);
    const known = records.get(keyOf({ kind, id }));
    if (known?.deleted != null || (parent && isDeleted(parent))) return { opId, state: 'applied', clock: replaced };
    if ('deleted' in operation) {
      const children = [...records.values()].filter((each) => each.parent?.kind === kind && each.parent.id === id);
      for (const each of [...children, { kind, id, parent: parent ?? null }]) {
        records.set(keyOf(each), { ...each, seq: ++seq, fields: {}, clocks: {}, deleted: clock });
      }
      return { opId, state: 'applied', clock: replaced };
    }
    const [fields, clocks] = [{ ...known?.fields }, { ...known?.clocks }];
    for (const [name, value] of Object.entries(operation.fields)) {
      const stamp = clocks[name];
      if (stamp !== undefined && compareHlc(clock, stamp) <= 0) continue;
      fields[name] = value;
      clocks[name] = clock;
    }
    records.set(keyOf({ kind, id }), {
      kind,
      id,
      seq: ++seq,
      parent: parent ?? known?.parent ?? null,
      fields,
      clocks,
      deleted: null,
    });
    return { opId, state: 'applied', clock: replaced };
  }

  const refuse = () => Promise.reject(new AccountError('account/store-failed', 'not in this fake'));
  const calls: AccountCalls = {
    info: refuse,
    register: () => Promise.resolve({ accountId }),
    signIn: () => Promise.resolve({ accountId, restored: false }),
    recover: () => Promise.resolve({ accountId }),
    signOut: () => Promise.resolve(),
    sessions: refuse,
    revokeSession: refuse,
    changePassword: refuse,
    deleteAccount: () => Promise.resolve({ purgeTimeMs: now(), records: records.size }),
    async push(_token, given) {
      store.calls.push += 1;
      const operations = store.fault.beforePush?.(given) ?? given;
      await Promise.resolve();
      const seqBefore = seq;
      const answered = new Map(operations.map((operation, order) => [operation.opId, apply(operation, order)]));
      const results = given.map(({ opId }) => answered.get(opId)).filter((result) => result !== undefined);
      const answer: PushAnswer = { results, seqBefore, seq, epoch, serverTimeMs: now() };
      return store.fault.afterPush?.(answer) ?? answer;
    },
    async pull(_token, page) {
      store.calls.pull += 1;
      store.fault.beforePull?.();
      await Promise.resolve();
      const base = { epoch, seq, serverTimeMs: now() };
      if (page.epoch !== null && page.epoch !== epoch)
        return { ...base, records: [], unreadable: [], cursor: page.since };
      const found = [...records.values()].filter((record) => record.seq > page.since).sort((a, b) => a.seq - b.seq);
      const taken = found.slice(0, page.limit);
      const answer: PullAnswer = { ...base, records: taken, unreadable: [], cursor: taken.at(-1)?.seq ?? page.since };
      return store.fault.afterPull?.(answer) ?? answer;
    },
  };

  const store: MemoryAccountStore = {
    fault: {},
    refuses: () => false,
    calls: { push: 0, pull: 0 },
    async burst(work, signal) {
      signal.throwIfAborted();
      return work(calls);
    },
    dump: () =>
      [...records.values()].map(({ seq: _seq, ...record }) => record).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)),
    backUp() {
      const copy = { records: new Map(records), applied: new Map(applied), seq };
      return () => {
        ({ records, applied, seq } = { records: new Map(copy.records), applied: new Map(copy.applied), seq: copy.seq });
        epoch = randomUUID();
      };
    },
    put(record) {
      records.set(keyOf(record), { ...record, seq: ++seq });
    },
  };
  return store;
}
