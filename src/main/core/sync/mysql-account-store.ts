import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { AccountError, isTransient, toAccountError } from './account-errors.js';
import type {
  AccountCalls,
  AccountStore,
  OperationResult,
  PullAnswer,
  PushAnswer,
  RecordKey,
  RemoteRecord,
  StoreInfo,
} from './account-store.js';
import type { StoreAddress } from './connection-string.js';
import {
  openConnection,
  usualDeadlines,
  type Argument,
  type Deadlines,
  type ResultSets,
  type StoreConnection,
} from './mysql-connection.js';
import { encodeBatch } from './push-batches.js';
import { probeTls } from './store-diagnosis.js';

/** The contract that this version speaks: the routines whose names end in it. */
const contractVersion = 1;

/** After how many failed tries a call gives up. Galera needed at most 12 for the worst of conflicts (measured). */
const maxTries = 14;
/** Waits grow from this to that, ms, each drawn at random below its limit ("full jitter"). */
const firstWaitMs = 20;
const longestWaitMs = 2000;

export interface MySqlAccountStoreOptions {
  readonly address: StoreAddress;
  readonly deadlines?: Deadlines;
  /** Told of each try that is going to be made again; for the log, and for tests that count. */
  readonly onRetry?: (routine: string, error: AccountError) => void;
}

/** The account store as a MySQL or MariaDB server whose routines are called directly (resources/account-store). */
export function createMySqlAccountStore(options: MySqlAccountStoreOptions): AccountStore {
  return {
    async burst(work, signal) {
      const line = createLine(options, signal);
      try {
        return await work(createCalls((routine, ...args) => line.call(routine, args)));
      } finally {
        line.close();
      }
    },
  };
}

type Call = (routine: string, ...args: Argument[]) => Promise<ResultSets>;

/** A connection that opens when it is needed, and again when it was lost. */
function createLine({ address, deadlines = usualDeadlines, onRetry }: MySqlAccountStoreOptions, signal: AbortSignal) {
  let connection: StoreConnection | null = null;

  async function callOnce(routine: string, args: readonly Argument[]): Promise<ResultSets> {
    if (!connection?.isOpen) connection = await openConnection(address, signal, deadlines);
    return await connection.call(routine, args, signal);
  }

  return {
    async call(routine: string, args: readonly Argument[]): Promise<ResultSets> {
      for (let tries = 1; ; tries += 1) {
        try {
          return await callOnce(routine, args);
        } catch (error) {
          signal.throwIfAborted();
          const ours = toAccountError(error);
          if (ours.code === 'account/untrusted') await probeTls(address, signal); // throws what exactly is wrong
          if (!isTransient(error) || tries >= maxTries) throw ours;
          onRetry?.(routine, ours);
        }
        await delay(Math.random() * Math.min(longestWaitMs, firstWaitMs * 2 ** tries), undefined, { signal });
      }
    },
    close() {
      connection?.close();
    },
  };
}

function createCalls(call: Call): AccountCalls {
  return {
    async info() {
      return readInfo(await call('server_info'));
    },
    async register({ name, key, recoveryKey, invitation, token, device }) {
      const [account] = read(
        signedInRows,
        await call('register_v1', name, key, recoveryKey, invitation, token, device),
      );
      return { accountId: account.account_id };
    },
    async signIn({ name, key, token, device }) {
      const [account] = read(signedInRows, await call('login_v1', name, key, token, device));
      return { accountId: account.account_id, restored: account.restored === 1 };
    },
    async recover({ name, recoveryKey, newKey, newRecoveryKey, token, device }) {
      const sets = await call('recover_v1', name, recoveryKey, newKey, newRecoveryKey, token, device);
      return { accountId: read(signedInRows, sets)[0].account_id };
    },
    async signOut(token) {
      await call('logout_v1', token);
    },
    async sessions(token) {
      return read(sessionRows, await call('sessions_v1', token)).map((row) => ({
        id: row.id,
        device: row.device,
        createdTimeMs: row.created_time_ms,
        usedTimeMs: row.used_time_ms,
        isThis: row.is_this === 1,
      }));
    },
    async revokeSession(token, sessionId) {
      return read(revokedRows, await call('revoke_session_v1', token, sessionId))[0].revoked > 0;
    },
    async changePassword(token, { oldKey, newKey, newRecoveryKey }) {
      const sets = await call('change_password_v1', token, oldKey, newKey, newRecoveryKey);
      return read(changedRows, sets)[0].ended_sessions;
    },
    async deleteAccount(token, key) {
      const [deletion] = read(deletionRows, await call('delete_account_v1', token, key));
      return { records: deletion.records, purgeTimeMs: deletion.purge_time_ms };
    },
    async push(token, operations) {
      const ids = operations.map(({ opId }) => opId);
      return readPushAnswer(await call('push_v1', token, encodeBatch(operations)), ids);
    },
    async pull(token, { epoch, since, limit }) {
      return readPullAnswer(await call('pull_v1', token, epoch, String(since), String(limit)), since);
    },
  };
}

const only = <Row extends z.ZodType>(row: Row) => z.tuple([row]);
const signedInRows = only(z.object({ account_id: z.uuid(), restored: z.number().optional() }));
const sessionRows = z.array(
  z.object({
    id: z.string(),
    device: z.string(),
    created_time_ms: z.number(),
    used_time_ms: z.number(),
    is_this: z.number(),
  }),
);
const revokedRows = only(z.object({ revoked: z.number() }));
const changedRows = only(z.object({ ended_sessions: z.number() }));
const deletionRows = only(z.object({ records: z.number(), purge_time_ms: z.number() }));
const infoRows = only(
  z.object({
    product: z.literal('botchat-account-store'),
    oldest_version: z.number(),
    newest_version: z.number(),
    schema_version: z.number(),
    invite_only: z.number(),
    server_version: z.string(),
    server_time_ms: z.number(),
  }),
);
const pushRows = only(
  z.object({
    results: z.string(),
    seq_before: z.number(),
    seq: z.number(),
    epoch: z.string(),
    server_time_ms: z.number(),
  }),
);
const pushResults = z.array(
  z.tuple([
    z.number(),
    z.enum(['applied', 'already', 'rejected']),
    z.enum(['malformed', 'too-large', 'full']).nullable(),
    z.string().nullable(),
  ]),
);
const recordRow = z.object({
  kind: z.string(),
  id: z.string(),
  seq: z.number(),
  parent_kind: z.string().nullable(),
  parent_id: z.string().nullable(),
  fields: z.string(),
  clock: z.string(),
  clocks: z.string(),
  deleted: z.string().nullable(),
});
/** As much of a row as must be right, or the page could not be gone on from. */
const rowKeys = z.array(z.looseObject({ kind: z.string().max(100), id: z.string().max(200), seq: z.int().positive() }));
const pullRows = only(z.object({ epoch: z.string(), seq: z.number(), server_time_ms: z.number() }));
const fieldsObject = z.record(z.string(), z.json());
const clocksObject = z.record(z.string(), z.string());

/** What a store of ours cannot have answered is no failure of ours, but of the server. */
function read<Schema extends z.ZodType>(schema: Schema, sets: ResultSets, index = 0): z.infer<Schema> {
  return check(schema, sets[index]);
}

function check<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (!parsed.success)
    throw new AccountError('account/store-failed', 'unexpected answer', null, { cause: parsed.error });
  return parsed.data;
}

function parseJson<Schema extends z.ZodType>(schema: Schema, text: string): z.infer<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new AccountError('account/store-failed', 'unexpected answer', null, { cause: error });
  }
  return check(schema, value);
}

function readInfo(sets: ResultSets): StoreInfo {
  const [row] = read(infoRows, sets);
  if (row.newest_version < contractVersion) throw new AccountError('account/store-too-old');
  if (row.oldest_version > contractVersion) throw new AccountError('account/store-too-new');
  return {
    serverVersion: row.server_version,
    schemaVersion: row.schema_version,
    inviteOnly: row.invite_only === 1,
    serverTimeMs: row.server_time_ms,
  };
}

function readPushAnswer(sets: ResultSets, ids: readonly string[]): PushAnswer {
  const [row] = read(pushRows, sets);
  const byPosition = new Map(
    parseJson(pushResults, row.results).map(([position, state, code, clock]) => [position, { state, code, clock }]),
  );
  const results = ids.map((opId, position): OperationResult => {
    const result = byPosition.get(position);
    if (!result) throw new AccountError('account/store-failed', 'an operation was not answered for');
    const { state, code, clock } = result;
    return state === 'rejected' ? { opId, state, code: `sync/${code ?? 'malformed'}` } : { opId, state, clock };
  });
  return { results, seqBefore: row.seq_before, seq: row.seq, epoch: row.epoch, serverTimeMs: row.server_time_ms };
}

function readPullAnswer(sets: ResultSets, since: number): PullAnswer {
  const [summary] = read(pullRows, sets, 1);
  const rows = read(rowKeys, sets);
  const records: RemoteRecord[] = [];
  const unreadable: RecordKey[] = [];
  for (const row of rows) {
    const record = readRecord(row);
    if (record) records.push(record);
    else unreadable.push({ kind: row.kind, id: row.id });
  }
  return {
    epoch: summary.epoch,
    records,
    unreadable,
    cursor: rows.at(-1)?.seq ?? since,
    seq: summary.seq,
    serverTimeMs: summary.server_time_ms,
  };
}

/** Null for a row that is no record: MariaDB takes for JSON what JavaScript does not. */
function readRecord(given: unknown): RemoteRecord | null {
  const row = recordRow.safeParse(given);
  if (!row.success) return null;
  const { kind, id, seq, parent_kind, parent_id, clock, deleted } = row.data;
  const fields = fieldsObject.safeParse(jsonOf(row.data.fields));
  const exceptions = clocksObject.safeParse(jsonOf(row.data.clocks));
  if (!fields.success || !exceptions.success) return null;
  return {
    kind,
    id,
    seq,
    parent: parent_kind !== null && parent_id !== null ? { kind: parent_kind, id: parent_id } : null,
    fields: fields.data,
    clocks: Object.fromEntries(Object.keys(fields.data).map((name) => [name, exceptions.data[name] ?? clock])),
    deleted,
  };
}

/** Undefined for what is no JSON. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
