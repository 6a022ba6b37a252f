import type { Page } from '@playwright/test';
import { expect, replies, state, test } from './support/app.js';

/** The words that were lit, one after the other, until the sound has ended. */
async function wordsLitOn(page: Page): Promise<readonly string[]> {
  return page.evaluate(async () => {
    const seen: string[] = [];
    let darkFrames = 0;
    // Half a second without a lit word, once there was one, is the end.
    while (seen.length === 0 || darkFrames < 30) {
      await new Promise(requestAnimationFrame);
      const word = [...(CSS.highlights.get('spoken-word') ?? [])].map(String).join('+');
      darkFrames = word === '' ? darkFrames + 1 : 0;
      if (word !== '' && seen.at(-1) !== word) seen.push(word);
    }
    return seen;
  });
}

test('the word that is said is lit while the text is shown: live, again and slowly, and nothing moves', async ({
  app,
}) => {
  const page = await app.open();
  await page.getByRole('button', { name: /点餐/ }).click();
  const reply = replies(page).last();
  await reply.getByRole('button', { name: /显示文字/ }).click();
  const live = await wordsLitOn(page);
  const text = await reply.locator('[lang=en]').innerText();
  const words = text.match(/[A-Za-z']+/g) ?? [];
  // It was revealed when its first words had been said.
  expect(live.length).toBeGreaterThan(words.length / 2);
  expect(words.slice(-live.length)).toEqual(live);

  await expect(state(page)).toContainText('轮到你了');
  const before = await reply.boundingBox();
  await reply.getByRole('button', { name: /慢速/ }).click();
  const slowly = await wordsLitOn(page);
  expect(slowly).toEqual(words);
  expect(await reply.boundingBox()).toEqual(before);
  await expect(reply.locator('[lang=en]')).toHaveText(text);
  expect(await reply.locator('[lang=en] *').count()).toBe(0);

  // What is hidden is not lit.
  await reply.getByRole('button', { name: /隐藏/ }).click();
  await reply.getByRole('button', { name: /再听/ }).click();
  await expect(state(page)).toContainText('播放中');
  await page.waitForTimeout(700);
  expect(await page.evaluate(() => CSS.highlights.size)).toBe(0);
});
