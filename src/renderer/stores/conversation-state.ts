import type { Events } from '../../shared/contract/contract.js';
import type { TakeView } from '../../shared/contract/take.js';
import type { SuggestionView, TopicPage } from '../../shared/contract/topic.js';
import type { TurnView } from '../../shared/contract/turn.js';
import type { ErrorView } from '../../shared/errors.js';

/** The open topic's conversation. */
export interface ConversationState {
  readonly topicId: string | null;
  readonly load: 'none' | 'loading' | 'ready' | 'failed';
  readonly loadError: ErrorView | null;
  /** Oldest first. */
  readonly turns: readonly TurnView[];
  readonly hasEarlier: boolean;
  readonly loadingEarlier: boolean;
  readonly takes: readonly TakeView[];
  /** What has been understood so far of takes that are being said or recognised, by take. It may still change. */
  readonly partials: Readonly<Record<string, string>>;
  readonly suggestions: readonly SuggestionView[];
}

/** No topic is open. */
export const noConversation: ConversationState = {
  topicId: null,
  load: 'none',
  loadError: null,
  turns: [],
  hasEarlier: false,
  loadingEarlier: false,
  takes: [],
  partials: {},
  suggestions: [],
};

/** Replaces the element with the same id, or puts the new one in its place: ids are UUIDv7, so their order is time's. */
function withElement<T extends { readonly id: string }>(elements: readonly T[], element: T): readonly T[] {
  const at = elements.findIndex((other) => other.id === element.id);
  if (at >= 0) return elements.with(at, element);
  const after = elements.findIndex((other) => other.id > element.id);
  return after < 0 ? [...elements, element] : elements.toSpliced(after, 0, element);
}

/**
 * The state with a turn added or brought up to date; a turn of another topic changes nothing. Nor does one that is
 * older than what is loaded (it was said on another machine): it comes with the earlier page it belongs to, and put
 * in front of the others it would pass for the end of that page.
 */
export function withTurn(state: ConversationState, turn: TurnView): ConversationState {
  if (turn.topicId !== state.topicId) return state;
  const oldest = state.turns[0];
  if (state.hasEarlier && oldest !== undefined && turn.id < oldest.id) return state;
  return { ...state, turns: withElement(state.turns, turn) };
}

/** The state with a take added or brought up to date. */
export function withTake(state: ConversationState, take: TakeView): ConversationState {
  if (take.topicId !== state.topicId) return state;
  return { ...state, takes: withElement(state.takes, take) };
}

/** The state without a take. */
export function withoutTake(state: ConversationState, takeId: string): ConversationState {
  const { [takeId]: _understood, ...partials } = state.partials;
  return { ...state, takes: state.takes.filter((take) => take.id !== takeId), partials };
}

/** The state with what has been understood of a take until now. */
export function withPartial(
  state: ConversationState,
  { takeId, topicId, text }: Events['take.partial'],
): ConversationState {
  if (topicId !== state.topicId) return state;
  return { ...state, partials: { ...state.partials, [takeId]: text } };
}

/**
 * The state with a topic's newest page. Turns and takes that events told of since the page was asked for are newer
 * than the page and stay; a take that events removed meanwhile does not come back.
 */
export function withPage(
  state: ConversationState,
  page: TopicPage,
  removedTakeIds: ReadonlySet<string> = new Set(),
): ConversationState {
  if (page.topic.id !== state.topicId) return state;
  const loaded: ConversationState = {
    ...state,
    load: 'ready',
    loadError: null,
    turns: page.turns,
    hasEarlier: page.hasEarlier,
    takes: page.takes.filter((take) => !removedTakeIds.has(take.id)),
  };
  return state.takes.reduce(withTake, state.turns.reduce(withTurn, loaded));
}

/** The state with an older page before what is there. */
export function withEarlierPage(state: ConversationState, page: TopicPage): ConversationState {
  if (page.topic.id !== state.topicId) return state;
  const known = new Set(state.turns.map((turn) => turn.id));
  const older = page.turns.filter((turn) => !known.has(turn.id));
  return { ...state, turns: [...older, ...state.turns], hasEarlier: page.hasEarlier, loadingEarlier: false };
}

/** Whether the app is still writing this turn's reply. */
export function isBeingAnswered(turn: TurnView): boolean {
  return turn.response.state === 'pending' || turn.response.state === 'streaming';
}
