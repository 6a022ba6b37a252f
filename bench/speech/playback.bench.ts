import { expect, test, type Page } from '@playwright/test';
import { speakable } from '../../src/main/core/spoken-text/speakable.js';
import { createSentenceSplitter } from '../../src/main/core/spoken-text/sentence-splitter.js';
import { clipDurationMs } from '../../e2e/support/sound.js';
import { openBenchApp, sleepUntil } from './bench-app.js';
import { voiceThreads } from '../../src/main/core/speech/voice.js';
import { backendOf, startVoice, threads } from './engines.js';
import { atMostTarget, figure, quantile, report, rounded, single, turns } from './figures.js';
import { benchSize, grownVoice, recogniserName, voiceName } from './models.js';
import type { PageClock } from './page-clock.js';
import { replyOf } from './replies.js';

// What is heard of a reply: how soon it falls silent when the learner speaks, and whether it does so by itself.

const model = `${recogniserName(benchSize)}; ${voiceName}; scripted partner`;

/** How long after a moment sound was still heard, by the browser's account; null where there was none just before it. */
function stopMs({ output, outputLatencyMs }: PageClock, time: number): number | null {
  const wasLoud = output.some(({ startTime, endTime }) => startTime <= time && endTime >= time - 100);
  if (!wasLoud) return null;
  const last = output.findLast(({ startTime }) => startTime < time + 1000);
  return Math.max(0, (last?.endTime ?? time) + outputLatencyMs - time);
}

test('P8 barge-in', async () => {
  const bench = await openBenchApp(benchSize);
  const pressed: number[] = [];
  for (let turn = 0; pressed.length < turns; turn += 1) {
    bench.chat.reply(replyOf(80, turn));
    const before = Date.now();
    await bench.app.type('Hello.');
    const first = await bench.firstSound(before);
    // At any point of the speech, not always at the same.
    await sleepUntil(first + 500 + ((turn * 137) % 1000));
    await bench.page.mouse.down();
    await bench.page.waitForTimeout(150);
    await bench.page.mouse.up();
    await bench.page.waitForTimeout(1500);
    const clock = await bench.clock();
    const ms = stopMs(clock, clock.pressed.at(-1) ?? NaN);
    if (ms !== null) pressed.push(ms);
    await bench.page.getByTestId('talk-button').hover();
    if (turn > 3 * turns) throw new Error('hardly ever was there any sound to stop');
  }
  const { outputLatencyMs } = await bench.clock();
  await bench.close();
  await reportStop(
    'the button is pressed → silence',
    pressed,
    `${String(pressed.length)} presses`,
    `Of it ${String(rounded(outputLatencyMs))} ms between rendering and hearing, by the browser's account.`,
  );

  const onset = await handsFree();
  await reportStop('hands-free: speech begins → silence', onset, `${String(onset.length)} interruptions`, null);
});

async function reportStop(
  metric: string,
  samples: readonly number[],
  runs: string,
  detail: string | null,
): Promise<void> {
  const p95 = quantile(samples, 0.95);
  await report({
    id: 'P8',
    metric,
    ours: figure('ms', samples),
    target: '≤ 120 ms p95',
    ...atMostTarget(120, rounded(p95), 'ms'),
    runs,
    backend: 'cpu',
    threads,
    model,
    ...(detail !== null && { detail }),
  });
}

/** One clip after the other is spoken into replies; the onsets are those of the microphone's sound in the page. */
async function handsFree(): Promise<readonly number[]> {
  const clip = 'en-36.wav';
  const slotMs = 7000;
  const bench = await openBenchApp(benchSize, { clips: [clip], slotMs, count: turns + 4 });
  bench.chat.reply(replyOf(160));
  await bench.page.getByRole('radio', { name: /免提/ }).click();
  await bench.page.getByTestId('talk-button').click();
  await bench.page.waitForTimeout((turns + 2) * slotMs);
  const clock = await bench.clock();
  await bench.close();
  const onsets = clock.microphone
    .filter(
      ({ startTime }, index) =>
        startTime - (clock.microphone[index - 1]?.endTime ?? 0) > slotMs - clipDurationMs(clip) - 500,
    )
    .map(({ startTime }) => startTime);
  return onsets.map((time) => stopMs(clock, time)).filter((ms) => ms !== null);
}

test('P10 gaps in what is played', async () => {
  const voice = await startVoice(grownVoice());
  const bench = await openBenchApp(benchSize);
  // About 80 tokens are 25 s of speech.
  const reply = replyOf(turns < 20 ? 120 : 400);
  bench.chat.reply(reply);
  const before = Date.now();
  await bench.app.type('Hello.');
  await bench.firstSound(before);
  await spokenToItsEnd(bench.page);
  const { output, scheduled, outputRateHz } = await bench.clock();
  await bench.close();

  const late = scheduled
    .map(({ startTime }, index) => {
      const previous = scheduled[index - 1];
      return previous ? (startTime - previous.startTime - previous.durationSeconds) * 1000 : 0;
    })
    .filter((ms) => ms > 1);
  const heardMs = (((output.at(-1)?.endFrame ?? 0) - (output[0]?.startFrame ?? 0)) / outputRateHz) * 1000;
  const expectedMs = await loudSpanMs(voice, reply);
  voice.close();
  const seconds = scheduled.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0);
  await report({
    id: 'P10',
    metric: `gaps in ${String(Math.round(seconds))} s of one reply's speech`,
    ours: single('gaps', late.length),
    target: '0 per 10 min',
    ...atMostTarget(0, late.length, 'gaps'),
    runs: `1 reply of ${String(scheduled.length)} pieces`,
    backend: backendOf(voice.device),
    threads: voiceThreads,
    model,
    detail: `From its first to its last loud sample the output took ${String(Math.round(heardMs))} ms; the same pieces end to end take ${String(Math.round(expectedMs))} ms.`,
  });
});

async function spokenToItsEnd(page: Page): Promise<void> {
  await expect
    .poll(
      () =>
        page.evaluate(() => {
          const last = globalThis.benchClock.output.at(-1);
          return last === undefined ? 0 : Date.now() - last.endTime;
        }),
      { timeout: 600_000, intervals: [1000] },
    )
    .toBeGreaterThan(6000);
}

/** From the first to the last loud sample of a reply's pieces, one right after the other. */
async function loudSpanMs(voice: Awaited<ReturnType<typeof startVoice>>, reply: string): Promise<number> {
  const splitter = createSentenceSplitter();
  let first = -1;
  let last = 0;
  let at = 0;
  for (const piece of [...splitter.push(reply), ...splitter.flush()]) {
    const { samples } = await voice.say(speakable(piece).text);
    const isLoud = (sample: number) => Math.abs(sample) > 0.003 * 32_768;
    if (first < 0) first = samples.findIndex(isLoud);
    last = at + samples.findLastIndex(isLoud);
    at += samples.length;
  }
  return (last - first) / 16;
}
