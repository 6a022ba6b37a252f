import { randomUUID } from 'node:crypto';
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { startHost, type HostProcess } from './host-process.js';
import { newFolder, scratch, snapshot, start, startAndWait } from './hosts.js';

/** How the built Electron host starts, and how it says that it cannot. */

describe('a start under odd circumstances', () => {
  let host: HostProcess;
  afterEach(() => {
    host.kill();
  });

  it('shows its window where it is never told that the page is ready to be shown', async () => {
    host = await startAndWait(newFolder(), { ELECTRON_DOUBLE_NEVER_READY_TO_SHOW: '1' });
    expect(await host.call('window')).toMatchObject({ shown: 1 });
  });

  it('runs without Chromium’s sandbox where it was told to, as root and AppImages have to', async () => {
    host = startHost({ env: { BOTCHAT_USER_DATA: newFolder() }, switches: ['--no-sandbox'] });
    await host.started();
    expect(await snapshot(host)).toMatchObject({ host: 'electron' });
  });

  it('starts without a key ring whose native part cannot be loaded; keys then live as long as the app', async () => {
    host = await startAndWait(newFolder(), { ELECTRON_DOUBLE_UNLOADABLE: '@napi-rs/keyring' });
    expect(await host.call('request', 'settings.setChatKey', { key: 'sk-kept' })).toMatchObject({
      ok: true,
      value: 'session',
    });
  });
});

describe('a start that fails', () => {
  interface Failure {
    readonly code: number | null;
    readonly boxes: readonly { readonly title: string; readonly content: string }[];
  }

  async function fail(userData: string, uid?: number): Promise<Failure> {
    const record = join(scratch, randomUUID());
    writeFileSync(record, '');
    chmodSync(record, 0o666);
    const code = await start(userData, { ELECTRON_DOUBLE_RECORD: record }, uid).exit;
    const lines = readFileSync(record, 'utf8').trim().split('\n');
    return { code, boxes: lines.map((line) => JSON.parse(line) as Failure['boxes'][number]) };
  }

  const bilingual = (code: string) => ({
    title: 'BotChat',
    content: expect.stringMatching(new RegExp(`[\\u4e00-\\u9fff][^]*[a-z]{3} [^]*${code}`)) as string,
  });

  it('says so where the data folder is a file', async () => {
    const file = newFolder();
    writeFileSync(file, 'mine');
    expect(await fail(file)).toStrictEqual({ code: 1, boxes: [bilingual('profile/unwritable')] });
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  it('says so where the data folder cannot be made', async () => {
    const file = newFolder();
    writeFileSync(file, 'mine');
    expect(await fail(join(file, 'below'))).toStrictEqual({ code: 1, boxes: [bilingual('profile/unwritable')] });
  });

  it('says so where the data folder is read-only', async () => {
    const folder = newFolder();
    // As an earlier run has left it, so that nothing need be made there before Electron's lock.
    mkdirSync(join(folder, 'chromium'), { recursive: true });
    chmodSync(folder, 0o500);
    // Nothing is read-only for root.
    const nobody = process.getuid?.() === 0 ? 65534 : undefined;
    if (nobody !== undefined) for (const path of [folder, join(folder, 'chromium')]) chownSync(path, nobody, nobody);
    expect(await fail(folder, nobody)).toStrictEqual({ code: 1, boxes: [bilingual('profile/unwritable')] });
  });

  it('says so where another host has the profile open', async () => {
    const folder = newFolder();
    const first = await startAndWait(folder);
    // As though the first were the web host, which knows nothing of Electron's lock.
    rmSync(join(folder, 'SingletonLock'));
    expect(await fail(folder)).toStrictEqual({ code: 1, boxes: [bilingual('profile/in-use')] });
    expect(await snapshot(first)).toMatchObject({ host: 'electron' });
    first.kill();
  });

  it('says so where the log cannot be opened', async () => {
    const folder = newFolder();
    mkdirSync(join(folder, 'logs', 'botchat.log'), { recursive: true });
    expect(await fail(folder)).toStrictEqual({ code: 1, boxes: [bilingual('profile/unwritable')] });
  });

  it('keeps its data in a folder of its own name where none is named', async () => {
    const appData = newFolder();
    mkdirSync(appData);
    const host = start('', { ELECTRON_DOUBLE_APP_DATA: appData });
    await host.started();
    expect(readdirSync(appData)).toStrictEqual(['BotChat']);
    expect(readdirSync(join(appData, 'BotChat'))).toEqual(expect.arrayContaining(['chromium', 'logs']));
    host.kill();
  });
});
