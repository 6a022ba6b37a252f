import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { AccountView, DeviceView, StoreView } from '../../../shared/contract/account.js';
import { AppError, type ErrorView } from '../../../shared/errors.js';
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
import { connectionStringErrors, diagnose } from '../sync/store-diagnosis.js';
import { writeAccountRecord, type AccountRecord } from './account-record.js';
import { profileNameOf, storeIdentity } from './profile-name.js';

/** Whose profile is open, and what its sync needs; null: the local profile. */
export interface AccountSession {
  readonly account: { readonly id: string; readonly name: string };
  /** The name of its profile on this machine (`profile-name.ts`). */
  readonly profile: string;
  readonly store: AccountStore;
  /** 32 bytes; the store knows its hash. Empty where the key ring has lost it: signing in again brings one. */
  readonly token: Buffer;
}

/** A pasted connection string and where it leads. */
interface Place {
  readonly text: string;
  readonly address: StoreAddress;
}

export interface AccountServiceOptions {
  readonly userData: string;
  /** As it was read at the start. */
  readonly record: AccountRecord;
  readonly secrets: SecretStore;
  readonly log: Log;
  createStore(address: StoreAddress): AccountStore;
  /** Closes the open profile and opens another; resolves when it is usable. Where it rejects, the old one is open. */
  open(session: AccountSession | null): Promise<void>;
  /** Takes over the profile that an older app had for an account, if there is one and no newer. */
  adoptProfile(from: string, to: string): Promise<void>;
  /** Removes what this machine has of an account that is not signed in. */
  removeProfile(profile: string): Promise<void>;
  /** Topics of the local profile that could be taken along. */
  countLocalTopics(): Promise<number>;
}

export interface AccountService {
  view(): Promise<AccountView>;
  /** The session of the last start; null where nobody was signed in. Needs no network. */
  resume(): Promise<AccountSession | null>;
  /** The profile of the resumed session cannot be opened now: nobody is signed in, until the next start. */
  suspend(error: unknown): void;
  test(connectionString: string | null): Promise<StoreView>;
  register(form: {
    readonly connectionString: string | null;
    readonly name: string;
    readonly password: string;
    readonly invitation: string | null;
  }): Promise<Registered>;
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
  }): Promise<Registered>;
  signOut(): Promise<void>;
  changePassword(oldPassword: string, newPassword: string): Promise<number>;
  devices(): Promise<readonly DeviceView[]>;
  revokeDevice(deviceId: string): Promise<void>;
  /** Removes everything from this machine at once. Answers when the store will have done so, Unix time in ms. */
  remove(password: string): Promise<number>;
}

const patience = () => AbortSignal.timeout(60_000);
const tokenName = (profile: string) => `account/${profile}/token`;

/** The code is told whatever came after it: it cannot be had again. `error`: why the account is not open here. */
export interface Registered {
  readonly recoveryCode: string;
  readonly error: ErrorView | null;
}

/**
 * Signing in and out. Signing in needs the account store; being signed in does not: the session lies in the key ring,
 * and the account's profile on this machine.
 */
export function createAccountService(options: AccountServiceOptions): AccountService {
  const { userData, secrets, log, createStore, open } = options;
  let record = options.record;
  let session: AccountSession | null = null;
  let problem: ErrorView | null = null;
  /** Who is signed in changes one after the other. */
  let last: Promise<unknown> = Promise.resolve();

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  }

  function addressOf(given: string | null): Place {
    const text = given ?? record.connectionString;
    if (text === null) throw new AppError('account/bad-connection-string');
    const parsed = parseConnectionString(text);
    if (parsed.ok) return { text, address: parsed.address };
    throw new AppError(connectionStringErrors[parsed.problem]);
  }

  /** Whether the store of the last session is the one at `address`. */
  function isLastStore(address: StoreAddress): boolean {
    const known = record.connectionString === null ? null : parseConnectionString(record.connectionString);
    return known?.ok === true && storeIdentity(known.address) === storeIdentity(address);
  }

  /**
   * Makes the one who has just been let in the one whose profile is open. All of it is done, or nothing: whoever was
   * there before still is where it fails.
   */
  async function enter({ text, address }: Place, store: AccountStore, accountId: string, name: string, token: Buffer) {
    const profile = profileNameOf(address, accountId);
    if (profile === null) throw new AppError('account/store-failed', 'no account id');
    const { account: known } = record;
    if (known !== null && known.name === name && known.id !== accountId && isLastStore(address))
      throw new AppError('account/other-account');
    await removeDeleted();
    if (isLastStore(address)) await options.adoptProfile(accountId, profile);
    const before = { record, session, token: await secrets.get(tokenName(profile)) };
    await secrets.set(tokenName(profile), token.toString('base64url'));
    const account = { id: accountId, name };
    session = { account, profile, store, token };
    // Signing in takes the deletion back, also where there was no removing the profile yet.
    const deleted = record.deleted.filter((each) => each !== profile && each !== accountId);
    record = { connectionString: text, account, deleted };
    let isOpen = false;
    try {
      await open(session);
      isOpen = true;
      await writeAccountRecord(userData, record);
      problem = null;
    } catch (error) {
      ({ record, session } = before);
      if (before.token === null) await secrets.delete(tokenName(profile));
      else await secrets.set(tokenName(profile), before.token);
      if (isOpen) await open(session);
      throw error;
    }
  }

  async function leave({ forGood }: { readonly forGood: boolean }): Promise<void> {
    if (!session) return;
    const { profile } = session;
    const before = { record, session };
    // Written down before it is done: a crash or a file that somebody has open only puts it off.
    record = { ...record, account: null, deleted: forGood ? [...record.deleted, profile] : record.deleted };
    session = null;
    try {
      await writeAccountRecord(userData, record);
      await open(null);
    } catch (error) {
      ({ record, session } = before);
      // A deleted account stays deleted, whatever is open.
      if (!forGood) await writeAccountRecord(userData, record);
      throw error;
    }
    await secrets.delete(tokenName(profile));
  }

  /** Removes the profiles of deleted accounts; one that cannot be removed now is tried again at the next start. */
  async function removeDeleted(): Promise<void> {
    for (const profile of record.deleted) {
      try {
        await options.removeProfile(profile);
        record = { ...record, deleted: record.deleted.filter((each) => each !== profile) };
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
      const where = session ? await secrets.whereIs(tokenName(session.profile)) : 'none';
      const address = record.connectionString === null ? null : parseConnectionString(record.connectionString);
      return {
        account: session?.account ?? null,
        storeHost: address?.ok ? address.address.host : null,
        sessionKept: where === 'none' ? null : where,
        localTopics: session ? await options.countLocalTopics() : 0,
        problem,
      };
    },

    async resume() {
      await removeDeleted();
      if (!record.account || record.connectionString === null) return null;
      const { account } = record;
      const { address } = addressOf(null);
      const profile = profileNameOf(address, account.id);
      if (profile === null) return null;
      await options.adoptProfile(account.id, profile);
      const token = await secrets.get(tokenName(profile));
      // A session kept for one run only is over. Who it was is still known, and the history is here.
      if (token === null) log.warn('session is gone: sign in again');
      session = { account, profile, store: createStore(address), token: Buffer.from(token ?? '', 'base64url') };
      return session;
    },

    suspend(error) {
      session = null;
      problem = error instanceof AppError ? { code: error.code, detail: error.message } : { code: 'app/internal' };
    },

    async test(connectionString) {
      const { text } = addressOf(connectionString);
      const diagnosis = await diagnose(text, createStore, patience());
      if (!diagnosis.ok) throw new AppError(diagnosis.code);
      const { address, info } = diagnosis;
      return { host: address.host, serverVersion: info.serverVersion, inviteOnly: info.inviteOnly };
    },

    register: ({ connectionString, name: typedName, password, invitation }) =>
      inTurn(async () => {
        const place = addressOf(connectionString);
        const name = validName(typedName);
        const store = createStore(place.address);
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
        return { recoveryCode, error: await whyNot(enter(place, store, accountId, name, token)) };
      }),

    signIn: ({ connectionString, name: typedName, password }) =>
      inTurn(async () => {
        const place = addressOf(connectionString);
        const name = validName(typedName);
        const store = createStore(place.address);
        const [key, token] = [await passwordKey(name, password), randomBytes(32)];
        const { accountId } = await told(
          store.burst((calls) => calls.signIn({ name, key, token, device: hostname() }), patience()),
        );
        await enter(place, store, accountId, name, token);
      }),

    recover: ({ connectionString, name: typedName, recoveryCode, password }) =>
      inTurn(async () => {
        const place = addressOf(connectionString);
        const name = validName(typedName);
        const code = readRecoveryCode(recoveryCode);
        // A slip of the pen is seen here, and costs no try.
        if (code === null) throw new AppError('account/wrong-login', 'not a recovery code');
        const store = createStore(place.address);
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
        return { recoveryCode: nextCode, error: await whyNot(enter(place, store, accountId, name, token)) };
      }),

    signOut: () =>
      inTurn(async () => {
        const { store, token } = current();
        // Out of reach, the store keeps a session that nobody has the token of any more.
        await store
          .burst((calls) => calls.signOut(token), AbortSignal.timeout(5000))
          .catch((error: unknown) => {
            log.warn('session not ended at the store', { error });
          });
        await leave({ forGood: false });
      }),

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

    remove: (password) =>
      inTurn(async () => {
        const key = await passwordKey(current().account.name, password);
        const { purgeTimeMs } = await calling((calls, token) => calls.deleteAccount(token, key));
        await leave({ forGood: true });
        await removeDeleted();
        return purgeTimeMs;
      }),
  };
}

function validName(typed: string): string {
  const name = normaliseName(typed);
  if (!isName(name)) throw new AppError('account/bad-name');
  return name;
}

/** Why something was not done; null where it was. */
async function whyNot(work: Promise<void>): Promise<ErrorView | null> {
  try {
    await work;
    return null;
  } catch (error) {
    if (error instanceof AppError) return { code: error.code, detail: error.message };
    throw error;
  }
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
