import { existsSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { createApp, expect, replies, said, state, test, type App } from './support/app.js';
import { heardMs } from './support/rendered-sound.js';
import { clipDurationMs, clipTexts } from './support/sound.js';
import { startStore } from './support/store.js';

const password = 'correct horse battery';

test('two machines, one account: talk on A, go on on B, part, and agree again', async ({ app: a }) => {
  test.skip(
    !['/usr/sbin/mariadbd', '/usr/sbin/mysqld'].some((path) => existsSync(path)),
    'no MariaDB: apt install mariadb-server',
  );
  const store = await startStore();
  const b = await createApp();
  try {
    // A talks before there is an account, signs up, and takes the history along.
    const pageA = await a.open({ microphone: [{ clip: 'en-02.wav', atMs: 1_000 }] });
    await pageA.getByRole('button', { name: /空白话题/ }).click();
    await a.talk(1_000 + clipDurationMs('en-02.wav') + 500);
    await expect(said(pageA, clipTexts.get('en-02.wav'))).toBeVisible();
    await expect(state(pageA)).toContainText('轮到你了');
    await pageA.getByTestId('account-button').click();
    const dialog = pageA.getByRole('dialog');
    await dialog.getByLabel('连接串').fill(store.connectionString);
    await dialog.getByRole('button', { name: '测试连接' }).click();
    await expect(dialog).toContainText('已连上');
    await dialog.getByRole('tab', { name: '注册' }).click();
    await dialog.getByLabel('名字', { exact: true }).fill('小李同学');
    await dialog.getByLabel('密码', { exact: true }).fill(password);
    await dialog.getByLabel('再输一遍密码').fill(password);
    await dialog.getByRole('button', { name: '注册', exact: true }).click();
    await expect(pageA.getByTestId('recovery-code')).toHaveText(/^\w{5}(-\w{5}){4}$/);
    await pageA.getByLabel('我抄好了').check();
    await pageA.getByRole('button', { name: '完成' }).click();
    await pageA.getByRole('button', { name: '带上' }).click();
    await expect(pageA.getByRole('navigation').getByText('空白话题')).toBeVisible();
    await expect(pageA.getByTestId('sync-chip')).toContainText('已同步');

    // B signs in and has it all; the reply is said by B's own voice, with the store out of reach.
    const pageB = await b.open();
    await signIn(pageB, store.connectionString);
    await expect(pageB.getByRole('navigation').getByText('空白话题')).toBeVisible();
    await pageB.getByRole('navigation').getByText('空白话题').click();
    await expect(said(pageB, clipTexts.get('en-02.wav'))).toBeVisible();
    await store.cut();
    await expect(pageB.getByRole('button', { name: /我的录音/ })).toHaveCount(0);
    await replies(pageB).last().getByRole('button', { name: /再听/ }).click();
    await expect.poll(async () => heardMs(await b.sound())).toBeGreaterThan(500);

    // Cut off, both go on.
    await rename(pageA, '甲改的名字');
    await rename(pageB, '乙改的名字');
    await pageA.getByRole('navigation').getByText('甲改的名字').click();
    await type(a, pageA, 'From machine A.');
    await type(b, pageB, 'From machine B.');
    await expect(pageA.getByTestId('sync-chip')).toContainText(/离线/);

    // Reconnected, both say the same, and nobody was asked anything.
    await store.mend();
    for (const page of [pageA, pageB, pageA]) await syncNow(page);
    for (const page of [pageA, pageB]) {
      await expect(page.getByRole('navigation').getByText('乙改的名字')).toBeVisible();
      await expect(said(page, 'From machine A.')).toBeVisible();
      await expect(said(page, 'From machine B.')).toBeVisible();
      await expect(page.getByTestId('sync-chip')).toContainText('已同步');
    }
    expect(await order(pageA)).toEqual(await order(pageB));

    // Signed out, B shows nothing of it.
    await pageB.getByTestId('account-button').click();
    await pageB.getByRole('dialog').getByRole('button', { name: '退出登录', exact: true }).click();
    await expect(pageB.getByRole('navigation').getByText('乙改的名字')).toHaveCount(0);
    expect(await pageB.content()).not.toContain('From machine A.');
  } finally {
    await b.close();
    await b.remove();
    await store.stop();
  }
});

async function signIn(page: Page, connectionString: string): Promise<void> {
  await page.getByTestId('account-button').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('连接串').fill(connectionString);
  await dialog.getByRole('button', { name: '测试连接' }).click();
  await expect(dialog).toContainText('已连上');
  await dialog.getByLabel('名字', { exact: true }).fill('小李同学');
  await dialog.getByLabel('密码', { exact: true }).fill(password);
  await dialog.getByRole('button', { name: '登录', exact: true }).click();
  await expect(page.getByTestId('account-button')).toContainText('小李同学');
  await page.keyboard.press('Escape');
}

async function rename(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation').getByText('空白话题').click();
  await page.getByRole('button', { name: '这个话题的更多操作' }).click();
  await page.getByRole('menuitem', { name: '重命名' }).click();
  await page.getByRole('dialog').getByLabel('话题名称').fill(name);
  await page.getByRole('dialog').getByRole('button', { name: '保存' }).click();
  await expect(page.getByRole('heading', { name })).toBeVisible();
}

async function type(app: App, page: Page, text: string): Promise<void> {
  await app.type(text);
  await expect(said(page, text)).toBeVisible();
  await expect(state(page)).toContainText('轮到你了');
}

async function syncNow(page: Page): Promise<void> {
  await page.getByTestId('sync-chip').click();
  await page.getByRole('button', { name: '立即同步' }).click();
  await expect(page.getByTestId('sync-chip')).toContainText('已同步');
  await page.keyboard.press('Escape');
}

const order = (page: Page) =>
  page.getByTestId('turn').evaluateAll((turns) => turns.map((turn) => turn.getAttribute('data-turn-id')));
