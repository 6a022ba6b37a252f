import type { TakeView } from '../../shared/contract/take.js';
import type { TurnView } from '../../shared/contract/turn.js';
import type { TalkState } from './talk-store.js';

/** What is going on, as it is said in words. */
export type LiveState =
  | 'idle'
  | 'preparing'
  /** Hands-free: nobody speaks yet. */
  | 'waiting'
  | 'listening'
  /** Hands-free: a pause that will send the take. */
  | 'pausing'
  /** Hands-free: a pause that will not, because the learner has said so. */
  | 'held'
  | 'muted'
  | 'recognising'
  | 'thinking'
  | 'synthesising'
  | 'playing'
  | 'failed';

export interface LiveFacts {
  readonly talk: Pick<TalkState, 'phase' | 'listening' | 'muted'>;
  readonly takes: readonly TakeView[];
  readonly lastTurn: TurnView | undefined;
  /** Whether something can be heard now. */
  readonly sounding: boolean;
  /** Whether more speech will come for the last turn. */
  readonly speechExpected: boolean;
}

/** One state out of everything: what the learner does now comes before what the app does, and that before what was. */
export function liveState(facts: LiveFacts): LiveState {
  const { phase, listening } = facts.talk;
  if (phase === 'preparing') return 'preparing';
  if (phase === 'sending') return 'recognising';
  if (phase === 'idle') return appState(facts);
  if (facts.talk.muted) return 'muted';
  if (listening === null || listening.state === 'speaking') return 'listening';
  if (listening.state === 'pausing') return listening.pause === null ? 'held' : 'pausing';
  const state = appState(facts);
  return state === 'idle' ? 'waiting' : state;
}

/** What the app does, or what has become of what it did. */
function appState({ takes, lastTurn, sounding, speechExpected }: LiveFacts): LiveState {
  if (takes.some((take) => take.state === 'recognising')) return 'recognising';
  if (sounding) return 'playing';
  const response = lastTurn?.response;
  if (response?.state === 'pending') return 'thinking';
  if (response?.state === 'streaming') return response.voiceError === null ? 'synthesising' : 'thinking';
  if (response?.state === 'complete' && speechExpected && response.voiceError === null) return 'synthesising';
  if (response?.state === 'failed' || takes.some((take) => take.state === 'failed')) return 'failed';
  return 'idle';
}
