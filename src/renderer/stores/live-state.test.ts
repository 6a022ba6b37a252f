import { expect, test } from 'vitest';
import { liveState, type LiveFacts } from './live-state.js';
import { sampleTake, sampleTurn } from './sample-views.js';

const quiet: LiveFacts = {
  talk: 'idle',
  takes: [],
  lastTurn: undefined,
  sounding: false,
  speechExpected: false,
};

test('a turn goes through its states in order', () => {
  const turn = (state: 'pending' | 'streaming' | 'complete') => sampleTurn('1', { state });
  expect(liveState(quiet)).toBe('idle');
  expect(liveState({ ...quiet, talk: 'preparing' })).toBe('preparing');
  expect(liveState({ ...quiet, talk: 'recording' })).toBe('listening');
  expect(liveState({ ...quiet, talk: 'sending' })).toBe('recognising');
  expect(liveState({ ...quiet, takes: [sampleTake('t')] })).toBe('recognising');
  expect(liveState({ ...quiet, lastTurn: turn('pending') })).toBe('thinking');
  expect(liveState({ ...quiet, lastTurn: turn('streaming') })).toBe('synthesising');
  expect(liveState({ ...quiet, lastTurn: turn('complete'), speechExpected: true })).toBe('synthesising');
  expect(liveState({ ...quiet, lastTurn: turn('streaming'), sounding: true })).toBe('playing');
  expect(liveState({ ...quiet, lastTurn: turn('complete') })).toBe('idle');
});

test('what the learner does comes before what the app does', () => {
  expect(liveState({ ...quiet, talk: 'recording', sounding: true, takes: [sampleTake('t')] })).toBe('listening');
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
