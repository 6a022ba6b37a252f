import { expect, replies, said, state, test } from './support/app.js';
import { clipDurationMs, clipTexts } from './support/sound.js';

test('topics are made, renamed and deleted, with any name', async ({ app }) => {
  const page = await app.open();
  await page.getByRole('button', { name: /空白话题/ }).click();
  const list = page.getByRole('navigation');
  const name = '<img src=x onerror=alert(1)> 很长很长很长很长很长很长的名字 🎉';
  await page.getByRole('button', { name: '这个话题的更多操作' }).click();
  await page.getByRole('menuitem', { name: '重命名' }).click();
  await page.getByRole('dialog').getByLabel('话题名称').fill(name);
  await page.getByRole('dialog').getByRole('button', { name: '保存' }).click();
  await expect(list.getByText(name)).toBeVisible();

  await page.keyboard.press('Control+n');
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /自由聊天/ })
    .click();
  await expect(page.getByRole('heading', { name: '自由聊天' })).toBeVisible();
  await page.getByRole('button', { name: '这个话题的更多操作' }).click();
  await page.getByRole('menuitem', { name: '删除' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '彻底删除' }).click();
  await expect(list.getByText('自由聊天')).toHaveCount(0);
  await expect(list.getByText(name)).toBeVisible();
});

test('Space held talks, when no field has the focus', async ({ app }) => {
  const page = await app.open({ microphone: [{ clip: 'en-36.wav', atMs: 300 }] });
  await page.getByRole('button', { name: /空白话题/ }).click();
  await page.getByRole('textbox').fill('');
  await page.getByRole('textbox').press('Space');
  await expect(page.getByRole('textbox')).toHaveValue(' ');
  await page.getByRole('textbox').fill('');
  await page.locator('body').click({ position: { x: 400, y: 300 } });
  await page.keyboard.down('Space');
  await expect(state(page)).toContainText('正在听');
  await page.waitForTimeout(300 + clipDurationMs('en-36.wav') + 300);
  await page.keyboard.up('Space');
  await expect(said(page, clipTexts.get('en-36.wav'))).toBeVisible();
});

test('a click starts and a click sends, where that is set', async ({ app }) => {
  const page = await app.open({ microphone: [{ clip: 'en-26.wav', atMs: 300 }] });
  await page.getByRole('button', { name: /空白话题/ }).click();
  await page.getByText('点按', { exact: true }).click();
  const button = page.getByTestId('talk-button');
  await expect(button).toContainText('点按说话');
  await button.click();
  await expect(state(page)).toContainText('正在听');
  await page.waitForTimeout(300 + clipDurationMs('en-26.wav') + 300);
  await button.click();
  await expect(said(page, clipTexts.get('en-26.wav'))).toBeVisible();
});

test('Esc throws a take away', async ({ app }) => {
  const page = await app.open({ microphone: [{ clip: 'en-26.wav', atMs: 0 }] });
  await page.getByRole('button', { name: /空白话题/ }).click();
  await page.getByTestId('talk-button').hover();
  await page.mouse.down();
  await page.waitForTimeout(1500);
  await page.keyboard.press('Escape');
  await page.mouse.up();
  await expect(state(page)).toContainText('轮到你了');
  await page.waitForTimeout(1500);
  await expect(page.getByTestId('turn')).toHaveCount(0);
  await expect(page.getByTestId('take-card')).toHaveCount(0);
});

test('speaks English too, and remembers how it looks', async ({ app }) => {
  const page = await app.open({ locale: 'en-US', colorScheme: 'dark' });
  await page.getByRole('button', { name: /Free talk/ }).click();
  await expect(replies(page)).toHaveCount(1);
  await page.keyboard.press('Control+,');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radiogroup', { name: 'Interface language' }).getByRole('radio', { name: '中文' }).click();
  await expect(page.getByTestId('talk-button')).toContainText('按住说话');
  await app.close();
  const again = await app.open({ locale: 'en-US', colorScheme: 'dark' });
  await expect(again.getByRole('button', { name: '新话题' }).first()).toBeVisible();
});

test('the key is kept for this run only where there is no key ring, and that is said', async ({ app }) => {
  const page = await app.open();
  await page.getByRole('button', { name: /空白话题/ }).click();
  await app.useEndpoint();
  await page.keyboard.press('Control+,');
  await expect(page.getByRole('dialog')).toContainText(/关闭|退出|这次/);
});
