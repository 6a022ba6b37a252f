import { everythingOn, expect, replies, said, state, test } from './support/app.js';
import { heardMs } from './support/rendered-sound.js';
import { clipDurationMs, clipTexts, type Scheduled } from './support/sound.js';

test.describe('speaking', () => {
  test('silence makes no turn, and says so', async ({ app }) => {
    const page = await app.open();
    await page.getByRole('button', { name: /空白话题/ }).click();
    await app.talk(1500);
    await expect(page.getByText(/没有?听到声音|没听到/).first()).toBeVisible();
    await expect(page.getByTestId('turn')).toHaveCount(0);
    await expect(page.getByTestId('take-card')).toHaveCount(0);
  });

  test('a very short press makes no turn, and says how to talk', async ({ app }) => {
    const page = await app.open({ microphone: [{ clip: 'en-02.wav', atMs: 0 }] });
    await page.getByRole('button', { name: /空白话题/ }).click();
    await app.hold(60);
    await expect(page.getByText(/按住|太短/).first()).toBeVisible();
    await page.waitForTimeout(1500);
    await expect(page.getByTestId('turn')).toHaveCount(0);
    await expect(page.getByTestId('take-card')).toHaveCount(0);
  });

  test('60 seconds of speech are kept whole, and the app stays alive', async ({ app }) => {
    const clips = ['en-02.wav', 'en-13.wav', 'en-36.wav', 'en-34.wav', 'en-40.wav'];
    const microphone: Scheduled[] = Array.from({ length: 20 }, (_, index) => ({
      clip: clips[index % clips.length] ?? '',
      atMs: index * 3000,
    }));
    const page = await app.open({ microphone, microphoneMs: 62_000 });
    await page.getByRole('button', { name: /空白话题/ }).click();
    await app.talk(60_000);
    // The demo recogniser knows short phrases only: it may understand some of it or none, but the recording is there.
    const recording = page.getByRole('button', { name: /我的录音|听录音/ }).first();
    await expect(recording).toBeVisible();
    await expect(page.getByText(/1:0[01]|0:59/).first()).toBeVisible();
    await app.type('Hello.');
    await expect(replies(page).last()).toBeVisible();
  });

  test('a refused microphone says how to allow it, and typing goes on', async ({ app }) => {
    const page = await app.open({ refuseMicrophone: true });
    await page.getByRole('button', { name: /空白话题/ }).click();
    await app.hold(800);
    await expect(page.getByText(/麦克风.*(权限|允许)|(权限|允许).*麦克风/).first()).toBeVisible();
    await app.type('I can still type.');
    await expect(replies(page)).toHaveCount(1);
  });

  test('a recogniser killed in the middle of its work: the take is understood all the same', async ({ app }) => {
    const page = await app.open({ microphone: [{ clip: 'en-02.wav', atMs: 1_000 }] });
    await page.getByRole('button', { name: /空白话题/ }).click();
    await app.press();
    // In the middle of what is said: it can neither have guessed the text nor be done before it is killed.
    await app.recorded(1_000 + clipDurationMs('en-02.wav') / 2);
    expect(app.hurtWorker('whisper', 'SIGSTOP')).toBe(1);
    await app.recorded(1_000 + clipDurationMs('en-02.wav') + 300);
    await page.mouse.up();
    await expect(state(page)).toContainText('识别中');
    expect(app.hurtWorker('whisper')).toBe(1);
    await expect(said(page, clipTexts.get('en-02.wav'))).toBeVisible();
    await expect(page.getByTestId('take-card')).toHaveCount(0);
    await expect(page.getByTestId('status-chip-recogniser')).toContainText('演示识别');
  });

  test('a recogniser that dies again and again is left alone and says so; the take waits for it', async ({ app }) => {
    const page = await app.open({ microphone: [{ clip: 'en-02.wav', atMs: 1_000 }] });
    await page.getByRole('button', { name: /空白话题/ }).click();
    await app.press();
    await app.recorded(1_000 + clipDurationMs('en-02.wav') / 2);
    const mend = app.breakWorker('whisper');
    await app.recorded(1_000 + clipDurationMs('en-02.wav') + 300);
    await page.mouse.up();
    const take = page.getByTestId('take-card');
    const again = take.getByRole('button', { name: /再识别一次/ });
    const chip = page.getByTestId('status-chip-recogniser');
    await expect(again).toBeVisible();
    await expect(chip).toContainText('识别已停下');
    // Nobody starts a fourth: it is left alone.
    await again.click();
    await expect(again).toBeVisible();
    expect(mend()).toBe(3);
    await expect(page.getByText(/语音识别接连出错/).first()).toBeVisible();
    await app.type('I can still type.');
    await expect(replies(page)).toHaveCount(1);
    await chip.click();
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByText(/语音识别接连出错/)).toBeVisible();
    await dialog.getByRole('button', { name: '重新启动' }).click();
    await expect(dialog.getByText(/CPU · /).first()).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(chip).toContainText('演示识别');
    await again.click();
    await expect(said(page, clipTexts.get('en-02.wav'))).toBeVisible();
    await expect(take).toHaveCount(0);
  });

  test('a killed voice never stops reading, and speaks again', async ({ app }) => {
    const page = await app.open();
    await page.getByRole('button', { name: /空白话题/ }).click();
    await app.useEndpoint();
    app.chat.behave({
      kind: 'reply',
      text: 'One two three four five six seven eight nine ten. Good morning, everyone. See you tomorrow.',
      delayMs: 200,
    });
    await app.type('Count, please.');
    await expect(state(page)).toContainText('播放中');
    expect(app.hurtWorker('sherpa')).toBe(1);
    await expect(replies(page).last().getByTestId('blanks').locator('span')).toHaveCount(16);
    await expect(state(page)).toContainText('轮到你了');
    const before = heardMs(await app.sound());
    await replies(page).last().getByRole('button', { name: /再听/ }).click();
    await expect.poll(async () => heardMs(await app.sound())).toBeGreaterThan(before + 300);
  });
});

test.describe('the chat endpoint', () => {
  for (const [status, words] of [
    [401, /密钥/],
    [500, /服务|服务器/],
  ] as const) {
    test(`answers ${String(status)}: told in words, never kept as a reply, and asked again`, async ({ app }) => {
      const page = await app.open();
      await page.getByRole('button', { name: /空白话题/ }).click();
      await app.useEndpoint();
      app.chat.behave({ kind: 'status', status });
      await app.type('Hello.');
      await expect(replies(page).last()).toContainText(words);
      await expect(replies(page).last().getByTestId('blanks')).toHaveCount(0);
      expect(await everythingOn(page)).not.toContain('sk-secret');
      expect(app.log()).not.toMatch(/sk-secret|sk-canary/);

      app.chat.behave({ kind: 'reply', text: 'Hello to you too.' });
      await replies(page).last().getByRole('button', { name: /重试/ }).click();
      await expect(replies(page).last().getByTestId('blanks')).toBeVisible();
    });
  }

  test('breaks off in the middle: what came is kept apart, and survives a restart as what it is', async ({ app }) => {
    const page = await app.open();
    await page.getByRole('button', { name: /空白话题/ }).click();
    await app.useEndpoint();
    app.chat.behave({ kind: 'cut', text: 'The weather is beautiful today. I would like to' });
    await app.type('Hello.');
    await expect(replies(page).last()).toContainText('只收到了一部分');
    await app.close();
    const again = await app.open();
    await again.getByRole('navigation').getByText('空白话题').click();
    await expect(replies(again).last()).toContainText('只收到了一部分');
  });
});

test('three turns in a row, each barging in on the reply before', async ({ app }) => {
  const clips = ['en-02.wav', 'en-13.wav', 'en-34.wav'];
  const startsMs = [1_000, 14_000, 28_000];
  const page = await app.open({ microphone: clips.map((clip, index) => ({ clip, atMs: startsMs[index] ?? 0 })) });
  await page.getByRole('button', { name: /空白话题/ }).click();
  await app.useEndpoint();
  // About half a minute of speech: every turn but the last is interrupted while it is being said.
  const long = Array.from(
    { length: 12 },
    () => 'I have been studying for three years. The museum is next to the library.',
  ).join(' ');
  app.chat.behave({ kind: 'reply', text: long, delayMs: 20 });

  let opened = 0;
  for (const [index, clip] of clips.entries()) {
    const start = startsMs[index] ?? 0;
    if (index > 0) await page.waitForTimeout(Math.max(0, start - 300 - (Date.now() - opened)));
    if (index > 0) {
      await expect(state(page)).toContainText('播放中');
      // Silent as soon as the learner speaks.
      await page.getByTestId('talk-button').hover();
      await page.mouse.down();
      await page.waitForTimeout(400);
      const quiet = heardMs(await app.sound());
      await page.waitForTimeout(300 + clipDurationMs(clip));
      expect(heardMs(await app.sound())).toBe(quiet);
      await page.mouse.up();
    } else {
      await app.press();
      opened = Date.now();
      await app.recorded(start + clipDurationMs(clip) + 400);
      await page.mouse.up();
    }
    await expect(said(page, clipTexts.get(clip))).toBeVisible();
  }
  await expect(replies(page)).toHaveCount(3);
  await expect(state(page)).toContainText('播放中');
  await page.keyboard.press('Escape');
  await expect(state(page)).toContainText('轮到你了');
  // What the model is told of an interrupted reply is what was heard of it.
  const told = app.chat.requests.at(-1)?.messages.filter(({ role }) => role === 'assistant') ?? [];
  expect(told).toHaveLength(2);
  for (const { content } of told) {
    expect(long.startsWith(content)).toBe(true);
    expect(content.length).toBeLessThan(long.length * 0.8);
    expect(content.length).toBeGreaterThan(0);
  }
});

test('a host that is killed loses nothing that was said', async ({ app }) => {
  const page = await app.open({ microphone: [{ clip: 'en-02.wav', atMs: 1_000 }] });
  await page.getByRole('button', { name: /空白话题/ }).click();
  await app.press();
  await app.recorded(1_000 + clipDurationMs('en-02.wav') + 300);
  await app.killHost();
  await page.mouse.up();
  await expect(page.getByText(/连接断开/).first()).toBeVisible();
  await app.close();

  const again = await app.open();
  await again.getByRole('navigation').getByText('空白话题').click();
  const take = again.getByTestId('take-card');
  await expect(take).toBeVisible();
  await take.getByRole('button', { name: /再识别一次/ }).click();
  await expect(said(again, clipTexts.get('en-02.wav'))).toBeVisible();
});
