import { cpus } from 'node:os';
import type { Page } from '@playwright/test';
import { expect, replies, state, test, type App } from '../../e2e/support/app.js';
import { clipDurationMs } from '../../e2e/support/sound.js';

// From the moment at which the learner lets go of the button until the page lets the first sound of the reply be heard,
// with the demo models and the scripted partner, in Chromium over the web host. The clock is the page's own; sound is
// seen where it leaves for the output device, in blocks of 21 ms.
const turns = Number(process.env.TURNS ?? 20);
const clip = 'en-02.wav';
const periodMs = 10_000;

async function measure(app: App, page: Page): Promise<number> {
  await page.evaluate(() => {
    const seen = globalThis as { releasedAt?: number; firstSoundMs?: Promise<number> };
    seen.firstSoundMs = new Promise((resolve) => {
      addEventListener(
        'pointerup',
        () => {
          const releasedAt = performance.now();
          const before = globalThis.renderedSound().blocks.length;
          const look = setInterval(() => {
            const { blocks } = globalThis.renderedSound();
            if (!blocks.slice(before).some((rms) => rms > 0.005)) return;
            clearInterval(look);
            resolve(performance.now() - releasedAt);
          }, 2);
        },
        { once: true, capture: true },
      );
    });
  });
  await app.talk(300 + clipDurationMs(clip) + 200);
  return page.evaluate(() => (globalThis as unknown as { firstSoundMs: Promise<number> }).firstSoundMs);
}

function report(name: string, samples: readonly number[]): void {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share: number) =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN);
  console.log(
    JSON.stringify({
      metric: `end of speech to first audio, ${name}`,
      medianMs: at(0.5),
      p95Ms: at(0.95),
      turns: samples.length,
      backend: 'CPU',
      threads: cpus().length,
      model: 'micro-whisper + micro-voice + scripted partner',
      machine: cpus()[0]?.model,
    }),
  );
}

test('warm', async ({ app }) => {
  const microphone = Array.from({ length: turns + 1 }, (_, index) => ({ clip, atMs: 300 + index * periodMs }));
  const page = await app.open({ microphone, microphoneMs: (turns + 2) * periodMs });
  await page.getByRole('button', { name: /空白话题/ }).click();
  const samples: number[] = [];
  let openedAt = 0;
  for (let turn = 0; turn <= turns; turn += 1) {
    await page.waitForTimeout(Math.max(0, turn === 0 ? 0 : turn * periodMs - (Date.now() - openedAt)));
    if (turn === 0) openedAt = Date.now();
    const ms = await measure(app, page);
    // The first is the cold one, measured below.
    if (turn > 0) samples.push(ms);
    await expect(replies(page)).toHaveCount(turn + 1);
    await expect(state(page)).toContainText('轮到你了', { timeout: 30_000 });
  }
  report('warm', samples);
});

test('cold', async ({ app }) => {
  const samples: number[] = [];
  for (let turn = 0; turn < turns; turn += 1) {
    const page = await app.open({ microphone: [{ clip, atMs: 300 }] });
    if (turn === 0) await page.getByRole('button', { name: /空白话题/ }).click();
    else await page.getByRole('navigation').getByText('空白话题').click();
    samples.push(await measure(app, page));
    await expect(replies(page).last()).toBeVisible();
    await app.close();
  }
  report('cold: first turn after the app was started', samples);
});
