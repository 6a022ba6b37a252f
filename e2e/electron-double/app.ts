import type { App } from 'electron';
import { EventEmitter } from 'node:events';
import { closeSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { strict } from './strict.js';

export const appEvents = new EventEmitter();

/** What the app told Electron about itself. */
export const appState = { name: 'botchat', userModelId: null as string | null, sandboxed: false, ready: false };

/** An event that can be prevented, as Electron hands it to listeners. */
export function preventable<T extends object>(details: T): T & { preventDefault(): void; defaultPrevented: boolean } {
  const event = {
    ...details,
    defaultPrevented: false,
    preventDefault() {
      event.defaultPrevented = true;
    },
  };
  return event;
}

const paths = new Map([['appData', process.env.ELECTRON_DOUBLE_APP_DATA ?? '/nonexistent']]);

/** Electron is ready once the entry module has been evaluated: a top-level `await` of readiness never ends. */
const ready = new Promise<void>((resolve) => {
  setImmediate(() => {
    void import(pathToFileURL(process.argv[1] ?? '').href).then(() => {
      appState.ready = true;
      resolve();
    });
  });
});

/** Windows that `quit` closes first; filled by the window double. */
export const openWindows = new Set<{ close(): void }>();

/** Set for a packed app: its `resources` folder. */
const resourcesPath = process.env.ELECTRON_DOUBLE_RESOURCES;
Object.assign(process, { resourcesPath: resourcesPath ?? '/nonexistent' });

const part = {
  isPackaged: resourcesPath !== undefined,
  on: appEvents.on.bind(appEvents) as unknown as App['on'],
  setName(name) {
    appState.name = name;
  },
  setAppUserModelId(id) {
    if (process.platform !== 'win32') throw new TypeError('app.setAppUserModelId is not a function');
    appState.userModelId = id;
  },
  getVersion() {
    const manifest = new URL('../../package.json', import.meta.url);
    return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
  },
  enableSandbox() {
    if (appState.ready) throw new Error('app.enableSandbox() can only be called before app is ready');
    // Electron then has the switch and its contrary, which Chromium checks, and aborts.
    if (process.argv.includes('--no-sandbox')) process.abort();
    appState.sandboxed = true;
  },
  whenReady: () => ready,
  getPath(name) {
    const path = paths.get(name);
    if (path === undefined) throw new Error(`electron double: no path ${name}`);
    return path;
  },
  setPath(name, path) {
    if (!isAbsolute(path)) throw new Error('Path must be absolute');
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw new Error(`Failed to set path ${path}`);
    paths.set(name, path);
  },
  requestSingleInstanceLock: () => takeLock(join(paths.get('userData') ?? '', 'SingletonLock')),
  quit() {
    const before = preventable({});
    appEvents.emit('before-quit', before);
    if (before.defaultPrevented) return;
    for (const window of [...openWindows]) window.close();
    willQuit();
  },
  exit(code = 0) {
    appEvents.emit('quit', {}, code);
    process.exit(code);
  },
} satisfies Pick<
  App,
  | 'isPackaged'
  | 'on'
  | 'setName'
  | 'setAppUserModelId'
  | 'getVersion'
  | 'enableSandbox'
  | 'whenReady'
  | 'getPath'
  | 'setPath'
  | 'requestSingleInstanceLock'
  | 'quit'
  | 'exit'
>;

export const app = strict('app', part);

function willQuit(): void {
  const event = preventable({});
  appEvents.emit('will-quit', event);
  if (!event.defaultPrevented) part.exit(0);
}

/**
 * One holder for each data folder. A second start knocks at the first one's process and is refused, and so is anyone
 * whose lock cannot be written: Electron, too, answers `false` there.
 */
function takeLock(file: string): boolean {
  try {
    const descriptor = openSync(file, 'wx');
    writeFileSync(descriptor, String(process.pid));
    closeSync(descriptor);
  } catch {
    knock(file);
    return false;
  }
  process.on('exit', () => {
    rmSync(file, { force: true });
  });
  process.on('SIGUSR2', () => appEvents.emit('second-instance', {}, [], '', null));
  return true;
}

function knock(file: string): void {
  try {
    process.kill(Number(readFileSync(file, 'utf8')), 'SIGUSR2');
  } catch {
    // There is no holder: the folder cannot be written.
  }
}
