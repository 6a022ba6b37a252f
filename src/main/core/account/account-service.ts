import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { AccountView, DeviceView, StoreView } from '../../../shared/contract/account.js';
import { AppError } from '../../../shared/errors.js';
import type { Log, SecretStore } from '../ports.js';
import { AccountError } from '../sync/account-errors.js';
import type { AccountCalls, AccountStore } from '../sync/account-store.js';
import { parseConnectionString, type StoreAddress } from '../sync/connection-string.js';
import {
  isName,
  makeRecoveryCode,
  normaliseName,
  passwordKey,
  readRecoveryCode,
  recoveryKey,
} from '../sync/password-key.js';
import { diagnose } from '../sync/store-diagnosis.js';
import { writeAccountRecord, type AccountRecord } from './account-record.js';

/** Whose profile is open, and what its sync needs; null: the local profile. */
export interface AccountSession {
  readonly account: { readonly id: string; readonly name: string };
  readonly store: AccountStore;
  /** 32 bytes; the store knows its hash. Empty where the key ring has lost it: signing in again brings one. */
  readonly token: Buffer;
}

export interface AccountServiceOptions {
  readonly userData: string;
  /** As it was read at the start. */
  readonly record: AccountRecord;
  readonly secrets: SecretStore;
  readonly log: Log;
  createStore(address: StoreAddress): AccountStore;
  /** Closes the open profile and opens another; resolves when it is usable. */
  open(session: AccountSession | null): Promise<void>;
  /** Removes what this machine has of an account that is not signed in. */
  removeProfile(accountId: string): Promise<void>;
  /** Topics of the local profile that could be taken along. */
  countLocalTopics(): Promise<number>;
}

export interface AccountService {
  view(): Promise<AccountView>;
  /** The session of the last start; null where nobody was signed in. Needs no network. */
  resume(): Promise<AccountSession | null>;
  test(connectionString: string | null): Promise<StoreView>;
  register(form: {
    readonly connectionString: string | null;
    readonly name: string;
    readonly password: string;
    readonly invitation: string | null;
  }): Promise<{ readonly recoveryCode: string }>;
  signIn(form: {
    readonly connectionString: string | null;
    readonly name: string;
    readonly password: string;
  }): Promise<void>;
  recover(form: {
    readonly connectionString: string | null;
    readonly name: string;
    readonly recoveryCode: string;
    readonly password: string;
  }): Promise<{ readonly recoveryCode: string }>;
  signOut(): Promise<void>;
  changePassword(oldPassword: string, newPassword: string): Promise<number>;
  devices(): Promise<readonly DeviceView[]>;
  revokeDevice(deviceId: string): Promise<void>;
  /** Removes everything from this machine at once. Answers when the store will have done so, Unix time in ms. */
  remove(password: string): Promise<number>;
}

const patience = () => AbortSignal.timeout(60_000);
const tokenName = (accountId: string) => `account/${accountId}/token`;

/**
 * Signing in and out. Signing in needs the account store; being signed in does not: the session lies in the key ring,
 * and the account's profile on this machine.
 */
export function createAccountService(options: AccountServiceOptions): AccountService {
  const { userData, secrets, log, createStore, open } = options;
  let record = options.record;
  let session: AccountSession | null = null;

  function addressOf(given: string | null): { readonly text: string; readonly address: StoreAddress } {
    const text = given ?? record.connectionString;
    if (text === null) throw new AppError('account/bad-connection-string');
    const parsed = parseConnectionString(text);
    if (parsed.ok) return { text, address: parsed.address };
    throw new AppError(
      (
        {
          'not-a-connection-string': 'account/bad-connection-string',
          damaged: 'account/connection-string-damaged',
          'too-new': 'account/store-too-new',
        } as const
      )[parsed.problem],
    );
  }

  /** Makes the one who has just been let in the one whose profile is open. */
  async function enter(
    text: string,
    store: AccountStore,
    accountId: string,
    name: string,
    token: Buffer,
  ): Promise<void> {
    const account = { id: accountId, name };
    await removeDeleted();
    await secrets.set(tokenName(accountId), token.toString('base64url'));
    // Signing in takes the deletion back, also where there was no removing the profile yet.
    record = { connectionString: text, account, deleted: record.deleted.filter((id) => id !== accountId) };
    await writeAccountRecord(userData, record);
    session = { account, store, token };
    await open(session);
  }

  async function leave({ forGood }: { readonly forGood: boolean }): Promise<void> {
    if (!session) return;
    const { id } = session.account;
    await secrets.delete(tokenName(id));
    // Written down before it is done: a crash or a file that somebody has open only puts it off.
    record = { ...record, account: null, deleted: forGood ? [...record.deleted, id] : record.deleted };
    await writeAccountRecord(userData, record);
    session = null;
    await open(null);
  }

  /** Removes the profiles of deleted accounts; one that cannot be removed now is tried again at the next start. */
  async function removeDeleted(): Promise<void> {
    for (const accountId of record.deleted) {
      try {
        await options.removeProfile(accountId);
        record = { ...record, deleted: record.deleted.filter((id) => id !== accountId) };
        await writeAccountRecord(userData, record);
      } catch (error) {
        log.error('profile of a deleted account not removed', { error });
      }
    }
  }

  function current(): AccountSession {
    if (!session) throw new AppError('account/not-signed-in');
    return session;
  }

  const calling = <T>(work: (calls: AccountCalls, token: Buffer) => Promise<T>): Promise<T> => {
    const { store, token } = current();
    return told(store.burst((calls) => work(calls, token), patience()));
  };

  return {
    async view() {
      const where = session ? await secrets.whereIs(tokenName(session.account.id)) : 'none';
      const address = record.connectionString === null ? null : parseConnectionString(record.connectionString);
      return {
        account: session?.account ?? null,
        storeHost: address?.ok ? address.address.host : null,
        sessionKept: where === 'none' ? null : where,
        localTopics: session ? await options.countLocalTopics() : 0,
      };
    },

    async resume() {
      await removeDeleted();
      if (!record.account || record.connectionString === null) return null;
      const { address } = addressOf(null);
      const token = await secrets.get(tokenName(record.account.id));
      // A session kept for one run only is over. Who it was is still known, and the history is here.
      if (token === null) log.warn('session is gone: sign in again');
      session = { account: record.account, store: createStore(address), token: Buffer.from(token ?? '', 'base64url') };
      return session;
    },

    async test(connectionString) {
      const { text } = addressOf(connectionString);
      const diagnosis = await diagnose(text, createStore, patience());
      if (!diagnosis.ok) throw new AppError(diagnosis.code);
      const { address, info } = diagnosis;
      return { host: address.host, serverVersion: info.serverVersion, inviteOnly: info.inviteOnly };
    },

    async register({ connectionString, name: typedName, password, invitation }) {
      const { text, address } = addressOf(connectionString);
      const name = validName(typedName);
      const store = createStore(address);
      const [key, token, recoveryCode] = [await passwordKey(name, password), randomBytes(32), makeRecoveryCode()];
      const { accountId } = await told(
        store.burst(
          (calls) =>
            calls.register({
              name,
              key,
              token,
              device: hostname(),
              recoveryKey: recoveryKey(name, recoveryCode),
              invitation,
            }),
          patience(),
        ),
      );
      await enter(text, store, accountId, name, token);
      return { recoveryCode };
    },

    async signIn({ connectionString, name: typedName, password }) {
      const { text, address } = addressOf(connectionString);
      const name = validName(typedName);
      const store = createStore(address);
      const [key, token] = [await passwordKey(name, password), randomBytes(32)];
      const { accountId } = await told(
        store.burst((calls) => calls.signIn({ name, key, token, device: hostname() }), patience()),
      );
      await enter(text, store, accountId, name, token);
    },

    async recover({ connectionString, name: typedName, recoveryCode, password }) {
      const { text, address } = addressOf(connectionString);
      const name = validName(typedName);
      const code = readRecoveryCode(recoveryCode);
      // A slip of the pen is seen here, and costs no try.
      if (code === null) throw new AppError('account/wrong-login', 'not a recovery code');
      const store = createStore(address);
      const [newKey, token, nextCode] = [await passwordKey(name, password), randomBytes(32), makeRecoveryCode()];
      const { accountId } = await told(
        store.burst(
          (calls) =>
            calls.recover({
              name,
              recoveryKey: recoveryKey(name, code),
              newKey,
              newRecoveryKey: recoveryKey(name, nextCode),
              token,
              device: hostname(),
            }),
          patience(),
        ),
      );
      await enter(text, store, accountId, name, token);
      return { recoveryCode: nextCode };
    },

    async signOut() {
      const { store, token } = current();
      // Out of reach, the store keeps a session that nobody has the token of any more.
      await store
        .burst((calls) => calls.signOut(token), AbortSignal.timeout(5000))
        .catch((error: unknown) => {
          log.warn('session not ended at the store', { error });
        });
      await leave({ forGood: false });
    },

    async changePassword(oldPassword, newPassword) {
      const { name } = current().account;
      const change = {
        oldKey: await passwordKey(name, oldPassword),
        newKey: await passwordKey(name, newPassword),
        newRecoveryKey: null,
      };
      return calling((calls, token) => calls.changePassword(token, change));
    },

    async devices() {
      const sessions = await calling((calls, token) => calls.sessions(token));
      return sessions.map(({ id, device, createdTimeMs, usedTimeMs, isThis }) => ({
        id,
        name: device,
        signedInTime: createdTimeMs,
        usedTime: usedTimeMs,
        isThis,
      }));
    },

    async revokeDevice(deviceId) {
      await calling((calls, token) => calls.revokeSession(token, deviceId));
    },

    async remove(password) {
      const key = await passwordKey(current().account.name, password);
      const { purgeTimeMs } = await calling((calls, token) => calls.deleteAccount(token, key));
      await leave({ forGood: true });
      await removeDeleted();
      return purgeTimeMs;
    },
  };
}

function validName(typed: string): string {
  const name = normaliseName(typed);
  if (!isName(name)) throw new AppError('account/bad-name');
  return name;
}

/** The store's errors as the interface knows them. */
async function told<T>(promise: Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof AccountError) throw new AppError(error.code, error.message, { cause: error });
    if (error instanceof DOMException && error.name === 'TimeoutError')
      throw new AppError('account/unreachable', 'no answer');
    throw error;
  }
}
