import { z } from 'zod';
import type { ErrorView } from '../errors.js';
import { request } from './define.js';

/** Who is using this machine's BotChat. */
export interface AccountView {
  /** Null: nobody is signed in, and history stays on this machine. */
  readonly account: { readonly id: string; readonly name: string } | null;
  /** The host of the account store that was used last, for which no connection string has to be pasted again. */
  readonly storeHost: string | null;
  /** Whether the next start will still be signed in; null when nobody is. */
  readonly sessionKept: 'keyring' | 'session' | null;
  /** Topics of the local profile that could be taken into the account; 0 when none, or when that was declined. */
  readonly localTopics: number;
  /** Why the account of the last start is not open; null where it is, or there was none. */
  readonly problem: ErrorView | null;
}

export interface SyncView {
  /**
   * 'local': no account. 'synced': the account store has everything. 'pending': changes wait to be sent.
   * 'syncing': they are being sent or fetched. 'offline': the store cannot be reached now, and is tried again by
   * itself. 'signed-out': the session was ended (elsewhere, or by a new password): sign in again; nothing is lost.
   */
  readonly state: 'local' | 'synced' | 'pending' | 'syncing' | 'offline' | 'signed-out';
  /** Changes that have not been sent. */
  readonly pending: number;
  /** Changes that the store refuses for good; they stay on this machine. */
  readonly refused: number;
  /** Records of the store that could not be read; the others are here. */
  readonly setAside: number;
  /** Why the last try failed. */
  readonly error: ErrorView | null;
  /** When everything was last in step, Unix time in ms. */
  readonly syncedTime: number | null;
}

export interface StoreView {
  readonly host: string;
  readonly serverVersion: string;
  /** Registering needs an invitation code. */
  readonly inviteOnly: boolean;
}

/** The recovery code is shown this once, whatever came after. `error`: why the account is not open on this machine. */
export interface RegisteredView {
  readonly recoveryCode: string;
  readonly error: ErrorView | null;
}

/** A device on which the account is signed in. */
export interface DeviceView {
  readonly id: string;
  readonly name: string;
  /** Unix times, ms; the latter is exact to the hour. */
  readonly signedInTime: number;
  readonly usedTime: number;
  readonly isThis: boolean;
}

/** In characters; `code` is an invitation's or a recovery code's. */
export const accountLimits = {
  connectionString: 16_000,
  name: 200,
  password: 200,
  shortestPassword: 8,
  code: 100,
} as const;

/** What whoever runs the store handed out; null for the store that was used last. */
const connectionString = z.string().trim().max(accountLimits.connectionString).nullable();
const name = z.string().trim().min(1).max(accountLimits.name);
const newPassword = z.string().min(accountLimits.shortestPassword).max(accountLimits.password);
/** One that was chosen before, under whatever rules. */
const password = z.string().min(1).max(accountLimits.password);
const code = z.string().trim().max(accountLimits.code);

export const accountRequests = {
  /** Tries a connection string: the whole way, up to what the store says of itself. */
  'account.test': request<StoreView>()(z.strictObject({ connectionString })),
  /** Makes an account and signs in. The recovery code is shown this once. */
  'account.register': request<RegisteredView>()(
    z.strictObject({ connectionString, name, password: newPassword, invitation: code.nullable() }),
  ),
  'account.signIn': request<null>()(z.strictObject({ connectionString, name, password })),
  /** A new password by the recovery code, which is spent; answers the next one. Signs in, and out everywhere else. */
  'account.recover': request<RegisteredView>()(
    z.strictObject({ connectionString, name, recoveryCode: code.min(1), password: newPassword }),
  ),
  /** Hides everything of the account on this machine. Unsent changes wait here until it is signed in again. */
  'account.signOut': request<null>()(z.strictObject({})),
  /** Ends all other sessions; answers how many. */
  'account.changePassword': request<{ readonly endedSessions: number }>()(
    z.strictObject({ oldPassword: password, newPassword }),
  ),
  'account.devices': request<readonly DeviceView[]>()(z.strictObject({})),
  'account.revokeDevice': request<null>()(z.strictObject({ deviceId: z.string().max(100) })),
  /** Signs out everywhere. The store removes everything at `purgeTime` (Unix, ms), unless somebody signs in before. */
  'account.delete': request<{ readonly purgeTime: number }>()(z.strictObject({ password })),
  /** Moves the local profile's history into the account; answers how many topics. */
  'account.takeHistory': request<{ readonly topics: number }>()(z.strictObject({})),
  /** Leaves the local profile's history where it is, and asks no more. */
  'account.leaveHistory': request<null>()(z.strictObject({})),
  /** Sends and fetches now, instead of at the next turn of the clock. */
  'sync.now': request<null>()(z.strictObject({})),
};

export interface AccountEvents {
  /** Somebody signed in or out: the whole state is another, so ask for the snapshot again. */
  'account.changed': { readonly account: AccountView };
  'sync.changed': { readonly sync: SyncView };
}
