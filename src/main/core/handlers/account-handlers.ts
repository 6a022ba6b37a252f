import type { accountRequests } from '../../../shared/contract/account.js';
import type { Handlers } from '../../../shared/contract/contract.js';
import { AppError } from '../../../shared/errors.js';
import type { AccountProfile } from '../account/local-history.js';
import type { Services } from './services.js';

export function accountHandlers({
  ports,
  profile,
  accounts,
  localHistory,
  events,
}: Services): Handlers<keyof typeof accountRequests> {
  function accountProfile(): AccountProfile {
    const { name, folder, db, sync } = profile();
    if (!sync) throw new AppError('account/not-signed-in');
    return { folder, db, userId: name };
  }

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
      const topics = await localHistory.take(accountProfile(), ports.clock.now());
      profile().sync?.nudge();
      await announce();
      return { topics };
    },
    'account.leaveHistory': async () => {
      await localHistory.leave(accountProfile());
      await announce();
      return null;
    },
    'sync.now': async () => {
      await profile().sync?.syncNow();
      return null;
    },
  };
}
