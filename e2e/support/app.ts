import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { decode } from '@msgpack/msgpack';
import { chromium, expect, test as base, type Browser, type Locator, type Page } from '@playwright/test';
import { startChatServer, type ChatServer } from '../../src/main/core/testing/chat-server.js';
import { recordingSampleRateHz, samplesToMs } from '../../src/shared/audio-format.js';
import type { Input, Route } from '../../src/shared/contract/contract.js';
import { startHost, type Host } from './host.js';
import { listenToPage, type RenderedSound } from './rendered-sound.js';
import { microphoneFile, type Loudness, type Scheduled } from './sound.js';

const root = resolve(import.meta.dirname, '../..');

export interface OpenOptions {
  /** What the microphone hears, counted from the moment it is opened; silence by default. */
  readonly microphone?: readonly Scheduled[];
  readonly microphoneMs?: number;
  readonly loudness?: Loudness;
  /** Refuse the microphone, as a learner does who presses the wrong button. */
  readonly refuseMicrophone?: boolean;
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly colorScheme?: 'light' | 'dark';
  readonly locale?: string;
  /** Runs in the page before its own scripts. Without the page's content security policy, since it may bring its own. */
  readonly listener?: () => void;
}

/** BotChat as a learner has it: the built web host with its real engines, and its page in Chromium. */
export interface App {
  readonly page: Page;
  readonly userData: string;
  readonly chat: ChatServer;
  /** Everything that the page has let be heard since it was opened. */
  sound(): Promise<RenderedSound>;
  /** Starts the host if it is not running, and opens its page in a new browser. */
  open(options?: OpenOptions): Promise<Page>;
  /** Ends browser and host, as closing the app does; the profile stays. */
  close(): Promise<void>;
  /** Presses the talk button, and waits until the microphone is open, since which what it hears is counted. */
  press(): Promise<void>;
  /**
   * Waits until the take holds so much sound, counted from its beginning, ms. A clock would not tell: a busy machine
   * opens the microphone late, and what is heard until then is nobody's.
   */
  recorded(ms: number): Promise<void>;
  /** Holds the talk button until so much sound was recorded, ms. */
  talk(ms: number): Promise<void>;
  /** Holds the talk button for so long, whatever becomes of the microphone. */
  hold(ms: number): Promise<void>;
  /** Sends a typed line. */
  type(text: string): Promise<void>;
  /** Sets up the test's chat endpoint through the settings dialog. */
  useEndpoint(key?: string, baseUrl?: string): Promise<void>;
  /** Kills the worker with this name, as a crash does, or stops it; answers how many it did that to. */
  hurtWorker(name: 'whisper' | 'sherpa', signal?: 'SIGKILL' | 'SIGSTOP'): number;
  /**
   * Kills the worker with this name, and lets none live that is started after it. Answers the function that mends this,
   * and tells how many died.
   */
  breakWorker(name: 'whisper' | 'sherpa'): () => number;
  /** Removes the profile of a closed app. */
  remove(): Promise<void>;
  /** Kills the host, as a power cut does. */
  killHost(): Promise<void>;
  log(): string;
}

export const test = base.extend<{ app: App }>({
  app: async ({}, use) => {
    const app = await createApp();
    await use(app);
    await app.close();
    await app.remove();
  },
});

/** One machine: a profile of its own, a host, a browser. */
export async function createApp(appRoot = root): Promise<App> {
  // Every test runs on such a path: engines, database and sounds have to bear it.
  const userData = mkdtempSync(join(tmpdir(), '小李 的 BotChat '));
  const brokenFile = join(userData, 'broken worker');
  const chat = await startChatServer();
  let host: Host | null = null;
  let browser: Browser | null = null;
  let currentPage: Page | null = null;
  let takeMs = 0;

  const page = (): Page => {
    if (!currentPage) throw new Error('the app is not open');
    return currentPage;
  };

  async function endHost(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const ending = host;
    host = null;
    await ending?.end(signal);
  }

  const app: App = {
    get page() {
      return page();
    },
    userData,
    chat,
    sound: () => page().evaluate(() => globalThis.renderedSound()),

    async open(options = {}) {
      if (host) throw new Error('close the app before opening it again');
      host = await startHost({ appRoot, userData, brokenFile });
      const wav = join(userData, 'microphone.wav');
      writeFileSync(wav, microphoneFile(options.microphone ?? [], options.microphoneMs ?? 60_000, options.loudness));
      browser = await chromium.launch({
        executablePath: process.env.BOTCHAT_CHROMIUM ?? '/usr/bin/chromium',
        args: [
          '--no-sandbox',
          '--disable-background-networking',
          '--use-fake-device-for-media-stream',
          // Once, not in a loop: what was said is said.
          `--use-file-for-fake-audio-capture=${wav}%noloop`,
          options.refuseMicrophone ? '--deny-permission-prompts' : '--use-fake-ui-for-media-stream',
        ],
      });
      currentPage = await browser.newPage({
        viewport: options.viewport ?? { width: 1280, height: 840 },
        locale: options.locale ?? 'zh-CN',
        colorScheme: options.colorScheme ?? 'light',
        bypassCSP: options.listener !== undefined,
      });
      currentPage.on('pageerror', (error) => {
        throw error;
      });
      currentPage.on('websocket', (socket) => {
        socket.on('framesent', ({ payload }) => {
          if (typeof payload === 'string') return;
          const { route, input } = decode(payload) as { route: Route; input: unknown };
          if (route === 'take.start') takeMs = 0;
          if (route === 'take.append')
            takeMs += samplesToMs((input as Input<'take.append'>).pcm.length / 2, recordingSampleRateHz);
        });
      });
      await currentPage.addInitScript(listenToPage);
      if (options.listener) await currentPage.addInitScript(options.listener);
      await currentPage.goto(host.url);
      await expect(currentPage.getByTestId('status-chip-recogniser')).toContainText(/演示识别|Demo|Whisper/);
      return currentPage;
    },

    async close() {
      await browser?.close();
      browser = null;
      currentPage = null;
      await endHost('SIGTERM');
    },

    async press() {
      await page().getByTestId('talk-button').hover();
      await page().mouse.down();
      await glimpse(page(), 'state', '正在听');
    },

    async recorded(ms) {
      await expect.poll(() => takeMs, { intervals: [50] }).toBeGreaterThanOrEqual(ms);
    },

    async talk(ms) {
      await app.press();
      await app.recorded(ms);
      await page().mouse.up();
    },

    async hold(ms) {
      await page().getByTestId('talk-button').hover();
      await page().mouse.down();
      await page().waitForTimeout(ms);
      await page().mouse.up();
    },

    async type(text) {
      await page().getByRole('textbox').fill(text);
      await page().getByRole('textbox').press('Enter');
    },

    async useEndpoint(key = 'sk-canary-abcdef', baseUrl = chat.baseUrl) {
      await page().keyboard.press('Control+,');
      const dialog = page().getByRole('dialog');
      await dialog.getByLabel(/接口地址|Base URL/).fill(baseUrl);
      await dialog.getByLabel(/^(模型|Model)/).fill('test-model');
      await dialog.getByLabel(/密钥|API key/).fill(key);
      await dialog.getByRole('button', { name: /^(保存|Save)$/ }).click();
      await expect(page().getByTestId('status-chip-partner')).toContainText('test-model');
      await page().keyboard.press('Escape');
      await expect(dialog).toBeHidden();
    },

    breakWorker(name) {
      writeFileSync(brokenFile, `${name}\n`);
      const killed = app.hurtWorker(name);
      return () => {
        const diedAtStart = readFileSync(brokenFile, 'utf8').trim().split('\n').length - 1;
        rmSync(brokenFile);
        return killed + diedAtStart;
      };
    },

    hurtWorker(name, signal = 'SIGKILL') {
      const pids = host?.workers(name) ?? [];
      for (const pid of pids) process.kill(pid, signal);
      return pids.length;
    },

    async remove() {
      await chat.close();
      rmSync(userData, { recursive: true, force: true });
    },

    killHost: () => endHost('SIGKILL'),

    log: () => readFileSync(join(userData, 'logs/botchat.log'), 'utf8'),
  };
  return app;
}

/** The reply cards, oldest first. */
export const replies = (page: Page): Locator => page.getByTestId('reply-card');

/** The learner's own words, as the conversation shows them. */
export const said = (page: Page, text = ''): Locator => page.getByTestId('turn').getByText(text, { exact: true });

/** The line that says in words what is going on. */
export const state = (page: Page): Locator => page.getByTestId('state');

/** Waits for what may stand there for a moment only: looks at each frame, where `expect` looks once a second. */
export async function glimpse(page: Page, testId: string, text = ''): Promise<void> {
  await page.waitForFunction(
    (sought) => document.querySelector(`[data-testid="${sought.testId}"]`)?.textContent.includes(sought.text) ?? false,
    { testId, text },
  );
}

/** Everything a learner or a screen reader could find on the page. */
export async function everythingOn(page: Page): Promise<string> {
  const [tree, markup, title] = await Promise.all([page.locator('body').ariaSnapshot(), page.content(), page.title()]);
  return [tree, markup, title].join('\n');
}

export { expect };
