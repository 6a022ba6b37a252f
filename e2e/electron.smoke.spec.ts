import { _electron, expect, test, type ElectronApplication } from '@playwright/test';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Looked for by hand: asking the `electron` package for its path would download the runtime. */
function findRuntime(): string | null {
  const folder = join(root, 'node_modules', 'electron');
  const pathFile = join(folder, 'path.txt');
  if (!existsSync(pathFile)) return null;
  const executable = join(folder, 'dist', readFileSync(pathFile, 'utf8'));
  return existsSync(executable) ? executable : null;
}

const runtime = findRuntime();

test.describe('the app in Electron itself', () => {
  test.skip(runtime === null, 'Electron runtime not present');

  let userData: string;
  let app: ElectronApplication;

  test.beforeEach(async () => {
    userData = mkdtempSync(join(tmpdir(), 'botchat 冒烟 '));
    app = await _electron.launch({
      // The folder, not the file: the app's own package.json names the entry, as it does when packed.
      args: [root, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
      executablePath: runtime ?? '',
      env: { ...process.env, BOTCHAT_USER_DATA: userData },
    });
  });

  test.afterEach(async () => {
    await app.close();
    rmSync(userData, { recursive: true, force: true });
  });

  test('opens, shows the core’s state, and answers a typed line with a hidden reply', async () => {
    const page = await app.firstWindow();
    expect(page.url()).toBe('app://botchat/');
    expect(
      await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.getTitle())),
    ).toEqual(['BotChat']);

    // Nothing of Node or Electron reaches the page but the bridge.
    const reach = await page.evaluate(() => ({
      bridge: Object.keys((window as unknown as { botchat: object }).botchat).sort(),
      node: ['require', 'process', 'Buffer', 'ipcRenderer'].filter((name) => name in window),
    }));
    expect(reach).toEqual({ bridge: ['on', 'request'], node: [] });

    const snapshot = await page.evaluate(() =>
      (window as unknown as { botchat: { request(route: string, input: unknown): Promise<unknown> } }).botchat.request(
        'app.snapshot',
        {},
      ),
    );
    expect(snapshot).toMatchObject({ ok: true, value: { host: 'electron' } });

    // In this scene the partner speaks first, and so there is a reply card before anything was said.
    await page.getByRole('button', { name: /^(点餐|Ordering food)/ }).click();
    const cards = page.getByTestId('reply-card');
    await expect(cards.first()).toBeVisible();
    const before = await cards.count();

    const line = page.getByRole('textbox', { name: /./ }).last();
    await line.fill('Hello, how are you?');
    await line.press('Enter');
    await expect(cards).toHaveCount(before + 1);
    // The reply is to be listened to first: its words are not on the page.
    await expect(cards.last().getByTestId('blanks')).toBeVisible();
  });
});
