import { expect, test } from 'vitest';
import { leadSeconds, nextStartTime, partAt, playedMs, receivedMs, type Segment } from './speech-schedule.js';

const segments: readonly Segment[] = [
  { part: 'bridge', startTime: 1, durationSeconds: 2 },
  { part: 'response', startTime: 3, durationSeconds: 1 },
  // The next piece came late: half a second of silence.
  { part: 'response', startTime: 4.5, durationSeconds: 2 },
];

test('a piece begins where the one before it ends, or at once where that has run out', () => {
  expect(nextStartTime([], 10)).toBe(10 + leadSeconds);
  expect(nextStartTime(segments, 5)).toBe(6.5);
  expect(nextStartTime(segments, 8)).toBe(8 + leadSeconds);
});

test('what was played counts without the silence and without the other parts', () => {
  expect(playedMs(segments, 'response', 0)).toBe(0);
  expect(playedMs(segments, 'response', 2.9)).toBe(0);
  expect(playedMs(segments, 'response', 3.25)).toBe(250);
  expect(playedMs(segments, 'response', 4.2)).toBe(1000);
  expect(playedMs(segments, 'response', 5)).toBe(1500);
  expect(playedMs(segments, 'response', 99)).toBe(3000);
  expect(playedMs(segments, 'bridge', 2)).toBe(1000);
  expect(receivedMs(segments, 'response')).toBe(3000);
});

test('the part that is heard is that of the first piece that has not ended', () => {
  expect(partAt(segments, 1.5)).toBe('bridge');
  expect(partAt(segments, 3)).toBe('response');
  expect(partAt(segments, 4.2)).toBe('response');
  expect(partAt(segments, 7)).toBeNull();
});
