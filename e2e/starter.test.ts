import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDistArguments } from '../scripts/lib/starter.mjs';
import { starterPair } from '../src/main/core/models/recommend.js';
import { appRootWithCatalogue } from './support/app-root.js';
import { startDemoCatalogue, type DemoCatalogue } from './support/demo-catalogue.js';
import { fetchStarter } from './support/starter-store.js';
import { openClient, startWebHost } from './support/web-host.js';

// What `npm run dist -- --with-starter` puts into an installer, and what the app makes of it.

const scratch = mkdtempSync(join(tmpdir(), 'botchat 安装包 '));
const store = join(scratch, 'starter');
const bothIds: readonly string[] = [starterPair.recogniser, starterPair.voice];
let hosts: DemoCatalogue;
let appRoot: string;
beforeAll(async () => {
  hosts = await startDemoCatalogue();
  appRoot = appRootWithCatalogue(hosts.catalogue);
});
afterAll(async () => {
  await hosts.close();
  for (const folder of [scratch, appRoot]) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

describe('an installer with the starter pair', () => {
  it('gets it by the app’s own downloader, whole, and nothing else', async () => {
    const options = await fetchStarter(appRoot, store);
    expect(options).toEqual(
      expect.arrayContaining([
        `-c.linux.extraResources.from=${join(store, 'models')}`,
        '-c.win.extraResources.to=resources/starter',
      ]),
    );
    expect(readdirSync(join(store, 'models')).sort()).toEqual([...bothIds].sort());
    for (const id of bothIds) {
      const record = JSON.parse(readFileSync(join(store, 'models', id, 'botchat-model.json'), 'utf8')) as unknown;
      expect(record).toMatchObject({ version: 1, id });
    }
  });

  it('is not made where a model cannot be had', async () => {
    await expect(fetchStarter(appRoot, join(scratch, 'other'), ['--proxy', 'socks5://x:1'])).rejects.toThrow(
      'failed (2)',
    );
  });

  it('hears and speaks with it at the first start, and nothing is downloaded', async () => {
    // As an installer lays it down.
    cpSync(join(store, 'models'), join(appRoot, 'resources/starter'), { recursive: true });
    const host = await startWebHost(join(scratch, '用户'), appRoot);
    try {
      const client = await openClient(host);
      await expect
        .poll(
          async () => {
            const result = await client.request('app.snapshot', {});
            if (!result.ok) throw new Error(result.error.code);
            const { recogniser, voice, demoPhrases } = result.value.status;
            return { recogniser, voice, demoPhrases };
          },
          { timeout: 300_000, interval: 100 },
        )
        .toMatchObject({
          recogniser: { state: 'ready', model: 'Whisper base-q5_1', demo: false },
          voice: { state: 'ready', model: 'Piper Kristin-int8', demo: false },
          demoPhrases: null,
        });
      const models = await client.request('models.list', {});
      if (!models.ok) throw new Error(models.error.code);
      const chosen = models.value.models.filter((model) => model.chosen);
      expect(chosen.map(({ id, bundled, demo }) => [id, bundled, demo])).toEqual(
        bothIds.map((id) => [id, true, false]),
      );
      // It is the installer's, not the learner's to remove.
      expect(await client.request('models.remove', { id: starterPair.voice })).toMatchObject({ ok: false });
      expect(await client.request('models.verify', { id: starterPair.voice })).toMatchObject({ ok: true });
    } finally {
      await host.close();
    }
    expect(readdirSync(join(scratch, '用户/models/models'))).toEqual([]);
  });
});

describe('what dist is told', () => {
  it('goes to electron-builder, but for what is said of the starter pair', () => {
    expect(readDistArguments(['--linux', 'deb', '--mirror', 'x'])).toEqual({
      withStarter: false,
      forModels: [],
      forBuilder: ['--linux', 'deb', '--mirror', 'x'],
    });
    expect(readDistArguments(['--linux', '--with-starter', '--mirror', '/srv', '--proxy=http://p:1', 'deb'])).toEqual({
      withStarter: true,
      forModels: ['--mirror', '/srv', '--proxy=http://p:1'],
      forBuilder: ['--linux', 'deb'],
    });
  });
});
