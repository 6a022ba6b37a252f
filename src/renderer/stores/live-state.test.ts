import { expect, test } from 'vitest';
import { liveState, type LiveFacts } from './live-state.js';
import type { Listening, TalkPhase } from './talk-store.js';
import { sampleTake, sampleTurn } from './sample-views.js';

function talking(phase: TalkPhase, listening: Listening | null = null, muted = false): LiveFacts['talk'] {
  return { phase, listening, muted };
}

const quiet: LiveFacts = {
  talk: talking('idle'),
  takes: [],
  lastTurn: undefined,
  sounding: false,
  speechExpected: false,
};

test('a turn goes through its states in order', () => {
  const turn = (state: 'pending' | 'streaming' | 'complete') => sampleTurn('1', { state });
  expect(liveState(quiet)).toBe('idle');
  expect(liveState({ ...quiet, talk: talking('preparing') })).toBe('preparing');
  expect(liveState({ ...quiet, talk: talking('recording') })).toBe('listening');
  expect(liveState({ ...quiet, talk: talking('sending') })).toBe('recognising');
  expect(liveState({ ...quiet, takes: [sampleTake('t')] })).toBe('recognising');
  expect(liveState({ ...quiet, lastTurn: turn('pending') })).toBe('thinking');
  expect(liveState({ ...quiet, lastTurn: turn('streaming') })).toBe('synthesising');
  expect(liveState({ ...quiet, lastTurn: turn('complete'), speechExpected: true })).toBe('synthesising');
  expect(liveState({ ...quiet, lastTurn: turn('streaming'), sounding: true })).toBe('playing');
  expect(liveState({ ...quiet, lastTurn: turn('complete') })).toBe('idle');
});

test('what the learner does comes before what the app does', () => {
  expect(liveState({ ...quiet, talk: talking('recording'), sounding: true, takes: [sampleTake('t')] })).toBe(
    'listening',
  );
  expect(liveState({ ...quiet, sounding: true, takes: [sampleTake('t')] })).toBe('recognising');
});

test('failures are said until something newer goes on', () => {
  const failed = sampleTurn('1', { state: 'failed' });
  expect(liveState({ ...quiet, lastTurn: failed })).toBe('failed');
  expect(liveState({ ...quiet, takes: [sampleTake('t', { state: 'failed' })] })).toBe('failed');
  expect(liveState({ ...quiet, lastTurn: failed, sounding: true })).toBe('playing');
});

test('nothing is being synthesised where the voice has failed', () => {
  const mute = sampleTurn('1', { voiceError: { code: 'voice/crashed' } });
  expect(liveState({ ...quiet, lastTurn: mute, speechExpected: true })).toBe('idle');
});

test('listening hands-free, a pause is said, and while nobody speaks, what the app does', () => {
  const handsFree = (state: Listening['state'], pause: Listening['pause'] = null): LiveFacts => ({
    ...quiet,
    talk: talking('recording', { state, pause }),
  });
  expect(liveState(handsFree('waiting'))).toBe('waiting');
  expect(liveState({ ...handsFree('waiting'), sounding: true })).toBe('playing');
  expect(liveState({ ...handsFree('waiting'), takes: [sampleTake('t')] })).toBe('recognising');
  expect(liveState({ ...handsFree('speaking'), takes: [sampleTake('t')] })).toBe('listening');
  expect(liveState(handsFree('pausing', { endsMs: 1, allowanceMs: 1 }))).toBe('pausing');
  expect(liveState(handsFree('pausing'))).toBe('held');
});

test('a silenced microphone is said while somebody would be recorded', () => {
  expect(liveState({ ...quiet, talk: talking('recording', null, true) })).toBe('muted');
  expect(liveState({ ...quiet, talk: talking('recording', { state: 'waiting', pause: null }, true) })).toBe('muted');
});
