import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fetchElectron, whyElectronWouldAbort } from '../scripts/lib/electron-runtime.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'botchat-electron-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('fetching the runtime', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
    vi.unstubAllEnvs();
  });

  /** Fetches from a mirror that answers as told; answers why it failed and what was seen of it on the way. */
  async function fetchFrom(listener: RequestListener, stallMs: number) {
    const mirror = createServer(listener).listen(0, '127.0.0.1');
    server = mirror;
    await new Promise((resolve) => mirror.once('listening', resolve));
    vi.stubEnv('ELECTRON_MIRROR', `http://127.0.0.1:${String((mirror.address() as AddressInfo).port)}/`);
    vi.stubEnv('electron_config_cache', folder);
    const progress: [number, number | null][] = [];
    const onProgress = (received: number, total: number | null) => progress.push([received, total]);
    const failure = await fetchElectron({ stallMs, onProgress }).then(
      () => null,
      (error: unknown) => (error as Error).message,
    );
    return { failure, progress };
  }

  it('ends when nothing comes any more, and has shown what came', async () => {
    const { failure, progress } = await fetchFrom((_request, response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('x'.repeat(10));
    }, 1000);
    expect(failure).toBe('nothing came for 1 s');
    expect(progress).toStrictEqual([[10, 1000]]);
  });

  it('ends when nothing comes at all', async () => {
    expect((await fetchFrom(() => undefined, 1000)).failure).toBe('nothing came for 1 s');
  });

  it('goes on for as long as something comes', async () => {
    const { failure } = await fetchFrom((_request, response) => {
      response.writeHead(200, { 'content-length': '12' });
      let sent = 0;
      const timer = setInterval(() => {
        response.write('x');
        if (++sent === 12) clearInterval(timer);
      }, 500);
    }, 4000);
    // Twelve bytes are no runtime, which its hash tells.
    expect(failure).toMatch(/checksum/i);
  });

  it('says what a mirror that does not have it has answered', async () => {
    const { failure } = await fetchFrom((_request, response) => response.writeHead(404).end(), 5000);
    expect(failure).toContain('404');
  });
});

describe.runIf(process.platform === 'linux')('a start that would abort', () => {
  const machine = (settings: Record<string, string>, uid = 1000) => ({
    electron: join(folder, 'electron'),
    uid,
    readSetting: (path: string) => settings[path] ?? null,
  });
  const ubuntu = { 'kernel/apparmor_restrict_unprivileged_userns': '1' };

  it('is told of root', () => {
    expect(whyElectronWouldAbort(machine({}, 0))).toContain('root');
  });

  it.each([ubuntu, { 'kernel/unprivileged_userns_clone': '0' }, { 'user/max_user_namespaces': '0' }])(
    'is told of a system with %o, with what would help',
    (settings) => {
      expect(whyElectronWouldAbort(machine(settings))).toContain(`sudo chmod 4755 "${join(folder, 'chrome-sandbox')}"`);
    },
  );

  it('is none where user namespaces are allowed', () => {
    expect(whyElectronWouldAbort(machine({ 'kernel/apparmor_restrict_unprivileged_userns': '0' }))).toBeNull();
    expect(whyElectronWouldAbort(machine({ 'user/max_user_namespaces': '95000' }))).toBeNull();
  });

  it.runIf(process.getuid?.() === 0)('is none where root has marked the helper', () => {
    const helper = join(folder, 'chrome-sandbox');
    writeFileSync(helper, '');
    chmodSync(helper, 0o755);
    expect(whyElectronWouldAbort(machine(ubuntu))).not.toBeNull();
    chmodSync(helper, 0o4755);
    expect(whyElectronWouldAbort(machine(ubuntu))).toBeNull();
  });
});
