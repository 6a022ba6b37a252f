import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startChatServer } from '../../src/main/core/testing/chat-server.js';
import { requests, type Events } from '../../src/shared/contract/contract.js';
import { eventChannel, requestChannel } from '../../src/shared/contract/wire.js';
import { hostileAddresses, hostileUrls, otherPermissions } from './hostile.js';
import { isAlive, outFolder, type HostProcess } from './host-process.js';
import { newFolder, readLog, scratch, snapshot, start, startAndWait, until, workerPids } from './hosts.js';

/** The built Electron host, in plain Node over a typed double of Electron: what it asks of Electron, not what Electron does. */

const refusedSender = { ok: false, error: { code: 'app/bad-request', detail: 'unknown sender' } };

describe('a running host', () => {
  let host: HostProcess;
  const userData = newFolder('学习 数据 (1)');
  const record = join(scratch, 'boxes');

  beforeAll(async () => {
    host = await startAndWait(userData, { ELECTRON_DOUBLE_RECORD: record });
  });

  afterAll(() => {
    host.kill();
  });

  describe('window', () => {
    it('gives its page no power', async () => {
      const { options } = await host.call('window');
      expect(options.webPreferences).toStrictEqual({
        preload: join(outFolder, 'preload', 'index.cjs'),
        contextIsolation: true,
        sandbox: true,
        webSecurity: true,
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        nodeIntegrationInSubFrames: false,
        allowRunningInsecureContent: false,
        experimentalFeatures: false,
        webviewTag: false,
        spellcheck: false,
        devTools: true,
      });
      expect(await host.call('appState')).toMatchObject({
        name: 'BotChat',
        // A switch that would make Electron abort beside --no-sandbox. Every window has its sandbox by itself.
        sandboxed: false,
        menu: null,
        schemes: [{ scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } }],
      });
    });

    it('is made hidden, in its sizes and the ground of its theme, and shown once', async () => {
      const { options, shown, url } = await host.call('window');
      expect(options).toMatchObject({ show: false, minWidth: 900, minHeight: 600 });
      expect(['#f6f5f2', '#15171a']).toContain(options.backgroundColor);
      expect({ shown, url }).toStrictEqual({ shown: 1, url: 'app://botchat/' });
    });

    it('is named after the app, never after what is talked about', async () => {
      await host.call('retitle', 'Ordering food: I have a nut allergy');
      expect(await host.call('window')).toMatchObject({ title: 'BotChat' });
    });
  });

  describe('protocol', () => {
    it('serves the page and everything it names, under its policy', async () => {
      const page = await host.call('fetch', 'app://botchat/');
      expect(page.status).toBe(200);
      expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
      expect(page.headers['content-security-policy']).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
          "connect-src 'self'; media-src 'self' blob:; worker-src 'self'; base-uri 'none'; form-action 'none'; " +
          "frame-ancestors 'none'",
      );
      expect(page.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
      // A script or style in the page itself would be blocked by that policy.
      expect(page.body).not.toMatch(/<script(?![^>]*\ssrc=)[^>]*>|<style|\son\w+=|\sstyle=/);

      const named = [...page.body.matchAll(/\s(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? '');
      expect(named.length).toBeGreaterThan(0);
      for (const path of named) {
        const file = await host.call('fetch', new URL(path, 'http://botchat/').href.replace('http:', 'app:'));
        expect({ path, status: file.status }).toStrictEqual({ path, status: 200 });
      }
    });

    it('answers HEAD without a body and refuses every other method', async () => {
      expect(await host.call('fetch', 'app://botchat/index.html', 'HEAD')).toMatchObject({ status: 200, body: '' });
      for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
        expect(await host.call('fetch', 'app://botchat/index.html', method)).toMatchObject({ status: 404 });
      }
    });

    it('answers 404 to 200 hostile addresses', async () => {
      const addresses = hostileAddresses();
      expect(addresses.length).toBeGreaterThanOrEqual(200);
      const served: string[] = [];
      for (const address of addresses) {
        const { status, body, headers } = await host.call('fetch', address);
        if (status !== 404 || body !== 'Not found' || !('content-security-policy' in headers)) served.push(address);
      }
      expect(served).toStrictEqual([]);
    });
  });

  describe('contract', () => {
    it('exposes request and on, and nothing else', async () => {
      expect(await host.call('exposed')).toStrictEqual([{ name: 'botchat', members: ['request', 'on'] }]);
    });

    it('answers the page from the core', async () => {
      expect(await snapshot(host)).toMatchObject({
        host: 'electron',
        version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      });
    });

    it('answers app/bad-request to what is not in the contract', async () => {
      const strangers: [unknown, unknown][] = [
        ['app.quit', {}],
        ['__proto__', {}],
        ['toString', {}],
        [undefined, undefined],
        [{ toString: 'app.snapshot' }, {}],
        ['app.snapshot', { extra: 1 }],
        ['app.snapshot', null],
      ];
      for (const [route, input] of strangers) {
        const result = await host.call('request', route, input);
        expect(result).toMatchObject({ ok: false, error: { code: 'app/bad-request' } });
      }
    });

    it.each(['sub-frame', 'foreign-origin', 'other-contents', 'gone-frame'] as const)('refuses a %s', async (kind) => {
      expect(await host.call('invoke', kind, requestChannel, 'app.snapshot', {})).toStrictEqual(refusedSender);
    });

    it('does not even look at what a stranger sends', async () => {
      const topics = (await snapshot(host)).topics.length;
      const input = { sceneId: null, theme: 'from a stranger' };
      for (const kind of ['sub-frame', 'foreign-origin', 'other-contents', 'gone-frame'] as const) {
        await host.call('invoke', kind, requestChannel, 'topic.create', input);
      }
      expect((await snapshot(host)).topics).toHaveLength(topics);
      expect(await host.call('invoke', 'page', requestChannel, 'app.snapshot', {})).toMatchObject({ ok: true });
    });

    it('answers every one of 500 malformed messages with a result', async () => {
      const routes = Object.keys(requests);
      const route = fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom(...routes) },
        fc.string(),
        fc.anything({ withMap: true, withSet: true }),
      );
      const input = fc.oneof(
        fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true }),
        fc.record({
          topicId: fc.anything(),
          turnId: fc.uuid(),
          takeId: fc.uuid(),
          text: fc.string({ maxLength: 5000 }),
        }),
        fc.constantFrom(
          cyclic(),
          deep(),
          JSON.parse('{"__proto__":{"polluted":true},"constructor":{}}'),
          'x'.repeat(1e6),
        ),
      );
      let count = 0;
      await fc.assert(
        fc.asyncProperty(route, input, async (name, value) => {
          // What a test may not send either is a restart of the engines the other tests wait for.
          if (name === 'app.restartEngine') return;
          count += 1;
          expect(isResult(await host.call('request', name, value))).toBe(true);
        }),
        { numRuns: 500 },
      );
      expect(count).toBeGreaterThan(450);
      expect(await snapshot(host)).toMatchObject({ host: 'electron' });
    });

    it('brings events to the listener until it stops listening', async () => {
      await host.call('listen');
      await host.call('request', 'topic.create', { sceneId: null, theme: 'heard' });
      const heard = (await host.call('takeEvents')).filter(({ name }) => name === 'topic.changed');
      expect(heard.map(({ payload }) => (payload as Events['topic.changed']).topic.theme)).toContain('heard');

      await host.call('stopListening');
      await host.call('takeEvents');
      await host.call('request', 'topic.create', { sceneId: null, theme: 'unheard' });
      expect(await host.call('takeEvents')).toStrictEqual([]);
      await host.call('listen');
    });

    it('keeps a core whose event cannot be sent from stumbling', async () => {
      await host.call('failSends', true);
      const created = await host.call('request', 'topic.create', { sceneId: null, theme: 'unsent' });
      await host.call('failSends', false);
      expect(created).toMatchObject({ ok: true });
      expect(readLog(userData)).toContain('event could not be sent');
    });

    it('has the theme follow the settings', async () => {
      for (const theme of ['dark', 'light', 'system'] as const) {
        await host.call('request', 'settings.update', { theme });
        // The event follows the answer, once the key ring has said where the key is.
        await until(theme, async () => (await host.call('appState')).theme === theme);
      }
    });

    it('uses no channel but its two', () => {
      expect([requestChannel, eventChannel]).toStrictEqual(['botchat:request', 'botchat:event']);
      const preload = readFileSync(join(outFolder, 'preload', 'index.cjs'), 'utf8');
      expect([...preload.matchAll(/require\(["'`]([^"'`]+)/g)].map(([, name]) => name)).toStrictEqual(['electron']);
    });
  });

  describe('network', () => {
    it('asks what is nearby without the system’s proxy, and everything else through it', async () => {
      const chat = await startChatServer();
      onTestFinished(() => chat.close());
      const lookUp = (baseUrl: string) => host.call('request', 'settings.chatModels', { baseUrl, key: null });
      chat.offer({ kind: 'raw', status: 200, headers: {}, body: ['{"data":[{"id":"nearby"}]}'] });
      expect(await lookUp(chat.baseUrl)).toMatchObject({ ok: true, value: ['nearby'] });
      await lookUp('http://[::1]:9/v1');
      await lookUp('http://mini.localhost:9/v1');
      // A name that never means anything: RFC 6761.
      await lookUp('https://chat.invalid/v1');
      expect(await host.call('fetched')).toStrictEqual([
        { url: `${chat.baseUrl}/models`, proxied: false },
        { url: 'http://[::1]:9/v1/models', proxied: false },
        { url: 'http://mini.localhost:9/v1/models', proxied: false },
        { url: 'https://chat.invalid/v1/models', proxied: true },
      ]);
    });

    it('shows downloads in the taskbar for as long as there are any', async () => {
      const progress = async () => (await host.call('window')).progress;
      expect(await progress()).toBe(-1);
      // Nothing can be reached from here: it waits, and tries again.
      await host.call('request', 'models.install', { id: 'whisper-tiny' });
      await until('progress', async () => (await progress()) === 0);
      await host.call('request', 'models.cancel', { id: 'whisper-tiny' });
      await until('no progress', async () => (await progress()) === -1);
    });
  });

  describe('confinement', () => {
    it.each(['will-navigate', 'will-frame-navigate', 'will-redirect'] as const)('%s stays at home', async (event) => {
      expect(hostileUrls).toHaveLength(20);
      for (const url of hostileUrls)
        expect({ url, prevented: await host.call('navigate', event, url) }).toStrictEqual({ url, prevented: true });
      expect(await host.call('navigate', event, 'app://botchat/index.html#/topics')).toBe(false);
    });

    it('opens no window, and hands only https to the system', async () => {
      for (const url of [...hostileUrls, 'app://botchat/']) {
        const opened = url.startsWith('https:') ? [url] : [];
        expect(await host.call('openWindow', url)).toStrictEqual({ action: 'deny', opened });
      }
    });

    it('lets no page embed another, and holds one that came about all the same to the same rules', async () => {
      expect(await host.call('attachWebview')).toBe(true);
      expect(await host.call('navigate', 'will-navigate', 'https://evil.example/', 'other-contents')).toBe(true);
    });

    it('grants the microphone to its own page alone', async () => {
      const sound = { mediaTypes: ['audio'], mediaType: 'audio' };
      const own = 'app://botchat/';
      expect(await host.call('permission', 'media', own, sound)).toStrictEqual({ request: true, check: true });

      // A recovery code may be put on the clipboard; nothing is read from it.
      const mainFrame = { isMainFrame: true };
      const copying = 'clipboard-sanitized-write';
      expect(await host.call('permission', copying, own, mainFrame)).toStrictEqual({ request: true, check: true });

      const denied: [string, string, object][] = [
        [copying, own, { isMainFrame: false }],
        [copying, 'https://evil.example/', mainFrame],
        ['clipboard-read', own, mainFrame],
        ['media', own, { mediaTypes: ['video'], mediaType: 'video' }],
        ['media', own, { mediaTypes: ['audio', 'video'], mediaType: 'video' }],
        ['media', own, { mediaTypes: [], mediaType: 'unknown' }],
        ['media', own, {}],
        ['media', own, { ...sound, isMainFrame: false }],
        ['media', 'https://evil.example/', sound],
        ['media', 'app://evil/', sound],
        ['media', 'http://botchat/', sound],
        ['media', 'app://botchat.evil.example/', sound],
        ['media', 'app://user@botchat/', sound],
        ['media', '', sound],
        ['display-capture', own, sound],
      ];
      for (const [permission, url, details] of denied) {
        const answer = await host.call('permission', permission, url, details);
        expect({ permission, url, details, answer }).toMatchObject({ answer: { request: false, check: false } });
      }
    });

    it('denies 15 other permissions and every device', async () => {
      expect(otherPermissions).toHaveLength(15);
      for (const permission of otherPermissions) {
        const answer = await host.call('permission', permission, 'app://botchat/', {
          mediaTypes: ['audio'],
          mediaType: 'audio',
        });
        expect({ permission, answer }).toStrictEqual({ permission, answer: { request: false, check: false } });
      }
      expect(await host.call('devicePermission')).toBe(false);
    });
  });

  describe('workers', () => {
    it('run both engines, each in its own process, until they are ready', async () => {
      await until('both engines ready', async () => {
        const { recogniser, voice } = (await snapshot(host)).status;
        if (recogniser.state === 'failed' || voice.state === 'failed')
          throw new Error(JSON.stringify({ recogniser, voice }));
        return recogniser.state === 'ready' && voice.state === 'ready';
      });
      const workers = await host.call('workers');
      expect(workers.map(({ serviceName }) => serviceName).sort()).toStrictEqual(['BotChat sherpa', 'BotChat whisper']);
      const pids = workers.map(({ pid }) => pid ?? 0);
      expect(new Set([...pids, host.pid]).size).toBe(3);
      expect(pids.every(isAlive)).toBe(true);
    });

    it('are told nothing of the environment but what they need', async () => {
      for (const { environment } of await host.call('workers')) {
        expect(
          environment.filter((name) => /NODE|KEY|TOKEN|SECRET|PASSWORD|OMP_|GGML_|BOTCHAT|npm_/i.test(name)),
        ).toStrictEqual([]);
      }
    });

    it('let the partner be heard, and send no more memory than was meant', async () => {
      await host.call('listen');
      await host.call('request', 'topic.create', { sceneId: 'ordering-food', theme: 'Ordering food' });
      const spareBytes: number[] = [];
      const heard = async () => {
        const sounds = (await host.call('takeEvents')).filter(({ name }) => name === 'turn.speech');
        spareBytes.push(...sounds.map((sound) => sound.spareBytes));
        return spareBytes.length > 0;
      };
      await until('a spoken reply', heard);
      expect(new Set(spareBytes)).toStrictEqual(new Set([0]));
    });
  });

  describe('zoom', () => {
    const control = (key: string) => ({ key, control: true });

    it('follows the keys that browsers have for it', async () => {
      expect(await host.call('pressKey', control('='))).toStrictEqual({ taken: true, zoomLevel: 0.5 });
      expect(await host.call('pressKey', control('+'))).toStrictEqual({ taken: true, zoomLevel: 1 });
      expect(await host.call('pressKey', control('-'))).toStrictEqual({ taken: true, zoomLevel: 0.5 });
      expect(await host.call('pressKey', control('0'))).toStrictEqual({ taken: true, zoomLevel: 0 });
    });

    it('ends at sizes that can still be read', async () => {
      for (let count = 0; count < 20; count += 1) await host.call('pressKey', control('+'));
      expect((await host.call('pressKey', control('+'))).zoomLevel).toBe(5);
      for (let count = 0; count < 20; count += 1) await host.call('pressKey', control('-'));
      expect((await host.call('pressKey', control('-'))).zoomLevel).toBe(-3);
      await host.call('pressKey', control('0'));
    });

    it('leaves every other key to the page', async () => {
      for (const input of [{ key: '=' }, { key: '0' }, control('z'), { ...control('+'), type: 'keyUp' as const }])
        expect(await host.call('pressKey', input)).toStrictEqual({ taken: false, zoomLevel: 0 });
    });
  });

  it('goes on after what nobody caught, and writes it down', async () => {
    await host.call('throwUncaught');
    await until('both faults in the log', () =>
      /thrown on purpose[^]*rejected on purpose|rejected on purpose[^]*thrown on purpose/.test(readLog(userData)),
    );
    expect(await snapshot(host)).toMatchObject({ host: 'electron' });
  });

  it('is brought to the front by a second start, which ends', async () => {
    await host.call('minimize');
    const { focused } = await host.call('window');
    const second = start(userData);
    expect(await second.exit).toBe(0);
    await until('the first window focused', async () => (await host.call('window')).focused === focused + 1);
    expect(await host.call('window')).toMatchObject({ minimized: false });
    expect(await snapshot(host)).toMatchObject({ host: 'electron' });
  });

  it('reloads a page that fell over, and gives up one that falls over again', async () => {
    expect(await host.call('crashPage', 'clean-exit')).toMatchObject({ reloads: 0, errorBoxes: [] });
    expect(await host.call('crashPage', 'oom')).toMatchObject({ reloads: 1, errorBoxes: [] });
    // The app is quitting by then, so the words are read where they were written.
    await host.call('crashPage', 'crashed').catch(() => undefined);
    expect(await host.exit).toBe(0);
    expect(readFileSync(record, 'utf8')).toMatch(
      /^\{"title":"BotChat","content":"[^"]*界面反复崩溃[^"]*keeps crashing[^"]*"\}\n$/,
    );
  });
});

describe('the end', () => {
  let host: HostProcess;
  afterEach(() => {
    host.kill();
  });

  it.each(['closeWindow', 'quit'] as const)('%s closes the core and its workers', async (way) => {
    const userData = newFolder();
    host = await startAndWait(userData);
    const pids = await workerPids(host);
    await host.call('request', 'topic.create', { sceneId: null, theme: 'kept' });
    await (way === 'quit' ? host.call('quit', 3) : host.call('closeWindow'));
    expect(await host.exit).toBe(0);
    await until('the workers gone', () => !pids.some(isAlive));
    expect(readLog(userData)).not.toContain('did not close');
    // SQLite removes its log only where the database was closed in order.
    expect(
      readdirSync(userData, { recursive: true })
        .map(String)
        .filter((path) => path.endsWith('-wal')),
    ).toStrictEqual([]);

    host = await startAndWait(userData);
    expect((await snapshot(host)).topics.map(({ theme }) => theme)).toContain('kept');
  });

  it('ends workers that hang, too', async () => {
    host = await startAndWait();
    const pids = await workerPids(host);
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    onTestFinished(() => {
      for (const pid of pids.filter(isAlive)) process.kill(pid, 'SIGKILL');
    });
    await host.call('quit', 1);
    expect(await host.exit).toBe(0);
    await until('the workers gone', () => !pids.some(isAlive));
  });

  it('takes the workers along when the app is killed', async () => {
    host = await startAndWait();
    const pids = await workerPids(host);
    host.kill();
    await host.exit;
    await until('the workers gone', () => !pids.some(isAlive));
  });
});

function isResult(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('ok' in value)) return false;
  return value.ok === true ? 'value' in value : 'error' in value && typeof value.error === 'object';
}

function cyclic(): object {
  const value: { self?: object } = {};
  value.self = value;
  return value;
}

function deep(): object {
  let value: object = {};
  for (let depth = 0; depth < 500; depth += 1) value = { value };
  return value;
}
