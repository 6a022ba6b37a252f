import { expect, test } from 'vitest';
import type { SpeechPiece } from '../audio/player.js';
import { createSpeechInbox } from './speech-inbox.js';

const piece = (turnId: string, sequence: number): SpeechPiece => ({
  turnId,
  part: 'response',
  sequence,
  sampleRateHz: 16_000,
  pcm: new Uint8Array(),
});

test('speech from its beginning waits for its turn to be wanted, and for ten seconds at most', () => {
  let now = 0;
  const inbox = createSpeechInbox(() => now);
  inbox.add(piece('a', 0));
  inbox.add(piece('a', 1));
  inbox.end('a');
  inbox.add(piece('late', 4));
  expect(inbox.has('late')).toBe(false);
  const [held] = inbox.take((turnId) => turnId === 'a');
  expect([held?.pieces.length, held?.ended]).toEqual([2, true]);
  expect(inbox.take(() => true)).toEqual([]);

  inbox.add(piece('b', 0));
  now = 10_001;
  expect(inbox.take(() => true)).toEqual([]);
  inbox.add(piece('c', 0));
  now = 30_000;
  inbox.add(piece('d', 0));
  expect(inbox.has('c')).toBe(false);
});
