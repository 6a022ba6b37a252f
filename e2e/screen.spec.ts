import type { Page } from '@playwright/test';
import { expect, replies, state, test } from './support/app.js';

/** How far the newest turn's foot lies below the scroller's, in pixels; 0 or less is in sight. */
const belowTheFold = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const last = document.querySelector('ol > li:last-child')?.getBoundingClientRect();
    const frame = document.querySelector('[role=region]')?.getBoundingClientRect();
    return last && frame ? last.bottom - frame.bottom : NaN;
  });

const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const { activeElement: active } = document;
    return active?.getAttribute('data-testid') ?? active?.getAttribute('aria-label') ?? active?.tagName ?? '';
  });

test('the newest reply is in sight, also after reading further up', async ({ app }) => {
  const page = await app.open({ viewport: { width: 1100, height: 640 } });
  await page.getByRole('button', { name: /空白话题/ }).click();
  await app.useEndpoint();
  const long = 'This is a rather long answer that says quite a lot of things about a lot of other things. '.repeat(4);
  app.chat.behave({ kind: 'reply', text: long });
  for (let turn = 1; turn <= 7; turn += 1) {
    await app.type(`Tell me more, part ${String(turn)}.`);
    await expect(replies(page)).toHaveCount(turn);
    await page.keyboard.press('Escape');
    await expect(state(page)).not.toContainText('正在想');
    await expect.poll(() => belowTheFold(page)).toBeLessThanOrEqual(1);
  }
  // Read further up: what comes from elsewhere does not take the learner away, what they send does.
  await page.getByRole('region').hover();
  await page.mouse.wheel(0, -5000);
  await expect(page.getByRole('button', { name: /最新/ })).toBeVisible();
  await app.type('And the last one.');
  await expect(replies(page)).toHaveCount(8);
  await expect.poll(() => belowTheFold(page)).toBeLessThanOrEqual(1);
});

test('a reply of emoji alone is shown, and says that it has no sound', async ({ app }) => {
  const page = await app.open();
  await page.getByRole('button', { name: /空白话题/ }).click();
  await app.useEndpoint();
  app.chat.behave({ kind: 'reply', text: '🎉👍' });
  await app.type('I passed!');
  await expect(replies(page).last()).toContainText('🎉👍');
  await expect(replies(page).last()).toContainText('没有能读出来的内容');
});

test('with the keyboard alone: one stop for all topics, Space presses buttons, the focus always has a place', async ({
  app,
}) => {
  const page = await app.open();
  await page.getByRole('button', { name: /自由聊天/ }).click();
  await expect(replies(page)).toHaveCount(1);
  // The scene's button and its page are gone.
  await expect.poll(() => focused(page)).toBe('talk-button');
  for (const scene of [/点餐/, /空白话题/]) {
    await page.keyboard.press('Control+n');
    await page.getByRole('dialog').getByRole('button', { name: scene }).click();
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect.poll(() => focused(page)).not.toBe('BODY');
  }

  // From the page's beginning: the skip link, and each topic list is one stop.
  const list = page.getByRole('navigation').getByRole('list');
  await expect(list.getByRole('listitem')).toHaveCount(3);
  expect(await list.locator('button:not([tabindex="-1"])').count()).toBe(1);
  await list.locator('button[tabindex="0"]').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => focused(page)).toMatch(/更多操作/);
  // Space presses what has the focus, and records nothing.
  await page.keyboard.press('Space');
  await expect(page.getByRole('menu')).toBeVisible();
  await expect(state(page)).not.toContainText('正在听');
  await page.keyboard.press('Escape');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Space');
  await expect(list.locator('[aria-current=page]')).toBeFocused();

  // After a dialog whose opener is still there the focus is back at it.
  await page.keyboard.press('Control+,');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(list.locator('[aria-current=page]')).toBeFocused();
});

test('a topic that is left in the middle of a sentence keeps it, unsent, and says so', async ({ app }) => {
  const page = await app.open({ microphone: [{ clip: 'en-36.wav', atMs: 0 }] });
  await page.getByRole('button', { name: /自由聊天/ }).click();
  await expect(state(page)).toContainText('轮到你了');
  await page.keyboard.press('Control+n');
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /空白话题/ })
    .click();
  await page.locator('body').click({ position: { x: 700, y: 300 } });
  await page.keyboard.down('Space');
  await expect(state(page)).toContainText('正在听');
  await app.recorded(1_500);
  await page.getByRole('navigation').getByText('自由聊天').click();
  await page.keyboard.up('Space');
  await expect(page.getByRole('heading', { name: '自由聊天' })).toBeVisible();
  await expect(page.getByRole('navigation')).toContainText('有一段录音等着识别');
  await page.getByRole('navigation').getByText('空白话题').click();
  await expect(page.getByTestId('take-card')).toContainText('没有发送');
  // And an untouched blank topic is made once.
  for (let time = 0; time < 2; time += 1) {
    await page.keyboard.press('Control+n');
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /空白话题/ })
      .click();
    // While a dialog is open, Ctrl+N is not heard.
    await expect(page.getByRole('dialog')).toHaveCount(0);
  }
  await expect(page.getByRole('navigation').getByRole('listitem')).toHaveCount(3);
});

test('at 200 % in a small window the newest reply is in sight, and modes and languages can be chosen', async ({
  app,
}) => {
  const page = await app.open({ viewport: { width: 900, height: 600 } });
  await page.getByRole('button', { name: /自由聊天/ }).click();
  await expect(replies(page)).toHaveCount(1);
  await page.keyboard.press('Control+,');
  await page.getByRole('dialog').getByText('200%', { exact: true }).click();
  await page.keyboard.press('Escape');
  await app.type('I like tea.');
  await expect(replies(page)).toHaveCount(2);
  await expect(state(page)).toContainText('轮到你了');
  await page.screenshot({ path: 'test-results/small-200.png' });
  const { top, bottom } = await page.evaluate(() => {
    const last = [...document.querySelectorAll('[data-testid=reply-card]')].at(-1)?.getBoundingClientRect();
    const frame = document.querySelector('[role=region]')?.getBoundingClientRect();
    return { top: (last?.top ?? 0) - (frame?.bottom ?? 0), bottom: (last?.bottom ?? 0) - (frame?.top ?? 0) };
  });
  expect(top).toBeLessThan(-60);
  expect(bottom).toBeGreaterThan(0);
  await expect(page.getByRole('radio', { name: /免提/ })).toBeVisible();
  await expect(page.getByRole('radio', { name: /自动/ })).toBeVisible();
});
