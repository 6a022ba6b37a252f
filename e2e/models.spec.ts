import { rmSync } from 'node:fs';
import type { Page } from '@playwright/test';
import type { Misbehaviour } from '../src/main/core/testing/file-host.js';
import { appRootWithCatalogue } from './support/app-root.js';
import { createApp, expect, replies, said, state, test } from './support/app.js';
import { startDemoCatalogue } from './support/demo-catalogue.js';
import { clipDurationMs, clipTexts } from './support/sound.js';

/** So that a test can look at it, and end it. */
const slowly: Misbehaviour = { trickle: { bytes: 65_536, everyMs: 15 } };

/** The app with a catalogue of its own. */
async function appWithModels() {
  const models = await startDemoCatalogue(slowly);
  const appRoot = appRootWithCatalogue(models.catalogue);
  const app = await createApp(appRoot);
  return {
    app,
    async remove() {
      await app.close();
      await app.remove();
      await models.close();
      rmSync(appRoot, { recursive: true, force: true });
    },
  };
}

const dialog = (page: Page) => page.getByRole('dialog', { name: '识别和语音模型' });
const inUse = (page: Page, name: RegExp) =>
  dialog(page).getByRole('listitem').filter({ hasText: name }).filter({ hasText: '正在使用' });

test('one button, and real models hear and speak; a pause loses nothing, and a restart keeps them', async () => {
  const { app, remove } = await appWithModels();
  try {
    const page = await app.open({ microphone: [{ clip: 'en-02.wav', atMs: 1_000 }] });
    await expect(page.getByText(/现在用的是演示模型/)).toBeVisible();
    await page.getByRole('button', { name: '下载真正的模型' }).click();
    await expect(inUse(page, /micro-whisper/)).toBeVisible();
    await dialog(page)
      .getByRole('button', { name: /下载并使用（\d+ MB）/ })
      .click();

    // One after the other; the first is paused and gone on with.
    const first = dialog(page)
      .getByRole('listitem')
      .filter({ has: page.getByRole('progressbar') })
      .first();
    await expect(first).toContainText(/\d+ MB \/ \d+ MB/);
    await first.getByRole('button', { name: /暂停/ }).click();
    await expect(dialog(page).getByText(/已暂停：/)).toBeVisible();
    await dialog(page).getByRole('button', { name: /^继续/ }).click();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('button', { name: /下载模型 \d+%/ })).toBeVisible();

    // The app can be used meanwhile, and is told when they take over.
    await page.getByRole('button', { name: /空白话题/ }).click();
    await expect(page.getByTestId('status-chip-recogniser')).toContainText('Whisper');
    await expect(page.getByTestId('status-chip-voice')).toContainText('Piper Kristin');
    await expect(page.getByText(/已经装好，现在开始使用/).first()).toBeVisible();
    await expect(page.getByText(/现在用的是演示模型/)).toBeHidden();
    await app.talk(1_000 + clipDurationMs('en-02.wav') + 500);
    await expect(said(page, clipTexts.get('en-02.wav'))).toBeVisible();
    await expect(replies(page)).toHaveCount(1);
    await expect(state(page)).toContainText('轮到你了');

    await app.close();
    const again = await app.open();
    await expect(again.getByTestId('status-chip-recogniser')).toContainText('Whisper');
    await expect(again.getByTestId('status-chip-voice')).toContainText('Piper Kristin');
    await again.getByTestId('status-chip-voice').click();
    await again.getByRole('button', { name: '模型', exact: true }).first().click();
    await expect(inUse(again, /Whisper/)).toBeVisible();
    await inUse(again, /Piper Kristin/)
      .getByRole('button', { name: /删除/ })
      .click();
    await expect(inUse(again, /micro-voice/)).toBeVisible();
    await expect(again.getByTestId('status-chip-voice')).toContainText('演示语音');
  } finally {
    await remove();
  }
});

test('a host killed in the middle of a download goes on from there', async () => {
  const { app, remove } = await appWithModels();
  try {
    const page = await app.open();
    await page.getByRole('button', { name: '下载真正的模型' }).click();
    await dialog(page)
      .getByRole('button', { name: /下载并使用/ })
      .click();
    // What came in the last second before a kill may be lost.
    await expect(dialog(page).getByText(/[5-7] MB \/ \d+ MB/)).toBeVisible();
    await app.killHost();
    const again = await app.open();
    await again.getByRole('button', { name: '下载真正的模型' }).click();
    await expect(dialog(again).getByText(/已暂停：[1-9]\d* MB/)).toBeVisible();
    await dialog(again).getByRole('button', { name: /^继续/ }).click();
    await expect(inUse(again, /Whisper/)).toBeVisible();
  } finally {
    await remove();
  }
});
