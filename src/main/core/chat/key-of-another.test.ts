import { afterEach, expect, it } from 'vitest';
import { createHarness, type Harness } from '../testing/harness.js';

let app: Harness;
afterEach(() => app.close());

it('a key is for whoever gave it: another endpoint is not sent it', async () => {
  const asked: { url: string; authorization: string | null }[] = [];
  app = await createHarness({
    fetch: (input, init) => {
      const request = new Request(input, init);
      asked.push({ url: request.url, authorization: request.headers.get('authorization') });
      return Promise.resolve(new Response('{}', { status: 500 }));
    },
  });
  const keyState = async () => (await app.ask('app.snapshot', {})).chatKey;
  await app.ask('settings.update', { chatBaseUrl: 'https://one.example/v1', chatModel: 'm' });
  await app.ask('settings.setChatKey', { key: 'sk-of-one-0123456789' });
  // The same server by another path keeps it.
  await app.ask('settings.update', { chatBaseUrl: 'https://one.example/compatible/v1' });
  expect(await keyState()).not.toBe('none');
  await app.ask('settings.update', { chatBaseUrl: 'https://two.example/v1' });
  expect(await keyState()).toBe('none');
  await app.ask('settings.testChat', {});
  expect(asked.filter(({ url, authorization }) => url.includes('two.example') && authorization !== null)).toEqual([]);
});
