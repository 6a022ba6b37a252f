// Electron's runtime, which npm does not bring along: fetching it, and telling beforehand where it would not start.
import { downloadArtifact } from '@electron/get';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { root } from './node-runtime.mjs';

const electronFolder = join(root, 'node_modules/electron');

/** Where the runtime's program lies, or null where it has not been fetched. */
export function electronPath() {
  const pathFile = join(electronFolder, 'path.txt');
  if (!existsSync(pathFile)) return null;
  const path = join(
    process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(electronFolder, 'dist'),
    readFileSync(pathFile, 'utf8').trim(),
  );
  return existsSync(path) ? path : null;
}

/**
 * Downloads the runtime into the cache of `@electron/get`, checks it against the hashes that came with the package, and
 * unpacks it with the package's own script. `ELECTRON_MIRROR` names another host for it, as `@electron/get` documents.
 *
 * @param {{ stallMs: number, onProgress(received: number, total: number | null): void }} options `stallMs`: how long not
 *   a byte may come before it is given up; sizes in bytes.
 * @throws {Error} saying why, in one line
 */
export async function fetchElectron({ stallMs, onProgress }) {
  const require = createRequire(join(electronFolder, 'package.json'));
  const stalled = new AbortController();
  const stall = setTimeout(() => {
    stalled.abort(new Error(`nothing came for ${String(Math.round(stallMs / 1000))} s`));
  }, stallMs);
  try {
    await downloadArtifact({
      version: require('./package.json').version,
      artifactName: 'electron',
      cacheRoot: process.env.electron_config_cache,
      checksums: require('./checksums.json'),
      platform: process.platform,
      arch: process.arch,
      downloadOptions: {
        quiet: true,
        signal: stalled.signal,
        getProgressCallback: async ({ transferred, total }) => {
          stall.refresh();
          onProgress(transferred, total);
        },
      },
    });
  } catch (error) {
    const { message } = stalled.signal.aborted ? stalled.signal.reason : (error.cause ?? error);
    throw new Error(message, { cause: error });
  } finally {
    clearTimeout(stall);
  }
  const { status, stderr } = spawnSync(process.execPath, [join(electronFolder, 'install.js')], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`it cannot be unpacked: ${stderr.trim().split('\n')[0]}`);
}

/**
 * Why Electron would abort at its start on this system, in a sentence; null where it would not. Chromium's sandbox wants
 * either user namespaces, which Ubuntu has forbidden to most programs since 23.10, or a helper that root has marked.
 *
 * @param {{ electron: string, uid: number | null, readSetting(path: string): string | null }} machine `uid`: null where
 *   the system has none; `readSetting`: the content of a file under `/proc/sys`, null where there is none
 */
export function whyElectronWouldAbort({ electron, uid, readSetting }) {
  if (process.platform !== 'linux') return null;
  if (uid === 0) return 'Electron does not run as root. Start BotChat as an ordinary user to get its own window.';
  const forbidden =
    readSetting('kernel/apparmor_restrict_unprivileged_userns') === '1' ||
    readSetting('kernel/unprivileged_userns_clone') === '0' ||
    readSetting('user/max_user_namespaces') === '0';
  if (!forbidden || isSandboxHelper(join(dirname(electron), 'chrome-sandbox'))) return null;
  return (
    'This system does not let ordinary programs make user namespaces, which Electron’s sandbox needs. For BotChat’s own ' +
    `window, run once: sudo chown root:root "${join(dirname(electron), 'chrome-sandbox')}" && ` +
    `sudo chmod 4755 "${join(dirname(electron), 'chrome-sandbox')}"`
  );
}

function isSandboxHelper(path) {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.uid === 0 && (found.mode & 0o4000) !== 0;
}
