import type { AccountErrorCode } from './account-errors.js';
import type { Hlc } from '../data/hlc.js';

/**
 * Where an account's history is kept for all its machines. Behind this port lies a MySQL server today
 * (mysql-account-store.ts); anything that keeps the promises below can take its place.
 *
 * Every call throws an `AccountError`, and can be made again after any failure: the store notices repetitions.
 */
export interface AccountStore {
  /**
   * Does some calls over one connection, opened by the first of them and closed when `work` has ended. On abort the
   * connection is cut and the signal's reason thrown; whether a call that was under way took effect is not known.
   */
  burst<T>(work: (calls: AccountCalls) => Promise<T>, signal: AbortSignal): Promise<T>;
}

export interface AccountCalls {
  /** Throws `account/store-too-old` or `-too-new` where the versions do not meet. */
  info(): Promise<StoreInfo>;
  /** Throws `account/name-taken`, `bad-name`, `bad-invitation`, `registrations-paused`. */
  register(account: Registration): Promise<SignedIn>;
  /** Throws `account/wrong-login` for a wrong name or password alike, `account/throttled` after several of them. */
  signIn(login: Login): Promise<SignedIn & { readonly restored: boolean }>;
  /** A new password by the recovery code; ends all sessions and spends the code. Throws as `signIn`. */
  recover(recovery: Recovery): Promise<SignedIn>;
  /** Ends this session; no error where it had ended. */
  signOut(token: Buffer): Promise<void>;
  /** The devices that are signed in, last used first. Throws `account/session-ended`, as all below. */
  sessions(token: Buffer): Promise<readonly DeviceSession[]>;
  /** Answers whether there was such a session of this account. */
  revokeSession(token: Buffer, sessionId: string): Promise<boolean>;
  /** Ends all other sessions; answers how many. Throws as `signIn`. */
  changePassword(token: Buffer, change: PasswordChange): Promise<number>;
  /** Ends all sessions; the records go 7 days later, unless somebody signs in before. Throws as `signIn`. */
  deleteAccount(token: Buffer, key: Buffer): Promise<AccountDeletion>;
  /**
   * Sends operations: each is applied once, however often it is sent, and answered for by itself. At most 500 of them
   * and about 1 MiB; see `splitIntoBatches`.
   */
  push(token: Buffer, operations: readonly Operation[]): Promise<PushAnswer>;
  /** The records that changed after a cursor, in the order of their changes. */
  pull(token: Buffer, page: PullPage): Promise<PullAnswer>;
}

export interface StoreInfo {
  readonly serverVersion: string;
  readonly schemaVersion: number;
  readonly inviteOnly: boolean;
  /** Unix time, ms. */
  readonly serverTimeMs: number;
}

/** Keys are 32 bytes (password-key.ts); the token is 32 random bytes made by the app. */
export interface Login {
  readonly name: string;
  readonly key: Buffer;
  readonly token: Buffer;
  /** What the list of devices calls this one; at most 100 characters. */
  readonly device: string;
}

export interface Registration extends Login {
  readonly recoveryKey: Buffer;
  readonly invitation: string | null;
}

export interface Recovery {
  readonly name: string;
  readonly recoveryKey: Buffer;
  readonly newKey: Buffer;
  readonly newRecoveryKey: Buffer;
  readonly token: Buffer;
  readonly device: string;
}

export interface SignedIn {
  readonly accountId: string;
}

export interface DeviceSession {
  readonly id: string;
  readonly device: string;
  /** Unix times, ms. `usedTimeMs` is exact to the hour. */
  readonly createdTimeMs: number;
  readonly usedTimeMs: number;
  readonly isThis: boolean;
}

export interface PasswordChange {
  readonly oldKey: Buffer;
  readonly newKey: Buffer;
  /** Null keeps the recovery code. */
  readonly newRecoveryKey: Buffer | null;
}

export interface AccountDeletion {
  readonly records: number;
  /** Unix time, ms. */
  readonly purgeTimeMs: number;
}

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** What a record is, whatever its kind: `topic`, `conversation`, or one that a later version thinks of. */
export interface RecordKey {
  /** `[a-z][a-z0-9_-]*`, at most 32. */
  readonly kind: string;
  /** `[A-Za-z0-9_.:-]+`, at most 64. */
  readonly id: string;
}

interface AnyOperation extends RecordKey {
  /** As `id`; the same for every repetition. */
  readonly opId: string;
  readonly clock: Hlc;
  /** What the record belongs to: deleting that deletes it. */
  readonly parent?: RecordKey;
}

/** Sets some fields, each unless the store has it with a later clock. 1 to 64 names of `[A-Za-z][A-Za-z0-9_]*`. */
export interface SetOperation extends AnyOperation {
  readonly fields: Readonly<Record<string, Json>>;
}

/** Deletes a record for good: no clock brings it back. */
export interface DeleteOperation extends AnyOperation {
  readonly deleted: true;
}

export type Operation = SetOperation | DeleteOperation;

export interface PushAnswer {
  /** One for each operation, in their order. */
  readonly results: readonly OperationResult[];
  /**
   * The account's counter before and after. Whoever had pulled up to the first has, but for clocks that were replaced,
   * all there is up to the second.
   */
  readonly seqBefore: number;
  readonly seq: number;
  readonly epoch: string;
  /** Unix time, ms. */
  readonly serverTimeMs: number;
}

export type OperationResult =
  | {
      readonly opId: string;
      /** `already`: it had been applied before, by a call whose answer was lost. */
      readonly state: 'applied' | 'already';
      /** The clock it got instead of its own, which was too far ahead; take it over. */
      readonly clock: Hlc | null;
    }
  | {
      readonly opId: string;
      /** Sending it again as it is would not help. */
      readonly state: 'rejected';
      readonly code: Extract<AccountErrorCode, `sync/${string}`>;
    };

export interface PullPage {
  /** As it was last told; null at the first time. */
  readonly epoch: string | null;
  /** The cursor: `seq` of the last record received; 0 for all. */
  readonly since: number;
  /** 1 to 1000. */
  readonly limit: number;
}

export interface PullAnswer {
  /**
   * Where it is not the one of the page, the store was restored from a backup: there are no records in this answer.
   * Pull from 0, and push again what the store does not have.
   */
  readonly epoch: string;
  readonly records: readonly RemoteRecord[];
  /** Those of the page that are no records: what is behind them goes on. */
  readonly unreadable: readonly RecordKey[];
  /** The cursor to go on from. */
  readonly cursor: number;
  /** The account's counter: there is more while the cursor is below it. */
  readonly seq: number;
  /** Unix time, ms. */
  readonly serverTimeMs: number;
}

export interface RemoteRecord extends RecordKey {
  readonly seq: number;
  readonly parent: RecordKey | null;
  /** As they were sent, those that this version does not know too. */
  readonly fields: Readonly<Record<string, Json>>;
  /** The clock of each field. */
  readonly clocks: Readonly<Record<string, Hlc>>;
  /** The clock of its deletion; it has no fields then. */
  readonly deleted: Hlc | null;
}
