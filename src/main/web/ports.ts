import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { openSecretStore } from '../core/account/secret-store.js';
import { openFileLog } from '../core/file-log.js';
import type { Ports, WorkerProcess } from '../core/ports.js';

/** Where a desktop app of this system keeps its data; the Electron host uses the same folder. */
export function defaultUserData(): string {
  const home = homedir();
  if (process.platform === 'win32') return join(process.env.APPDATA ?? join(home, 'AppData', 'Roaming'), 'BotChat');
  if (process.platform === 'darwin') return join(home, 'Library', 'Application Support', 'BotChat');
  return join(process.env.XDG_CONFIG_HOME ?? join(home, '.config'), 'BotChat');
}

/** The world as plain Node sees it. `root` is the checkout. Throws when `userData` cannot be written to. */
export function createWebPorts({ root, userData }: { readonly root: string; readonly userData: string }): Ports {
  const log = openFileLog(join(userData, 'logs'));
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return {
    host: 'web',
    version,
    paths: {
      userData,
      resources: join(root, 'resources'),
      // Another build of it, one with a GPU backend for instance (docs/gpu.md).
      whisperAddon: process.env.BOTCHAT_WHISPER_ADDON ?? join(root, 'native/whisper/build/botchat_whisper.node'),
    },
    secrets: openSecretStore(userData, log),
    clock: { now: () => Date.now() },
    log,
    fetch: globalThis.fetch,
    spawnWorker: (name) => forkWorker(join(root, 'out/main', `${name}-worker.js`)),
  };
}

/** A worker as a child of this process. It ends with us: its channel closes when we do. */
function forkWorker(script: string): WorkerProcess {
  const child = fork(script, { serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  return {
    pid: child.pid,
    post: (message) => {
      // A message to a worker that has just ended is answered by its exit.
      if (child.connected) child.send(message as object, () => undefined);
    },
    onMessage: (listener) => child.on('message', listener),
    onExit: (listener) => {
      let told = false;
      const tell = (code: number | null) => {
        if (!told) listener(code);
        told = true;
      };
      child.once('exit', tell);
      child.once('error', () => {
        tell(null);
      });
    },
    kill: () => child.kill('SIGKILL'),
  };
}
