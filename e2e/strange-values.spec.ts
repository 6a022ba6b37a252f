import SqliteDatabase from 'better-sqlite3';
import { join } from 'node:path';
import { expect, replies, test } from './support/app.js';

/** A page that throws the first time it says a time, and never again. */
function throwOnce(): void {
  if (window.sessionStorage.getItem('thrown') !== null) return;
  const { prototype } = Intl.DateTimeFormat;
  const format = Object.getOwnPropertyDescriptor(prototype, 'format');
  Object.defineProperty(prototype, 'format', {
    ...format,
    get: () => () => {
      window.sessionStorage.setItem('thrown', 'yes');
      throw new RangeError('thrown on purpose');
    },
  });
}

function changeTopics(userData: string, set: string): void {
  const db = new SqliteDatabase(join(userData, 'profiles/local/botchat.db'));
  db.exec(`UPDATE topic SET ${set}; UPDATE conversation SET created_time = 9000000000000000`);
  db.close();
}

test('a time that no calendar has does not blank the page', async ({ app }) => {
  const page = await app.open();
  await page.getByRole('button', { name: /空白话题/ }).click();
  await app.type('Hello.');
  await expect(replies(page)).toHaveCount(1);
  await app.close();
  changeTopics(app.userData, 'used_time = 9000000000000000, created_time = -9000000000000000');
  const again = await app.open();
  await again.getByRole('navigation').getByText('Hello.').click();
  await expect(replies(again)).toHaveCount(1);
});

test('a view that throws leaves words and a way on', async ({ app }) => {
  const page = await app.open();
  await page.getByRole('button', { name: /空白话题/ }).click();
  await app.type('Hello.');
  await expect(replies(page)).toHaveCount(1);
  await app.close();
  // Long enough ago that the list says a date.
  changeTopics(app.userData, 'used_time = 0');
  const broken = await app.open();
  await broken.addInitScript(throwOnce);
  await broken.reload();
  await expect(broken.getByRole('alert')).toContainText('界面出错了');
  await broken.getByRole('button', { name: '重新载入' }).click();
  await broken.getByRole('navigation').getByText('Hello.').click();
  await expect(replies(broken)).toHaveCount(1);
});
