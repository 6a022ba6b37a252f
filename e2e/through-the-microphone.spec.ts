import { clipDurationMs, clipTexts } from './support/sound.js';
import { expect, said, state, test } from './support/app.js';

/** All of them take two minutes: npm test has every fourth. */
const spoken = [...clipTexts]
  .filter(([, text]) => text !== '')
  .filter((_, index) => process.env.BOTCHAT_FULL !== undefined || index % 4 === 0);
/** Between two clips: the take ends, is understood, and the next one begins. */
const gapMs = 2500;

/** Each clip with its time since the microphone was opened. */
const schedule = spoken.reduce<{ clip: string; text: string; atMs: number; endMs: number }[]>(
  (before, [clip, text]) => {
    const atMs = (before.at(-1)?.endMs ?? -gapMs + 600) + gapMs;
    return [...before, { clip, text, atMs, endMs: atMs + clipDurationMs(clip) }];
  },
  [],
);

test('every clip gives through the browser’s microphone what its file gives', async ({ app }) => {
  const page = await app.open({ microphone: schedule, microphoneMs: (schedule.at(-1)?.endMs ?? 0) + 10_000 });
  await page.getByRole('button', { name: /空白话题/ }).click();
  const wrong: string[] = [];
  let openedMs: number | null = null;
  for (const { clip, text, atMs, endMs } of schedule) {
    const until = (ms: number) => page.waitForTimeout(Math.max(0, (openedMs ?? 0) + ms - performance.now()));
    if (openedMs !== null) await until(atMs - 500);
    await page.getByTestId('talk-button').hover();
    await page.mouse.down();
    await expect(state(page)).toContainText('正在听');
    openedMs ??= performance.now();
    await until(endMs + 500);
    await page.mouse.up();
    await expect(page.getByTestId('take-card')).toHaveCount(0);
    const last = await said(page, text).count();
    if (last === 0) wrong.push(clip);
  }
  console.log(`${String(spoken.length - wrong.length)} of ${String(spoken.length)} through the microphone`, wrong);
  expect(wrong).toEqual([]);
});
