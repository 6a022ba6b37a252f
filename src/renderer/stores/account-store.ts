import { createStore } from 'zustand/vanilla';
import type { DeviceView, StoreView } from '../../shared/contract/account.js';
import type { Input } from '../../shared/contract/contract.js';
import type { ErrorView, Result } from '../../shared/errors.js';
import type { Client } from '../client.js';
import type { Notices } from './notices-store.js';
import type { Shell } from './shell-store.js';

/** What is done with the account, one at a time. */
export type AccountAction =
  | 'sign-in'
  | 'register'
  | 'recover'
  | 'sign-out'
  | 'change-password'
  | 'revoke-device'
  | 'delete'
  | 'take-history'
  | 'leave-history';

export interface AccountState {
  readonly doing: AccountAction | null;
  /** What failed last, for the words beside it. */
  readonly failure: { readonly action: AccountAction; readonly error: ErrorView } | null;
  /** The learner asked to sync now. Apart from the others, which a server that does not answer must not hold up. */
  readonly syncing: boolean;
  readonly syncError: ErrorView | null;
  /** To be written down: shown over everything until the learner says that it was. It cannot be had again. */
  readonly recoveryCode: string | null;
  /** The account that was deleted a moment ago is gone for good at this time. */
  readonly purgeTime: number | null;
  /** Null until they are known. */
  readonly devices: readonly DeviceView[] | null;
  readonly devicesError: ErrorView | null;
}

const nothing: AccountState = {
  doing: null,
  failure: null,
  syncing: false,
  syncError: null,
  recoveryCode: null,
  purgeTime: null,
  devices: null,
  devicesError: null,
};

/**
 * What the learner does with their account. Passwords pass through and are kept nowhere. Every method resolves to
 * whether it was done; why not is in the state, beside the inputs, or told in passing where those are closed by now.
 */
export function createAccountStore(client: Client, notices: Notices, shell: Shell) {
  const store = createStore<AccountState>(() => nothing);

  /** Counts the loads of the devices: those of somebody who signed out meanwhile are not shown. */
  let loading = 0;

  function dialogIsOpen(): boolean {
    return shell.store.getState().dialog?.kind === 'account';
  }

  /** Null where it failed, or where something else is being done: a second click is not a second request. */
  async function act<T>(action: AccountAction, request: () => Promise<Result<T>>): Promise<{ value: T } | null> {
    if (store.getState().doing !== null) return null;
    store.setState({ doing: action, failure: null });
    const result = await request();
    store.setState({ doing: null });
    if (result.ok) return { value: result.value };
    const isElsewhere = action === 'take-history' || action === 'leave-history' || !dialogIsOpen();
    if (isElsewhere) notices.error(result.error);
    else store.setState({ failure: { action, error: result.error } });
    return null;
  }

  async function loadDevices(): Promise<void> {
    loading += 1;
    const mine = loading;
    const result = await client.request('account.devices', {});
    if (mine !== loading) return;
    store.setState(result.ok ? { devices: result.value, devicesError: null } : { devicesError: result.error });
  }

  function closeDialog(): void {
    if (dialogIsOpen()) shell.closeDialog();
  }

  return {
    store,
    /** Tries a connection string, or with null the store that was used last. */
    test(connectionString: string | null): Promise<Result<StoreView>> {
      return client.request('account.test', { connectionString });
    },
    async signIn(input: Input<'account.signIn'>): Promise<boolean> {
      const done = await act('sign-in', () => client.request('account.signIn', input));
      if (done !== null) closeDialog();
      return done !== null;
    },
    async register(input: Input<'account.register'>): Promise<boolean> {
      const done = await act('register', () => client.request('account.register', input));
      if (done === null) return false;
      store.setState({ recoveryCode: done.value.recoveryCode });
      if (done.value.error !== null) notices.error(done.value.error);
      closeDialog();
      return true;
    },
    async recover(input: Input<'account.recover'>): Promise<boolean> {
      const done = await act('recover', () => client.request('account.recover', input));
      if (done === null) return false;
      store.setState({ recoveryCode: done.value.recoveryCode });
      if (done.value.error !== null) notices.error(done.value.error);
      closeDialog();
      return true;
    },
    /** With `stay` the dialog is kept open for whoever signs in next. */
    async signOut({ stay }: { readonly stay: boolean } = { stay: false }): Promise<boolean> {
      const done = await act('sign-out', () => client.request('account.signOut', {}));
      if (done !== null && !stay) closeDialog();
      return done !== null;
    },
    /** Resolves to how many other sessions were ended, or null where it was not done. */
    async changePassword(input: Input<'account.changePassword'>): Promise<number | null> {
      const done = await act('change-password', () => client.request('account.changePassword', input));
      if (done === null) return null;
      void loadDevices();
      return done.value.endedSessions;
    },
    async delete(password: string): Promise<boolean> {
      const done = await act('delete', () => client.request('account.delete', { password }));
      if (done === null) return false;
      store.setState({ purgeTime: done.value.purgeTime });
      closeDialog();
      return true;
    },
    loadDevices,
    async revokeDevice(deviceId: string): Promise<boolean> {
      const done = await act('revoke-device', () => client.request('account.revokeDevice', { deviceId }));
      if (done === null) return false;
      store.setState(({ devices }) => ({ devices: devices?.filter((device) => device.id !== deviceId) ?? null }));
      return true;
    },
    async takeHistory(): Promise<boolean> {
      const done = await act('take-history', () => client.request('account.takeHistory', {}));
      if (done !== null) notices.tell({ kind: 'history-taken', topics: done.value.topics });
      return done !== null;
    },
    async leaveHistory(): Promise<boolean> {
      return (await act('leave-history', () => client.request('account.leaveHistory', {}))) !== null;
    },
    /** Why it failed is also told by the chip, so it is said here only to somebody who looks. */
    async sync(): Promise<boolean> {
      if (store.getState().syncing) return false;
      store.setState({ syncing: true, syncError: null });
      const result = await client.request('sync.now', {});
      store.setState({ syncing: false, syncError: result.ok ? null : result.error });
      return result.ok;
    },
    /** The learner has written it down. */
    forgetRecoveryCode(): void {
      store.setState({ recoveryCode: null });
    },
    forgetPurge(): void {
      store.setState({ purgeTime: null });
    },
    /** What was wrong before is not wrong with what is entered now. */
    forgetFailure(): void {
      store.setState({ failure: null, syncError: null });
    },
    /** Somebody else uses the app now. What was just done by them, and its secret, stays. */
    forgetPerson(): void {
      loading += 1;
      store.setState({ devices: null, devicesError: null });
    },
  };
}

export type Account = ReturnType<typeof createAccountStore>;
