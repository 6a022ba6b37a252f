import type { accountRequests } from '../../../shared/contract/account.js';
import type { Handlers } from '../../../shared/contract/contract.js';
import type { Services } from './services.js';

export function accountHandlers({
  profile,
  accounts,
  localHistory,
  events,
}: Services): Handlers<keyof typeof accountRequests> {
  async function announce(): Promise<void> {
    events.emit('account.changed', { account: await accounts.view() });
  }

  return {
    'account.test': ({ connectionString }) => accounts.test(connectionString),
    'account.register': (form) => accounts.register(form),
    'account.signIn': async (form) => {
      await accounts.signIn(form);
      return null;
    },
    'account.recover': (form) => accounts.recover(form),
    'account.signOut': async () => {
      await accounts.signOut();
      return null;
    },
    'account.changePassword': async ({ oldPassword, newPassword }) => ({
      endedSessions: await accounts.changePassword(oldPassword, newPassword),
    }),
    'account.devices': () => accounts.devices(),
    'account.revokeDevice': async ({ deviceId }) => {
      await accounts.revokeDevice(deviceId);
      return null;
    },
    'account.delete': async ({ password }) => ({ purgeTime: await accounts.remove(password) }),
    'account.takeHistory': async () => {
      const topics = await localHistory.take();
      profile().sync?.nudge();
      await announce();
      return { topics };
    },
    'account.leaveHistory': async () => {
      await localHistory.leave();
      await announce();
      return null;
    },
    'sync.now': async () => {
      await profile().sync?.syncNow();
      return null;
    },
  };
}
