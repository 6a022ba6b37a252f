import { test } from '@playwright/test';
import { voiceThreads } from '../../src/main/core/speech/voice.js';
import { speakable } from '../../src/main/core/spoken-text/speakable.js';
import { backendOf, startVoice } from './engines.js';
import { atLeast, figure, median, quantile, report, rounded, turns } from './figures.js';
import { grownVoice, voiceName } from './models.js';
import { firstClauseOf, replyOf } from './replies.js';

// How soon the voice has something to play: the whole reply against its first clause, as the app cuts it.

test('P11 first speech of an 80-token reply', async () => {
  const voice = await startVoice(grownVoice());
  await voice.say(speakable(replyOf(80)).text);
  const ours: number[] = [];
  const peer: number[] = [];
  const factors: number[] = [];
  const words: number[] = [];
  for (let turn = 0; turn < turns; turn += 1) {
    const reply = replyOf(80, turn);
    const whole = speakable(reply).text;
    const clause = speakable(firstClauseOf(reply).text).text;
    words.push(clause.trim().split(/\s+/).length);
    for (const isOurs of turn % 2 === 0 ? [true, false] : [false, true]) {
      const { ms, samples, sampleRateHz } = await voice.say(isOurs ? clause : whole);
      (isOurs ? ours : peer).push(ms);
      if (!isOurs) factors.push((ms * sampleRateHz) / samples.length / 1000);
    }
  }
  voice.close();
  const ratios = peer.map((ms, turn) => ms / (ours[turn] ?? NaN));
  const ratio = median(ratios);
  await report({
    id: 'P11',
    metric: 'first sound of an 80-token reply',
    ours: figure('ms', ours),
    peer: { name: 'the whole reply at once', ...figure('ms', peer) },
    ratio: { median: rounded(ratio), p95: rounded(quantile(ratios, 0.05)) },
    target: '≥ 8×',
    ...atLeast(8, ratio),
    runs: `${String(turns)} interleaved turns; the ratio is the median of the turns' own, and what 95 % of them reach`,
    backend: backendOf(voice.device),
    threads: voiceThreads,
    model: voiceName,
    detail: `Replies that begin in different ways; first clauses of ${String(Math.min(...words))} to ${String(Math.max(...words))} words. The voice took ${String(rounded(median(factors)))} s for a second of speech.`,
  });
});
