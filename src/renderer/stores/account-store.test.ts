import { describe, expect, test } from 'vitest';
import type { DeviceView } from '../../shared/contract/account.js';
import type { Result } from '../../shared/errors.js';
import { createFakeClient, settle } from '../fake-client.js';
import { createAccountStore } from './account-store.js';
import { createNoticesStore } from './notices-store.js';
import { createShellStore } from './shell-store.js';

function start() {
  const fake = createFakeClient();
  const notices = createNoticesStore();
  const shell = createShellStore();
  const account = createAccountStore(fake.client, notices, shell);
  shell.show({ kind: 'account' });
  const told = () => notices.store.getState().notices;
  return { fake, notices, shell, account, told, state: account.store.getState };
}

const login = { connectionString: null, name: '小明', password: 'a long secret' };
const device = (id: string): DeviceView => ({ id, name: id, signedInTime: 0, usedTime: 0, isThis: false });

describe('the account', () => {
  test('a second click while it works is no second request', async () => {
    const { fake, account, state, shell } = start();
    const answer = Promise.withResolvers<Result<unknown>>();
    fake.answer('account.signIn', () => answer.promise);
    const first = account.signIn(login);
    expect(state().doing).toBe('sign-in');
    expect(await account.signIn(login)).toBe(false);
    expect(await account.signOut()).toBe(false);
    answer.resolve({ ok: true, value: null });
    expect(await first).toBe(true);
    expect(fake.routes()).toEqual(['account.signIn']);
    expect(state().doing).toBeNull();
    expect(shell.store.getState().dialog).toBeNull();
  });

  test('what failed is told beside the form, or in passing where that is closed', async () => {
    const { fake, account, state, shell, told } = start();
    fake.answer('account.signIn', () => ({ ok: false, error: { code: 'account/wrong-login' } }));
    expect(await account.signIn(login)).toBe(false);
    expect(state().failure).toEqual({ action: 'sign-in', error: { code: 'account/wrong-login' } });
    expect(told()).toEqual([]);
    expect(shell.store.getState().dialog).toEqual({ kind: 'account' });
    account.forgetFailure();
    shell.closeDialog();
    await account.signIn(login);
    expect(state().failure).toBeNull();
    expect(told()).toMatchObject([{ kind: 'error', error: { code: 'account/wrong-login' } }]);
  });

  test('who signs out to use another account is led to that', async () => {
    const { account, shell } = start();
    expect(await account.signOut({ stay: true })).toBe(true);
    expect(shell.store.getState().dialog).toEqual({ kind: 'account' });
    expect(await account.signOut()).toBe(true);
    expect(shell.store.getState().dialog).toBeNull();
  });

  test('no password stays behind', async () => {
    const { fake, account, state } = start();
    fake.answer('account.register', () => ({ ok: true, value: { recoveryCode: 'CODE' } }));
    fake.answer('account.changePassword', () => ({ ok: true, value: { endedSessions: 2 } }));
    await account.signIn(login);
    await account.register({ ...login, invitation: null });
    expect(await account.changePassword({ oldPassword: login.password, newPassword: 'a new secret' })).toBe(2);
    expect(JSON.stringify(state())).not.toContain('secret');
  });

  test('the recovery code stays until it is said to be written down, whatever is closed', async () => {
    const { fake, account, state, shell } = start();
    fake.answer('account.recover', () => ({ ok: true, value: { recoveryCode: 'CODE' } }));
    const { connectionString, name, password } = login;
    await account.recover({ connectionString, name, password, recoveryCode: 'OLD' });
    shell.closeDialog();
    account.forgetPerson();
    expect(state().recoveryCode).toBe('CODE');
    account.forgetRecoveryCode();
    expect(state().recoveryCode).toBeNull();
  });

  test('devices of somebody who signed out meanwhile are not shown', async () => {
    const { fake, account, state } = start();
    const answer = Promise.withResolvers<Result<unknown>>();
    fake.answer('account.devices', () => answer.promise);
    void account.loadDevices();
    account.forgetPerson();
    answer.resolve({ ok: true, value: [device('a')] });
    await settle();
    expect(state().devices).toBeNull();
  });

  test('a removed device is gone from the list', async () => {
    const { fake, account, state } = start();
    fake.answer('account.devices', () => ({ ok: true, value: [device('a'), device('b')] }));
    await account.loadDevices();
    await account.revokeDevice('a');
    expect(state().devices).toEqual([device('b')]);
  });

  test('a server that does not answer holds up nothing else', async () => {
    const { fake, account, state } = start();
    const answer = Promise.withResolvers<Result<unknown>>();
    fake.answer('sync.now', () => answer.promise);
    void account.sync();
    expect(await account.sync()).toBe(false);
    expect(await account.signIn(login)).toBe(true);
    answer.resolve({ ok: false, error: { code: 'account/unreachable' } });
    await settle();
    expect(state()).toMatchObject({ syncing: false, syncError: { code: 'account/unreachable' } });
  });

  test('a deleted account says when it is gone for good', async () => {
    const { fake, account, state } = start();
    fake.answer('account.delete', () => ({ ok: true, value: { purgeTime: 7 } }));
    expect(await account.delete(login.password)).toBe(true);
    expect(state().purgeTime).toBe(7);
  });
});
