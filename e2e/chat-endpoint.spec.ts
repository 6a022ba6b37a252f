import { everythingOn, expect, replies, state, test } from './support/app.js';

const chunk = (delta: object, finish: string | null = null) =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
const done = [chunk({}, 'stop'), 'data: [DONE]\n\n'];
const events = { kind: 'raw', status: 200, headers: { 'content-type': 'text/event-stream' } } as const;

test('thinking is shown as what it is, and is neither shown as words, nor said, nor kept, nor sent back', async ({
  app,
}) => {
  const page = await app.open();
  await page.getByRole('button', { name: /空白话题/ }).click();
  await app.useEndpoint();
  const seen = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()] as const;
  app.chat.behave({
    ...events,
    body: [
      chunk({ reasoning_content: 'The zebra greets me.' }),
      { wait: seen[0].promise },
      chunk({ content: '<thi' }),
      chunk({ content: 'nk>A zebra again.' }),
      { wait: seen[1].promise },
      chunk({ content: '</think>\n\nGood ' }),
      chunk({ content: 'morning to you.' }),
      ...done,
    ],
  });
  await app.type('Hello.');
  const reply = replies(page).last();
  for (const { resolve } of seen) {
    await expect(reply).toContainText('正在想');
    await expect(reply.getByTestId('blanks')).toHaveCount(0);
    expect(await everythingOn(page)).not.toMatch(/zebra/i);
    resolve(undefined);
  }
  await expect(reply.getByTestId('blanks').locator('span')).toHaveCount(4);
  await expect(state(page)).toContainText('轮到你了');
  await reply.getByRole('button', { name: /显示文字/ }).click();
  await expect(reply.locator('[lang=en]')).toHaveText('Good morning to you.');
  expect(await everythingOn(page)).not.toMatch(/zebra/i);

  app.chat.behave({ kind: 'reply', text: 'See you.' });
  await app.type('Bye.');
  await expect(replies(page)).toHaveCount(2);
  await expect(state(page)).toContainText('轮到你了');
  expect(JSON.stringify(app.chat.requests)).not.toMatch(/zebra/i);
  expect(app.chat.requests.at(-1)?.messages.map(({ content }) => content)).toContain('Good morning to you.');
  expect(app.log()).not.toMatch(/zebra/i);
});

test('a nearby server needs no key; while it loads its model, that is said and it is asked once', async ({ app }) => {
  const page = await app.open();
  await page.getByRole('button', { name: /空白话题/ }).click();
  await app.useEndpoint('');
  const loaded = Promise.withResolvers<undefined>();
  app.chat.behave({ ...events, after: loaded.promise, body: [chunk({ content: 'Good morning.' }), ...done] });
  await app.type('Hello.');
  await expect(replies(page).last()).toContainText('模型正在加载');
  loaded.resolve(undefined);
  await expect(replies(page).last().getByTestId('blanks').locator('span')).toHaveCount(2);
  expect(app.chat.requests).toHaveLength(1);
});

test('roles alternate for a server that insists on it: after an opening line, a stopped turn and a failed one', async ({
  app,
}) => {
  const page = await app.open();
  await app.useEndpoint();
  const refused: string[] = [];
  const insisting = (text: string, delayMs = 1) =>
    app.chat.behave(({ messages }) => {
      const roles = messages.map(({ role }) => role).join(' ');
      if (/^(system )?user( assistant user)*$/.test(roles)) return { kind: 'reply', text, delayMs };
      refused.push(roles);
      return { kind: 'status', status: 500 };
    });
  insisting('What would you like?');
  await page.getByRole('button', { name: /点餐/ }).click();
  await expect(replies(page)).toHaveCount(1);
  await app.type('A salad, please.');
  await expect(replies(page)).toHaveCount(2);
  await expect(state(page)).toContainText('轮到你了');

  insisting('This is a very long reply that nobody wants to hear to its end, as it goes on and on and on.', 200);
  await app.type('And a juice.');
  await expect(replies(page).last().getByTestId('blanks')).toBeVisible();
  await page.locator('body').click({ position: { x: 400, y: 120 } });
  await page.keyboard.press('Escape');
  await expect(state(page)).toContainText('轮到你了');

  app.chat.behave({ kind: 'status', status: 401 });
  await app.type('Are you there?');
  await expect(replies(page).last()).toContainText('密钥');

  insisting('Here you are.');
  await app.type('The bill, please.');
  await expect(replies(page)).toHaveCount(5);
  await expect(replies(page).last().getByTestId('blanks').locator('span')).toHaveCount(3);
  expect(refused).toEqual([]);
});

test('a provider is chosen and the rest is filled in; its models are offered and never stand in the way', async ({
  app,
}) => {
  const page = await app.open();
  await page.keyboard.press('Control+,');
  const dialog = page.getByRole('dialog');
  const provider = dialog.getByLabel('服务商');
  const baseUrl = dialog.getByLabel('接口地址');
  const model = dialog.getByLabel('模型名称');
  const offered = dialog.getByRole('listbox').getByRole('option');

  await provider.selectOption('DeepSeek（深度求索）');
  await expect(baseUrl).toHaveValue('https://api.deepseek.com');
  await expect(model).toHaveValue('deepseek-v4-flash');
  await expect(dialog.getByRole('link', { name: /创建密钥/ })).toHaveAttribute('href', /^https:\/\/platform\.deepseek/);
  await provider.selectOption({ label: '其他：自己填 OpenAI 兼容的接口' });
  await expect(baseUrl).toHaveValue('');
  await expect(model).toHaveValue('');

  // Nothing is saved yet, and the address is one of a single request.
  await baseUrl.fill(`${app.chat.baseUrl}/chat/completions`);
  const listed = Promise.withResolvers<undefined>();
  const body = ['{"data":[{"id":"qwen-a"},{"id":"qwen-b"}]}'];
  app.chat.offer({ kind: 'raw', status: 200, headers: {}, after: listed.promise, body });
  await model.focus();
  await expect(dialog).toContainText('正在获取模型列表');
  await model.pressSequentially('qwen');
  listed.resolve(undefined);
  await expect(dialog).toContainText('接口里有 2 个模型');
  await expect(model).toHaveValue('qwen');
  await expect(offered).toHaveText(['qwen-a', 'qwen-b']);
  // The keyboard alone: Esc closes the list and not the dialog, the arrows open it again.
  await model.press('Escape');
  await expect(offered).toHaveCount(0);
  await expect(model).toBeFocused();
  await model.press('ArrowDown');
  await model.press('ArrowUp');
  await expect(dialog.getByRole('listbox').getByRole('option', { selected: true })).toHaveText('qwen-b');
  await model.press('Enter');
  await expect(model).toHaveValue('qwen-b');
  await expect(offered).toHaveCount(0);
  // What was chosen does not hide the others; the mouse chooses, too.
  await model.click();
  await expect(offered).toHaveCount(2);
  await offered.filter({ hasText: 'qwen-a' }).click();
  await expect(model).toHaveValue('qwen-a');
  await expect(model).toBeFocused();

  app.chat.behave({ kind: 'reply', text: 'One, two, three.' });
  await dialog.getByRole('button', { name: '保存并测试' }).click();
  await expect(dialog).toContainText('连接正常');
  expect(app.chat.requests.at(-1)).toMatchObject({ model: 'qwen-a' });

  // An endpoint that lists nothing is used all the same.
  app.chat.offer({ kind: 'status', status: 404 });
  await dialog.getByLabel('密钥', { exact: true }).fill('sk-canary-other');
  await model.fill('typed');
  await baseUrl.focus();
  await model.focus();
  await expect(dialog).toContainText('没有拿到模型列表');
  await dialog.getByRole('button', { name: '保存并测试' }).click();
  await expect(dialog).toContainText('连接正常');
  expect(app.chat.requests.at(-1)).toMatchObject({ model: 'typed', authorization: 'Bearer sk-canary-other' });
});
