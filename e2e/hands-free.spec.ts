import type { Page } from '@playwright/test';
import { expect, glimpse, replies, said, state, test, type App } from './support/app.js';
import { heardMs } from './support/rendered-sound.js';
import { clipDurationMs, clipTexts, type Scheduled } from './support/sound.js';

/** Long enough to be interrupted: about half a minute of speech. */
const longReply = Array.from(
  { length: 12 },
  () => 'I have been studying for three years. The museum is next to the library.',
).join(' ');

/** Opens a topic whose partner says what the test wants, and listens hands-free to what the microphone will hear. */
async function listen(app: App, microphone: readonly Scheduled[], reply = 'I see.'): Promise<Page> {
  const page = await app.open({ microphone });
  await page.getByRole('button', { name: /空白话题/ }).click();
  await app.useEndpoint();
  app.chat.behave({ kind: 'reply', text: reply, delayMs: 20 });
  await page.getByRole('radio', { name: /免提/ }).click();
  await page.getByTestId('talk-button').click();
  await expect(state(page)).toContainText('请说话');
  return page;
}

const takeCards = (page: Page) => page.getByTestId('take-card');

test('two phrases with a pause between them become two turns, with nothing touched', async ({ app }) => {
  const page = await listen(app, [
    { clip: 'en-26.wav', atMs: 1_500 },
    { clip: 'en-36.wav', atMs: 10_000 },
  ]);
  await glimpse(page, 'state', '正在听');
  await glimpse(page, 'pause-ring');
  await expect(page.getByRole('timer', { name: '停顿倒计时' })).toBeVisible();
  await glimpse(page, 'state', '停顿中，即将发送');
  await expect(said(page, clipTexts.get('en-26.wav'))).toBeVisible();
  await expect(said(page, clipTexts.get('en-36.wav'))).toBeVisible();
  await expect(page.getByTestId('turn')).toHaveCount(2);
  await expect(takeCards(page)).toHaveCount(0);
  await expect(replies(page)).toHaveCount(2);
  // The recordings begin with what was said, not with the silence before it.
  for (const [index, clip] of ['en-26.wav', 'en-36.wav'].entries()) {
    const recording = await page
      .getByRole('button', { name: /我的录音/ })
      .nth(index)
      .innerText();
    const seconds = Number(/0:(\d\d)/.exec(recording)?.[1]);
    expect(Math.abs(seconds * 1000 - clipDurationMs(clip))).toBeLessThan(1500);
  }
  // It listens on until it is told not to.
  await expect(page.getByTestId('talk-button')).toContainText('请说话');
  await page.getByTestId('talk-button').click();
  await expect(state(page)).toContainText('轮到你了');
  await expect(page.getByTestId('talk-button')).toContainText('开始免提对话');
});

test('what is understood is shown before it is sent', async ({ app }) => {
  const page = await listen(app, [{ clip: 'en-02.wav', atMs: 1_500 }]);
  await page.getByRole('button', { name: '还没说完' }).click();
  const partial = page.getByRole('group', { name: /正在说的话/ });
  await expect(partial).toContainText('Nice to meet you.');
  await expect(page.getByTestId('turn')).toHaveCount(0);
  await page.getByTestId('talk-button').click();
  await expect(said(page, 'Nice to meet you.')).toBeVisible();
  await expect(partial).toHaveCount(0);
  await expect(page.getByTestId('talk-button')).toContainText('开始免提对话');
});

test('a phrase that is spoken while the reply plays stops it', async ({ app }) => {
  const page = await listen(
    app,
    [
      { clip: 'en-02.wav', atMs: 1_500 },
      { clip: 'en-34.wav', atMs: 12_000 },
    ],
    longReply,
  );
  await expect(said(page, clipTexts.get('en-02.wav'))).toBeVisible();
  await expect(state(page)).toContainText('播放中');
  await glimpse(page, 'state', '正在听');
  const quiet = heardMs(await app.sound());
  await page.waitForTimeout(700);
  // What was on its way to the loudspeaker when the learner began, and no more.
  expect(heardMs(await app.sound()) - quiet).toBeLessThan(150);
  await expect(said(page, clipTexts.get('en-34.wav'))).toBeVisible();
  await expect(state(page)).toContainText('播放中');
  const told = app.chat.requests.at(-1)?.messages.filter(({ role }) => role === 'assistant') ?? [];
  expect(told).toHaveLength(1);
  expect(longReply.startsWith(told[0]?.content ?? '-')).toBe(true);
  expect(told[0]?.content.length).toBeLessThan(longReply.length * 0.8);
  // Esc silences the reply and stops listening.
  await page.keyboard.press('Escape');
  await expect(state(page)).toContainText('轮到你了');
  await expect(page.getByTestId('talk-button')).toContainText('开始免提对话');
});

test('“not done yet” keeps the take, and what is said later is added to it', async ({ app }) => {
  const page = await listen(app, [
    { clip: 'en-02.wav', atMs: 1_500 },
    { clip: 'en-13.wav', atMs: 1_500 + clipDurationMs('en-02.wav') + 3_500 },
  ]);
  await page.getByRole('button', { name: '还没说完' }).waitFor();
  await page.keyboard.press('n');
  await expect(state(page)).toContainText('不急');
  await expect(page.getByRole('timer')).toHaveCount(0);
  await page.waitForTimeout(2_000);
  await expect(page.getByTestId('turn')).toHaveCount(0);
  await expect(state(page)).toContainText('正在听');
  await expect(said(page, 'Nice to meet you. The weather is beautiful today.')).toBeVisible();
  await expect(page.getByTestId('turn')).toHaveCount(1);
});

test('silence makes no turn, and leaving leaves nothing behind', async ({ app }) => {
  const page = await listen(app, []);
  await page.waitForTimeout(8_000);
  await expect(state(page)).toContainText('请说话');
  await page.keyboard.press('Space');
  await expect(state(page)).toContainText('轮到你了');
  await page.keyboard.press('Space');
  await expect(state(page)).toContainText('请说话');
  await page.getByRole('radio', { name: /按住说话/ }).click();
  await expect(state(page)).toContainText('轮到你了');
  await expect(page.getByTestId('turn')).toHaveCount(0);
  await expect(takeCards(page)).toHaveCount(0);
  await expect(page.getByText(/没有?听到声音/)).toHaveCount(0);
});

test('typing goes on while it listens, and Esc throws away what was being said', async ({ app }) => {
  const page = await listen(app, [{ clip: 'en-12.wav', atMs: 9_000 }]);
  await app.type('Hello.');
  await expect(replies(page)).toHaveCount(1);
  await expect(page.getByTestId('talk-button')).toContainText('请说话');
  await page.locator('body').click({ position: { x: 400, y: 300 } });
  await expect(state(page)).toContainText('正在听');
  await page.keyboard.press('Escape');
  await expect(state(page)).toContainText('轮到你了');
  await page.waitForTimeout(3_000);
  await expect(page.getByTestId('turn')).toHaveCount(1);
  await expect(takeCards(page)).toHaveCount(0);
});
