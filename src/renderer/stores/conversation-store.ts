import { createStore } from 'zustand/vanilla';
import type { Rung, TurnView } from '../../shared/contract/turn.js';
import type { Result } from '../../shared/errors.js';
import type { Client } from '../client.js';
import {
  isBeingAnswered,
  noConversation,
  withEarlierPage,
  withoutTake,
  withPage,
  withPartial,
  withTake,
  withTurn,
  type ConversationState,
} from './conversation-state.js';
import type { Notices } from './notices-store.js';

/** The open topic's conversation, kept up to date by events. */
export function createConversationStore(client: Client, notices: Notices) {
  const store = createStore<ConversationState>(() => noConversation);
  /** Counts the openings, so that an answer that comes late is known to be late. */
  let opening = 0;
  const removedWhileLoading = new Set<string>();

  async function loadSuggestions(): Promise<void> {
    const { topicId } = store.getState();
    if (topicId === null) return;
    const result = await client.request('topic.suggestions', { topicId });
    // Suggestions are a help on the side: without them the conversation goes on.
    if (result.ok && store.getState().topicId === topicId) store.setState({ suggestions: result.value });
  }

  /** `takeId`: of the take that became this turn. Both change in one step, so that no frame shows both. */
  function put(turn: TurnView, takeId?: string): void {
    const before = takeId === undefined ? store.getState() : withoutTake(store.getState(), takeId);
    const known = before.turns.find((other) => other.id === turn.id);
    const after = withTurn(before, turn);
    if (after === store.getState()) return;
    store.setState(after);
    const settled = !isBeingAnswered(turn) && (known === undefined || isBeingAnswered(known));
    if (settled && before.load === 'ready') void loadSuggestions();
  }

  client.on('turn.changed', ({ turn, takeId }) => {
    if (takeId !== undefined) removedWhileLoading.add(takeId);
    put(turn, takeId);
  });
  client.on('take.changed', ({ take }) => {
    store.setState((state) => withTake(state, take));
  });
  client.on('take.partial', (partial) => {
    store.setState((state) => withPartial(state, partial));
  });
  client.on('take.removed', ({ takeId }) => {
    removedWhileLoading.add(takeId);
    store.setState((state) => withoutTake(state, takeId));
  });

  async function load(topicId: string): Promise<void> {
    opening += 1;
    const mine = opening;
    removedWhileLoading.clear();
    const result = await client.request('topic.open', { topicId, beforeTurnId: null });
    if (mine !== opening) return;
    if (result.ok) {
      store.setState((state) => withPage(state, result.value, removedWhileLoading));
      void loadSuggestions();
    } else {
      store.setState({ load: 'failed', loadError: result.error });
    }
  }

  async function show(request: Promise<Result<TurnView>>): Promise<boolean> {
    const result = await request;
    if (result.ok) put(result.value);
    else notices.error(result.error);
    return result.ok;
  }

  return {
    store,
    async open(topicId: string): Promise<void> {
      store.setState({ ...noConversation, topicId, load: 'loading' });
      await load(topicId);
    },
    /** Loads the open topic anew after a cut, when events may have been missed. */
    async reload(): Promise<void> {
      const { topicId } = store.getState();
      if (topicId === null) return;
      store.setState({ turns: [], takes: [], partials: {}, hasEarlier: false, loadingEarlier: false, load: 'loading' });
      await load(topicId);
    },
    close(): void {
      opening += 1;
      store.setState(noConversation);
    },
    async loadEarlier(): Promise<void> {
      const { topicId, turns, hasEarlier, loadingEarlier } = store.getState();
      const oldest = turns[0];
      if (topicId === null || oldest === undefined || !hasEarlier || loadingEarlier) return;
      store.setState({ loadingEarlier: true });
      const result = await client.request('topic.open', { topicId, beforeTurnId: oldest.id });
      if (result.ok) store.setState((state) => withEarlierPage(state, result.value));
      else {
        if (store.getState().topicId === topicId) store.setState({ loadingEarlier: false });
        notices.error(result.error);
      }
    },
    type(text: string): Promise<boolean> {
      const { topicId } = store.getState();
      return topicId === null ? Promise.resolve(false) : show(client.request('turn.type', { topicId, text }));
    },
    retry(turnId: string): Promise<boolean> {
      return show(client.request('turn.retry', { turnId }));
    },
    reveal(turnId: string, rung: Rung): Promise<boolean> {
      return show(client.request('turn.reveal', { turnId, rung }));
    },
    async transcribe(takeId: string): Promise<void> {
      const result = await client.request('take.transcribe', { takeId });
      if (result.ok) store.setState((state) => withTake(state, result.value));
      else notices.error(result.error);
    },
    async discard(takeId: string): Promise<void> {
      const result = await client.request('take.discard', { takeId });
      if (result.ok || result.error.code === 'take/not-found') store.setState((state) => withoutTake(state, takeId));
      else notices.error(result.error);
    },
  };
}

export type Conversation = ReturnType<typeof createConversationStore>;
