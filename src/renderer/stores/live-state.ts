import type { TakeView } from '../../shared/contract/take.js';
import type { TurnView } from '../../shared/contract/turn.js';
import type { TalkPhase } from './talk-store.js';

/** What is going on, as it is said in words. */
export type LiveState =
  'idle' | 'preparing' | 'listening' | 'recognising' | 'thinking' | 'synthesising' | 'playing' | 'failed';

export interface LiveFacts {
  readonly talk: TalkPhase;
  readonly takes: readonly TakeView[];
  readonly lastTurn: TurnView | undefined;
  /** Whether something can be heard now. */
  readonly sounding: boolean;
  /** Whether more speech will come for the last turn. */
  readonly speechExpected: boolean;
}

/** One state out of everything: what the learner does now comes before what the app does, and that before what was. */
export function liveState({ talk, takes, lastTurn, sounding, speechExpected }: LiveFacts): LiveState {
  if (talk === 'preparing') return 'preparing';
  if (talk === 'recording') return 'listening';
  if (talk === 'sending' || takes.some((take) => take.state === 'recognising')) return 'recognising';
  if (sounding) return 'playing';
  const response = lastTurn?.response;
  if (response?.state === 'pending') return 'thinking';
  if (response?.state === 'streaming') return response.voiceError === null ? 'synthesising' : 'thinking';
  if (response?.state === 'complete' && speechExpected && response.voiceError === null) return 'synthesising';
  if (response?.state === 'failed' || takes.some((take) => take.state === 'failed')) return 'failed';
  return 'idle';
}
