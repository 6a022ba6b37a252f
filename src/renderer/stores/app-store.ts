import { createStore } from 'zustand/vanilla';
import type { AccountView } from '../../shared/contract/account.js';
import type { Snapshot } from '../../shared/contract/app.js';
import type { ChatKeyState, ChatTest, Settings } from '../../shared/contract/settings.js';
import type { ErrorView, Result } from '../../shared/errors.js';
import type { Client, Connection } from '../client.js';
import type { Notices } from './notices-store.js';

/** All of the snapshot but the topics, which have a store of their own. */
export type AppFacts = Omit<Snapshot, 'topics'>;

export interface AppState {
  readonly connection: Connection;
  /** Null until the first snapshot. */
  readonly facts: AppFacts | null;
  readonly startError: ErrorView | null;
}

/** The settings, what runs, who is signed in, and the connection. */
export function createAppStore(client: Client, notices: Notices) {
  const store = createStore<AppState>(() => ({ connection: 'connecting', facts: null, startError: null }));
  /** Counts the loads, so that an answer that comes late does not bring back what was before. */
  let loading = 0;

  function change(patch: Partial<AppFacts>): void {
    store.setState(({ facts }) => (facts === null ? {} : { facts: { ...facts, ...patch } }));
  }

  client.on('app.status', ({ status }) => {
    change({ status });
  });
  client.on('settings.changed', ({ settings, chatKey }) => {
    change({ settings, chatKey });
  });
  client.on('sync.changed', ({ sync }) => {
    change({ sync });
  });

  return {
    store,
    setConnection(connection: Connection): void {
      store.setState({ connection });
    },
    setAccount(account: AccountView): void {
      change({ account });
    },
    /**
     * Asks for the whole state (`fresh`: nothing of it is known, nor what was being recorded); answers with it so that the other stores start from the same one. Null where there is
     * none, or where it was asked for again meanwhile.
     */
    async load(fresh: boolean): Promise<Snapshot | null> {
      loading += 1;
      const mine = loading;
      const result = await client.request('app.snapshot', { fresh });
      if (mine !== loading) return null;
      if (!result.ok) {
        if (result.error.code !== 'app/disconnected') store.setState({ startError: result.error });
        return null;
      }
      const { topics: _topics, ...facts } = result.value;
      store.setState({ facts, startError: null });
      return result.value;
    },
    /** Shows the change at once, and takes it back where it cannot be kept. */
    async updateSettings(patch: Partial<Settings>): Promise<boolean> {
      const before = store.getState().facts?.settings;
      if (before === undefined) return false;
      change({ settings: { ...before, ...patch } });
      const result = await client.request('settings.update', patch);
      change({ settings: result.ok ? result.value : before });
      if (!result.ok) notices.error(result.error);
      return result.ok;
    },
    async setChatKey(key: string | null): Promise<Result<ChatKeyState>> {
      const result = await client.request('settings.setChatKey', { key });
      if (result.ok) change({ chatKey: result.value });
      else notices.error(result.error);
      return result;
    },
    async testChat(): Promise<ChatTest> {
      const result = await client.request('settings.testChat', {});
      return result.ok ? result.value : { error: result.error };
    },
    /** The models of an endpoint; none where they cannot be had, which hinders nothing. */
    async chatModels(baseUrl: string, key: string | null): Promise<readonly string[]> {
      const result = await client.request('settings.chatModels', { baseUrl, key });
      return result.ok ? result.value : [];
    },
    async restartEngine(engine: 'recogniser' | 'voice'): Promise<void> {
      const result = await client.request('app.restartEngine', { engine });
      if (!result.ok) notices.error(result.error);
    },
  };
}

export type App = ReturnType<typeof createAppStore>;
