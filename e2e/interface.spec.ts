import type { Page } from '@playwright/test';
import { expect, glimpse, replies, said, state, test } from './support/app.js';
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
  const page = await app.open({ microphone: [{ clip: 'en-36.wav', atMs: 1_000 }] });
  await page.getByRole('button', { name: /空白话题/ }).click();
  await page.getByRole('textbox').fill('');
  await page.getByRole('textbox').press('Space');
  await expect(page.getByRole('textbox')).toHaveValue(' ');
  await page.getByRole('textbox').fill('');
  await page.locator('body').click({ position: { x: 400, y: 300 } });
  await page.keyboard.down('Space');
  await glimpse(page, 'state', '正在听');
  await app.recorded(1_000 + clipDurationMs('en-36.wav') + 300);
  await page.keyboard.up('Space');
  await expect(said(page, clipTexts.get('en-36.wav'))).toBeVisible();
});

test('a click starts and a click sends, where that is set', async ({ app }) => {
  const page = await app.open({ microphone: [{ clip: 'en-26.wav', atMs: 1_000 }] });
  await page.getByRole('button', { name: /空白话题/ }).click();
  await page.getByText('点按', { exact: true }).click();
  const button = page.getByTestId('talk-button');
  await expect(button).toContainText('点按说话');
  await button.click();
  await glimpse(page, 'state', '正在听');
  await app.recorded(1_000 + clipDurationMs('en-26.wav') + 300);
  await button.click();
  await expect(said(page, clipTexts.get('en-26.wav'))).toBeVisible();
});

test('Esc throws a take away', async ({ app }) => {
  const page = await app.open({ microphone: [{ clip: 'en-26.wav', atMs: 0 }] });
  await page.getByRole('button', { name: /空白话题/ }).click();
  await app.press();
  await app.recorded(1_500);
  await page.keyboard.press('Escape');
  await page.mouse.up();
  await expect(state(page)).toContainText('轮到你了');
  await page.waitForTimeout(1500);
  await expect(page.getByTestId('turn')).toHaveCount(0);
  await expect(page.getByTestId('take-card')).toHaveCount(0);
});

test('what is understood is shown, greyed, while the button is still held', async ({ app }) => {
  const page = await app.open({
    microphone: [
      { clip: 'en-36.wav', atMs: 1_000 },
      { clip: 'en-26.wav', atMs: 6_000 },
    ],
  });
  await page.getByRole('button', { name: /空白话题/ }).click();
  await app.press();
  const partial = page.getByRole('group', { name: /正在说的话/ });
  await expect(partial).toContainText(clipTexts.get('en-36.wav') ?? '');
  await expect(state(page)).toContainText('正在听');
  await app.recorded(6_000 + clipDurationMs('en-26.wav') + 300);
  await page.mouse.up();
  await expect(said(page, [clipTexts.get('en-36.wav'), clipTexts.get('en-26.wav')].join(' '))).toBeVisible();
  await expect(partial).toHaveCount(0);
});

/** From then on `microphoneTrack` and `microphoneContext` of the page are what the app records from. */
async function watchMicrophone(page: Page): Promise<void> {
  await page.evaluate(() => {
    const devices = navigator.mediaDevices;
    const open = devices.getUserMedia.bind(devices);
    devices.getUserMedia = async (constraints) => {
      const stream = await open(constraints);
      globalThis.microphoneTrack = stream.getAudioTracks()[0];
      return stream;
    };
    const sourceOf = Reflect.get(AudioContext.prototype, 'createMediaStreamSource');
    AudioContext.prototype.createMediaStreamSource = function (this: AudioContext, stream) {
      globalThis.microphoneContext = this;
      return sourceOf.call(this, stream);
    };
  });
}

declare global {
  var microphoneTrack: MediaStreamTrack | undefined;
  var microphoneContext: AudioContext | undefined;
}

test.describe('a microphone', () => {
  test('that is unplugged in the middle of a take sends what was said, and says so', async ({ app }) => {
    const page = await app.open({ microphone: [{ clip: 'en-36.wav', atMs: 1_000 }] });
    await page.getByRole('button', { name: /空白话题/ }).click();
    await watchMicrophone(page);
    await app.press();
    await app.recorded(1_000 + clipDurationMs('en-36.wav') + 300);
    await page.evaluate(() => globalThis.microphoneTrack?.dispatchEvent(new Event('ended')));
    await expect(page.getByText('麦克风断开了')).toBeVisible();
    await expect(said(page, clipTexts.get('en-36.wav'))).toBeVisible();
    expect(await page.evaluate(() => globalThis.microphoneTrack?.readyState)).toBe('ended');
    await page.mouse.up();
  });

  test('that is muted says so while it is, and a context that is suspended goes on', async ({ app }) => {
    const page = await app.open({ microphone: [{ clip: 'en-36.wav', atMs: 2_000 }] });
    await page.getByRole('button', { name: /空白话题/ }).click();
    await watchMicrophone(page);
    await page.getByText('点按', { exact: true }).click();
    await page.getByTestId('talk-button').click();
    await expect(state(page)).toContainText('正在听');
    await page.evaluate(() => globalThis.microphoneTrack?.dispatchEvent(new Event('mute')));
    await expect(state(page)).toContainText('麦克风被静音了');
    await page.evaluate(() => globalThis.microphoneTrack?.dispatchEvent(new Event('unmute')));
    await expect(state(page)).toContainText('正在听');
    await page.evaluate(() => globalThis.microphoneContext?.suspend());
    await expect.poll(() => page.evaluate(() => globalThis.microphoneContext?.state)).toBe('running');
    await app.recorded(2_000 + clipDurationMs('en-36.wav') + 300);
    await page.getByTestId('talk-button').click();
    await expect(said(page, clipTexts.get('en-36.wav'))).toBeVisible();
  });

  test('that gives no more sound ends the take, and keeps what was said', async ({ app }) => {
    const page = await app.open({ microphone: [{ clip: 'en-36.wav', atMs: 1_000 }] });
    await page.getByRole('button', { name: /空白话题/ }).click();
    await watchMicrophone(page);
    await app.press();
    await app.recorded(1_000 + clipDurationMs('en-36.wav') + 300);
    await page.evaluate(() => {
      const context = globalThis.microphoneContext;
      if (context) context.resume = () => Promise.reject(new DOMException('interrupted', 'InvalidStateError'));
      return context?.suspend();
    });
    await expect(page.getByText('麦克风不再有声音传来')).toBeVisible();
    await expect(said(page, clipTexts.get('en-36.wav'))).toBeVisible();
    await page.mouse.up();
  });

  test('that the system never opens says so, and typing goes on', async ({ app }) => {
    const page = await app.open();
    await page.getByRole('button', { name: /空白话题/ }).click();
    await page.evaluate(() => {
      navigator.mediaDevices.getUserMedia = () => new Promise(() => undefined);
    });
    await page.getByText('点按', { exact: true }).click();
    await page.getByTestId('talk-button').click();
    await expect(state(page)).toContainText('准备麦克风');
    await expect(page.getByText('麦克风一直没有打开')).toBeVisible();
    await expect(page.getByTestId('talk-button')).toContainText('点按说话');
    await app.type('I can still type.');
    await expect(replies(page)).toHaveCount(1);
  });
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
