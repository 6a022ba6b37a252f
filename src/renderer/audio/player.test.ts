import { expect, test } from 'vitest';
import type { TurnPart } from '../../shared/contract/turn.js';
import { FakeAudioContext, FakeAudioElement } from './fake-audio-context.js';
import { createPlayer, type Sound } from './player.js';
import { leadSeconds } from './speech-schedule.js';

const rate = 1000;

function start() {
  const contexts = [new FakeAudioContext()];
  const [context = new FakeAudioContext()] = contexts;
  let made = 0;
  const element = new FakeAudioElement();
  const sounds: (Sound | null)[] = [];
  const spoken: string[] = [];
  const played: string[] = [];
  const player = createPlayer(
    () => {
      made += 1;
      if (made > contexts.length) contexts.push(new FakeAudioContext());
      return contexts[made - 1] as unknown as AudioContext;
    },
    () => element as unknown as HTMLAudioElement,
    {
      sound: (sound) => sounds.push(sound),
      spoken: (turnId) => spoken.push(turnId),
      played: (key) => played.push(key),
    },
  );
  const speak = (turnId: string, part: TurnPart, sequence: number, ms: number) => {
    player.speak({ turnId, part, sequence, sampleRateHz: rate, pcm: new Uint8Array(2 * ms) });
  };
  return { contexts, played, context, element, sounds, spoken, player, speak };
}

test('pieces follow each other without a gap, and the end is told once all has been heard', () => {
  const { context, sounds, spoken, player, speak } = start();
  speak('a', 'bridge', 0, 500);
  context.currentTime = 0.3;
  speak('a', 'response', 1, 1000);
  speak('a', 'response', 2, 700);
  expect(context.sources.map(({ startTime }) => startTime)).toEqual([
    leadSeconds,
    leadSeconds + 0.5,
    leadSeconds + 1.5,
  ]);
  context.advanceTo(0.6);
  player.endSpeech('a');
  expect(spoken).toEqual([]);
  context.advanceTo(3);
  expect(spoken).toEqual(['a']);
  expect(sounds).toEqual([
    { kind: 'speech', turnId: 'a', part: 'bridge' },
    { kind: 'speech', turnId: 'a', part: 'response' },
    null,
  ]);
});

test('a piece that comes late starts at once, and meanwhile nothing is said to play', () => {
  const { context, sounds, spoken, player, speak } = start();
  speak('a', 'response', 0, 500);
  context.advanceTo(2);
  expect(sounds.at(-1)).toBeNull();
  expect(player.speaking()).toEqual({ turnId: 'a', heardMs: 500 });
  speak('a', 'response', 1, 500);
  expect(context.sources[1]?.startTime).toBe(2 + leadSeconds);
  player.endSpeech('a');
  context.advanceTo(9);
  expect(spoken).toEqual(['a']);
});

test('stopping is immediate, counts only the reply, and late pieces stay silent', () => {
  const { context, sounds, spoken, player, speak } = start();
  speak('a', 'bridge', 0, 1000);
  speak('a', 'response', 1, 1000);
  context.advanceTo(1.25 + leadSeconds);
  expect(player.speaking()).toEqual({ turnId: 'a', heardMs: 250 });
  player.stop();
  expect(context.sources[1]?.stopped).toBe(true);
  expect(player.speaking()).toBeNull();
  expect(sounds.at(-1)).toBeNull();
  speak('a', 'response', 2, 1000);
  player.endSpeech('a');
  expect(context.sources).toHaveLength(2);
  expect(spoken).toEqual([]);
});

test('what the device still holds back has not been heard', () => {
  const { context, player, speak } = start();
  context.outputLatency = 0.2;
  speak('a', 'response', 0, 1000);
  context.advanceTo(0.5 + leadSeconds);
  expect(player.speaking()?.heardMs).toBe(300);
});

test('speech never starts in its middle, and another turn takes over', () => {
  const { context, player, speak } = start();
  speak('a', 'response', 3, 500);
  expect(context.sources).toHaveLength(0);
  speak('a', 'response', 0, 500);
  speak('a', 'response', 2, 500);
  expect(context.sources).toHaveLength(1);
  speak('b', 'response', 0, 500);
  expect(context.sources[0]?.stopped).toBe(true);
  expect(player.speaking()?.turnId).toBe('b');
});

test('speech without sound ends at once', () => {
  const { spoken, player, speak } = start();
  speak('a', 'response', 0, 0);
  player.endSpeech('a');
  expect(spoken).toEqual(['a']);
});

test('a clip takes over from speech, keeps its pitch when slow, pauses, and ends by itself', async () => {
  const { context, element, sounds, player, speak } = start();
  speak('a', 'response', 0, 5000);
  expect(await player.playClip('k', Uint8Array.of(1), 0.75)).toBe(true);
  expect(context.sources[0]?.stopped).toBe(true);
  expect([element.playbackRate, element.preservesPitch]).toEqual([0.75, true]);
  player.pauseClip();
  expect(sounds.at(-1)).toEqual({ kind: 'clip', key: 'k', rate: 0.75, paused: true });
  player.resumeClip();
  element.currentTime = 1.5;
  element.duration = 4;
  expect(player.position()).toEqual({ positionMs: 1500, durationMs: 4000 });
  element.dispatchEvent(new Event('ended'));
  expect(sounds.at(-1)).toBeNull();
});

test('a clip that cannot be decoded is told as such, one that was stopped is not', async () => {
  const { element, player, sounds } = start();
  element.failure = new Error('not a WAV file');
  expect(await player.playClip('k', Uint8Array.of(1), 1)).toBe(false);
  expect(sounds.at(-1)).toBeNull();
  const stopped = player.playClip('k', Uint8Array.of(1), 1);
  player.stop();
  expect(await stopped).toBe(true);
});

test.each(['closed', 'error'] as const)(
  'a context that is lost (%s) is made anew, and the reply goes on from where it was heard',
  (how) => {
    const { contexts, context, spoken, player, speak } = start();
    speak('a', 'bridge', 0, 1000);
    speak('a', 'response', 1, 1000);
    speak('a', 'response', 2, 1000);
    context.advanceTo(1.4 + leadSeconds);
    if (how === 'closed') void context.end('closed');
    else context.dispatchEvent(new Event('error'));
    const [, next] = contexts;
    expect(
      next?.sources.map(({ startTime, offset }) => [Math.round((startTime ?? 0) * 1000), Math.round(offset * 1000)]),
    ).toEqual([
      [1000 * leadSeconds, 400],
      [1000 * leadSeconds + 600, 0],
    ]);
    expect(player.speaking()).toEqual({ turnId: 'a', heardMs: 400 - leadSeconds * 1000 });
    // What comes later follows it.
    speak('a', 'response', 3, 500);
    player.endSpeech('a');
    next?.advanceTo(1.7);
    expect(player.speaking()?.heardMs).toBe(400 + 1700 - leadSeconds * 1000);
    expect(spoken).toEqual([]);
    next?.advanceTo(9);
    expect(spoken).toEqual(['a']);
  },
);

test('a context that is interrupted is asked to go on', async () => {
  const { context, speak } = start();
  speak('a', 'response', 0, 1000);
  await context.end('interrupted');
  expect(context.state).toBe('running');
});

test('a clip that was played to its end is told, one that was stopped is not', async () => {
  const { element, played, player } = start();
  await player.playClip('t/response', new Uint8Array(44), 1);
  player.stop();
  await player.playClip('t/response', new Uint8Array(44), 1);
  expect(played).toEqual([]);
  element.dispatchEvent(new Event('ended'));
  expect(played).toEqual(['t/response']);
});
