import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDatabase } from '../data/database.js';
import { readSettings, writeSettings } from '../data/settings.js';
import { createHarness, loginForm, memorySecrets, type Harness } from '../testing/harness.js';
import { createMemoryAccountStore } from '../testing/memory-account-store.js';

let app: Harness;
beforeEach(async () => {
  app = await createHarness({ accountStore: createMemoryAccountStore(), secrets: memorySecrets() });
});
afterEach(() => app.close());

const settings = async () => (await app.ask('app.snapshot', {})).settings;
const ready = () => app.event('app.status', ({ status }) => status.recogniser.state === 'ready');

it('the device and the microphone stay as they are, and no engine is started again, whoever signs in or out', async () => {
  app.core.start();
  await ready();
  await app.ask('settings.update', { computeDevice: 'cpu', microphoneId: 'usb', theme: 'dark' });
  await app.ask('account.signIn', loginForm);
  await app.ask('settings.update', { computeDevice: 'auto', microphoneId: 'desk', theme: 'light' });
  await ready();
  const before = { ...app.engines.starts };
  await app.ask('account.signOut', {});
  expect(await settings()).toMatchObject({ computeDevice: 'auto', microphoneId: 'desk', theme: 'dark' });
  await app.ask('account.signIn', loginForm);
  expect(await settings()).toMatchObject({ computeDevice: 'auto', microphoneId: 'desk', theme: 'light' });
  // An engine that is started again is so at once.
  expect(app.engines.starts).toEqual(before);
  app = await app.restart();
  expect(await settings()).toMatchObject({ computeDevice: 'auto', microphoneId: 'desk', theme: 'light' });
});

it('what an older app kept in the profile becomes the machine’s', async () => {
  await app.core.dispose();
  const path = join(app.folder, 'profiles/local/botchat.db');
  let db = await openDatabase(path);
  await writeSettings(db, { computeDevice: 'cpu', microphoneId: 'usb', theme: 'dark' });
  await db.destroy();
  app = await app.restart();
  expect(await settings()).toMatchObject({ computeDevice: 'cpu', microphoneId: 'usb', theme: 'dark' });
  await app.core.dispose();
  expect(JSON.parse(await readFile(join(app.folder, 'machine.json'), 'utf8'))).toEqual({
    computeDevice: 'cpu',
    microphoneId: 'usb',
    microphoneLabel: null,
    microphoneRelease: 'auto',
  });
  db = await openDatabase(path);
  expect(await readSettings(db)).toMatchObject({ computeDevice: 'auto', microphoneId: null, theme: 'dark' });
  await db.destroy();
  app = await app.restart();
});

it('a file of an older app, without all of it, still counts', async () => {
  await writeFile(join(app.folder, 'machine.json'), '{"computeDevice":"cpu","microphoneId":"usb"}');
  app = await app.restart();
  expect(await settings()).toMatchObject({
    computeDevice: 'cpu',
    microphoneId: 'usb',
    microphoneLabel: null,
    microphoneRelease: 'auto',
  });
});

it('a damaged file has set nothing, and is replaced', async () => {
  await writeFile(join(app.folder, 'machine.json'), '{"computeDevice":');
  app = await app.restart();
  expect(await settings()).toMatchObject({ computeDevice: 'auto', microphoneId: null });
  await app.ask('settings.update', { computeDevice: 'cpu' });
  app = await app.restart();
  expect((await settings()).computeDevice).toBe('cpu');
});
