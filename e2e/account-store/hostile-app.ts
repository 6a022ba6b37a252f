import type { Connection, RowDataPacket } from 'mysql2/promise';
import { afterEach, beforeAll } from 'vitest';
import { push, registerLearner, set, storeOf, type Learner } from './learner.js';
import type { StoreServer } from './test-server.js';

/** What apps may call, with the kinds of their arguments. */
export const routines = {
  register_v1: ['text', 'bytes', 'bytes', 'text', 'bytes', 'text'],
  login_v1: ['text', 'bytes', 'bytes', 'text'],
  recover_v1: ['text', 'bytes', 'bytes', 'bytes', 'bytes', 'text'],
  logout_v1: ['bytes'],
  sessions_v1: ['bytes'],
  revoke_session_v1: ['bytes', 'text'],
  change_password_v1: ['bytes', 'bytes', 'bytes', 'bytes'],
  delete_account_v1: ['bytes', 'bytes'],
  push_v1: ['bytes', 'text'],
  pull_v1: ['bytes', 'text', 'text', 'text'],
} as const;

export const call = (connection: Connection, routine: string, args: readonly unknown[]) =>
  connection.query<RowDataPacket[][]>(`CALL ${routine}(${args.map(() => '?').join(', ')})`, [...args]);

/** Somebody who has the app, and so its database password, and means harm; and a learner with something to lose. */
export interface HostileApp {
  readonly victim: Learner;
  /** A connection with the app's password, ended after the test. */
  attacker(user?: string): Promise<Connection>;
  /** Ends another connection, too, after the test. */
  endLater(connection: Connection): void;
}

/** For the tests of a suite: its victim is there before the first of them. */
export function hostileApp(server: () => StoreServer): HostileApp {
  let victim: Learner;
  const opened: Connection[] = [];

  beforeAll(async () => {
    await server().admin.query('UPDATE store SET registrations_per_hour = 1000000');
    victim = await registerLearner(storeOf(server()));
    await push(victim, set(victim, { theme: 'only mine' }));
  });
  afterEach(() => {
    for (const connection of opened.splice(0)) connection.destroy();
  });

  return {
    get victim() {
      return victim;
    },
    async attacker(user) {
      const connection = await server().attacker(user === undefined ? {} : { user });
      // Being killed is part of the trade.
      connection.on('error', () => undefined);
      opened.push(connection);
      return connection;
    },
    endLater(connection) {
      opened.push(connection);
    },
  };
}
