import { everythingOn, expect, replies, said, state, test } from './support/app.js';
import { heardMs } from './support/rendered-sound.js';
import { clipDurationMs, clipTexts } from './support/sound.js';

test.describe('a newcomer, with no network, key, models or account', () => {
  test('speaks, hears an answer, reveals it, replays it, and finds it all again', async ({ app }) => {
    const page = await app.open({ microphone: [{ clip: 'en-02.wav', atMs: 1_000 }] });
    await page.getByRole('button', { name: /初次见面/ }).click();
    // The partner speaks first: heard, not read.
    await expect(state(page)).toContainText('播放中');
    await expect(state(page)).toContainText('轮到你了');
    await expect(replies(page)).toHaveCount(1);

    await app.talk(1_000 + clipDurationMs('en-02.wav') + 500);
    await expect(said(page, clipTexts.get('en-02.wav'))).toBeVisible();
    await expect(replies(page)).toHaveCount(2);
    const reply = replies(page).last();
    await expect(reply.getByTestId('blanks')).toBeVisible();
    await expect(state(page)).toContainText('轮到你了');
    const hidden = await everythingOn(page);

    // Its length is known, and it was really heard.
    const stated = /0:(\d\d)/.exec(await reply.innerText())?.[1];
    const soundBefore = heardMs(await app.sound());
    await reply.getByRole('button', { name: /再听/ }).click();
    await expect(state(page)).toContainText('播放中');
    await expect(state(page)).toContainText('轮到你了');
    const replayedMs = heardMs(await app.sound()) - soundBefore;
    expect(replayedMs).toBeGreaterThan(Number(stated) * 1000 * 0.5);
    expect(replayedMs).toBeLessThan((Number(stated) + 1) * 1000);
    expect(soundBefore).toBeGreaterThan(replayedMs);

    // The words come only when they are asked for, and go again.
    await reply.getByRole('button', { name: /显示文字/ }).click();
    const words = (await reply.locator('[lang=en]').innerText()).trim();
    expect(words.split(' ').length).toBeGreaterThan(3);
    expect(hidden).not.toContain(words);
    for (const word of words.split(/[^A-Za-z]+/).filter((each) => each.length > 6)) expect(hidden).not.toContain(word);
    await expect(reply.getByTestId('blanks')).toBeHidden();
    await reply.getByRole('button', { name: /隐藏/ }).click();
    await expect(reply.getByTestId('blanks')).toBeVisible();
    expect(await everythingOn(page)).not.toContain(words);
    await reply.getByRole('button', { name: /显示文字/ }).click();

    await app.close();
    const again = await app.open();
    await again.getByRole('navigation').getByText('初次见面').click();
    await expect(replies(again)).toHaveCount(2);
    await expect(said(again, clipTexts.get('en-02.wav'))).toBeVisible();
    // As it was left: the second reply revealed, the first still hidden.
    await expect(replies(again).last().locator('[lang=en]')).toHaveText(words);
    await expect(replies(again).first().getByTestId('blanks')).toBeVisible();
    // Both voices, from disk.
    await again.getByRole('button', { name: /我的录音/ }).click();
    await expect.poll(async () => heardMs(await app.sound())).toBeGreaterThan(500);
    const mine = heardMs(await app.sound());
    await replies(again).last().getByRole('button', { name: /再听/ }).click();
    await expect.poll(async () => heardMs(await app.sound())).toBeGreaterThan(mine + 500);
  });

  test('hears a reply slowly: as long as 0.75 of the speed makes it', async ({ app }) => {
    const page = await app.open();
    await page.getByRole('button', { name: /点餐/ }).click();
    await expect(state(page)).toContainText('播放中');
    await expect(state(page)).toContainText('轮到你了');
    const normalMs = heardMs(await app.sound());
    await replies(page).first().getByRole('button', { name: /慢速/ }).click();
    await expect(state(page)).toContainText('播放中');
    await expect(state(page)).toContainText('轮到你了');
    const slowMs = heardMs(await app.sound()) - normalMs;
    expect(slowMs / normalMs).toBeGreaterThan(1.15);
    expect(slowMs / normalMs).toBeLessThan(1.5);
  });

  test('says it in Chinese, and gets English for it before the answer', async ({ app }) => {
    const page = await app.open({ microphone: [{ clip: 'zh-49.wav', atMs: 1_000 }] });
    await page.getByRole('button', { name: /点餐/ }).click();
    await expect(state(page)).toContainText('轮到你了');
    await app.talk(1_000 + clipDurationMs('zh-49.wav') + 500);
    await expect(said(page, clipTexts.get('zh-49.wav'))).toBeVisible();
    const turn = page.getByTestId('turn').last();
    await expect(turn).toContainText('可以这样说');
    await expect(turn).toContainText('Thank you for your help.');
    await expect(replies(page)).toHaveCount(2);
    await expect(state(page)).toContainText('轮到你了');
    const before = heardMs(await app.sound());
    await turn.getByRole('button', { name: /听一遍/ }).click();
    await expect.poll(async () => heardMs(await app.sound())).toBeGreaterThan(before + 500);
  });

  test('types instead, and is told who answers', async ({ app }) => {
    const page = await app.open();
    await expect(page.getByTestId('status-chip-partner')).toContainText('脚本伙伴');
    await expect(page.getByTestId('status-chip-voice')).toContainText('演示语音');
    await page.getByRole('button', { name: /自由聊天/ }).click();
    await expect(replies(page)).toHaveCount(1);
    await app.type('The weather is beautiful today.');
    await expect(replies(page)).toHaveCount(2);
    await expect(page.getByRole('textbox')).toHaveValue('');
    await expect(state(page)).toContainText('轮到你了');
  });
});

test.describe('with an endpoint of one’s own', () => {
  test('the reply streams in, is spoken while it is written, and stays hidden everywhere', async ({ app }) => {
    const page = await app.open();
    await page.getByRole('button', { name: /空白话题/ }).click();
    await app.useEndpoint();
    app.chat.behave({
      kind: 'reply',
      text: 'Zanzibar is a beautiful island. You should certainly visit Madagascar as well. I hope that you enjoy it.',
      delayMs: 150,
    });
    await app.type('Tell me about a nice place.');
    // The first sentence is heard while the rest is still being written.
    await expect(state(page)).toContainText('播放中');
    const early = await replies(page).last().getByTestId('blanks').locator('span').count();
    expect(early).toBeLessThan(18);
    await expect(replies(page).last().getByTestId('blanks').locator('span')).toHaveCount(18);
    expect(await everythingOn(page)).not.toMatch(/Zanzibar|Madagascar|certainly/);
    await expect(state(page)).toContainText('轮到你了');
    expect(heardMs(await app.sound())).toBeGreaterThan(3000);
    await page.keyboard.press('Escape');
    await page.locator('body').click({ position: { x: 400, y: 120 } });
    await page.keyboard.press('t');
    await expect(replies(page).last()).toContainText('Zanzibar is a beautiful island.');
    expect(app.chat.requests.at(-1)).toMatchObject({ authorization: 'Bearer sk-canary-abcdef', model: 'test-model' });

    // The key is nowhere but in the key ring or memory.
    expect(await everythingOn(page)).not.toContain('sk-canary');
    expect(app.log()).not.toContain('sk-canary');
  });
});
