import { randomBytes, randomUUID } from 'node:crypto';
import type {
  AccountCalls,
  AccountStore,
  DeleteOperation,
  Json,
  Operation,
  PullAnswer,
  RemoteRecord,
  SetOperation,
} from '../../src/main/core/sync/account-store.js';
import { AccountError, type AccountErrorCode } from '../../src/main/core/sync/account-errors.js';
import { formatHlc } from '../../src/main/core/data/hlc.js';
import {
  createMySqlAccountStore,
  type MySqlAccountStoreOptions,
} from '../../src/main/core/sync/mysql-account-store.js';
import type { StoreServer } from './test-server.js';

/** An app that is signed in, as far as the store sees it. */
export interface Learner {
  readonly name: string;
  readonly accountId: string;
  readonly key: Buffer;
  readonly recoveryKey: Buffer;
  readonly token: Buffer;
  readonly node: string;
  readonly store: AccountStore;
}

/** Never aborted. */
export const always = new AbortController().signal;

export function storeOf(server: StoreServer, options: Partial<MySqlAccountStoreOptions> = {}): AccountStore {
  return createMySqlAccountStore({ address: server.address, ...options });
}

export function makeNode(): string {
  return randomBytes(8).toString('hex');
}

/** Keys are random: what they are made from is tested elsewhere, and takes its time. */
export async function registerLearner(
  store: AccountStore,
  name = `learner-${randomUUID().slice(0, 13)}`,
): Promise<Learner> {
  const [key, recoveryKey, token] = [randomBytes(32), randomBytes(32), randomBytes(32)];
  const account = { name, key, recoveryKey, token, device: 'Test machine', invitation: null };
  const { accountId } = await store.burst((calls) => calls.register(account), always);
  return { name, accountId, key, recoveryKey, token, node: makeNode(), store };
}

/** The same account on another machine. */
export async function signInAgain(learner: Learner): Promise<Learner> {
  const token = randomBytes(32);
  const login = { name: learner.name, key: learner.key, token, device: 'Other machine' };
  await learner.store.burst((calls) => calls.signIn(login), always);
  return { ...learner, token, node: makeNode() };
}

export function clockAt(ms: number, node: string, counter = 0): string {
  return formatHlc({ ms, counter, node });
}

interface OperationParts {
  readonly kind?: string;
  readonly id?: string;
  readonly opId?: string;
  readonly clock?: string;
  readonly parent?: { readonly kind: string; readonly id: string };
}

function operationBase(
  learner: Learner,
  { kind = 'topic', id = randomUUID(), opId = randomUUID(), clock, parent }: OperationParts,
) {
  return { kind, id, opId, clock: clock ?? clockAt(Date.now(), learner.node), ...(parent && { parent }) };
}

export function set(learner: Learner, fields: Record<string, Json>, parts: OperationParts = {}): SetOperation {
  return { ...operationBase(learner, parts), fields };
}

export function remove(learner: Learner, parts: OperationParts): DeleteOperation {
  return { ...operationBase(learner, parts), deleted: true };
}

export function push(learner: Learner, ...operations: readonly Operation[]) {
  return learner.store.burst((calls) => calls.push(learner.token, operations), always);
}

/** Everything of the account, page by page. */
export async function pullAll(learner: Learner, limit = 1000): Promise<readonly RemoteRecord[]> {
  return await learner.store.burst(async (calls) => {
    const records: RemoteRecord[] = [];
    let page: PullAnswer;
    let since = 0;
    do {
      page = await calls.pull(learner.token, { epoch: null, since, limit });
      records.push(...page.records);
      since = page.cursor;
    } while (page.cursor < page.seq && page.records.length > 0);
    return records;
  }, always);
}

export async function pullOne(learner: Learner, id: string): Promise<RemoteRecord | undefined> {
  return (await pullAll(learner)).find((record) => record.id === id);
}

/** The code that a call is refused with; null where it is not. */
export async function refusal(
  store: AccountStore,
  work: (calls: AccountCalls) => Promise<unknown>,
): Promise<AccountErrorCode | null> {
  try {
    await store.burst(work, always);
    return null;
  } catch (error) {
    if (error instanceof AccountError) return error.code;
    throw error;
  }
}
