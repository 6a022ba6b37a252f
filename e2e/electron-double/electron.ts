import type { Dialog, Menu as ElectronMenu, NativeTheme, Net, Session, Shell } from 'electron';
import { appendFileSync } from 'node:fs';
import { app, appState } from './app.js';
import { ipcMain as ipcMainPart } from './ipc-main.js';
import { protocol as protocolPart } from './protocol.js';
import { strict } from './strict.js';
import { utilityProcess as utilityProcessPart } from './utility-process.js';
import { BrowserWindow } from './window.js';
import './control.js';

/** What this run did to the world outside; read by the tests. */
export const outside = {
  errorBoxes: [] as { title: string; content: string }[],
  openedUrls: [] as string[],
  /** Every request, and whether it would have gone through the system's proxy. */
  fetched: [] as { readonly url: string; readonly proxied: boolean }[],
  menu: undefined as unknown,
};

/** The session's rules, as the host set them. */
export const rules: {
  request?: Parameters<Session['setPermissionRequestHandler']>[0];
  check?: Parameters<Session['setPermissionCheckHandler']>[0];
  device?: Parameters<Session['setDevicePermissionHandler']>[0];
} = {};

export { app, BrowserWindow };
export const ipcMain = strict('ipcMain', ipcMainPart);
export const protocol = strict('protocol', protocolPart);
export const utilityProcess = strict('utilityProcess', utilityProcessPart);

export const session = strict('session', {
  defaultSession: strict('Session', {
    setPermissionRequestHandler(handler) {
      rules.request = handler;
    },
    setPermissionCheckHandler(handler) {
      rules.check = handler;
    },
    setDevicePermissionHandler(handler) {
      rules.device = handler;
    },
  } satisfies Pick<
    Session,
    'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler'
  >),
  fromPartition(partition: string): DirectSession {
    if (!appState.ready) throw new Error('Session can only be received when app is ready');
    const existing = partitions.get(partition);
    if (existing) return existing;
    // As Electron has it: the system's proxy, until a session is told otherwise.
    let proxied = true;
    const made = strict('Session', {
      setProxy: async (config) => {
        await Promise.resolve();
        proxied = config.mode !== 'direct';
      },
      fetch: (input, init) => fetchAsElectron(input, init, proxied),
    } satisfies DirectSession);
    partitions.set(partition, made);
    return made;
  },
});

type DirectSession = Pick<Session, 'setProxy' | 'fetch'>;
const partitions = new Map<string, DirectSession>();

export const net = strict('net', {
  fetch: (input, init) => fetchAsElectron(input, init, true),
} satisfies Pick<Net, 'fetch'>);

/** What fails has neither a code nor a cause, only one of Chromium's names in its message. */
function fetchAsElectron(input: string | Request, init: RequestInit | undefined, proxied: boolean): Promise<Response> {
  outside.fetched.push({ url: typeof input === 'string' ? input : input.url, proxied });
  return fetch(input, init).catch((error: unknown) => {
    if (init?.signal?.aborted === true) throw error;
    throw new Error(chromiumError(error));
  });
}

/** The name that Chromium has for what Node's fetch rejected with. */
function chromiumError(error: unknown): string {
  const { code } = ((error as Error).cause ?? {}) as { readonly code?: string };
  const names: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'net::ERR_CONNECTION_REFUSED',
    ECONNRESET: 'net::ERR_CONNECTION_RESET',
    ENOTFOUND: 'net::ERR_NAME_NOT_RESOLVED',
    EAI_AGAIN: 'net::ERR_NAME_NOT_RESOLVED',
    ETIMEDOUT: 'net::ERR_CONNECTION_TIMED_OUT',
    SELF_SIGNED_CERT_IN_CHAIN: 'net::ERR_CERT_AUTHORITY_INVALID',
    DEPTH_ZERO_SELF_SIGNED_CERT: 'net::ERR_CERT_AUTHORITY_INVALID',
  };
  return names[code ?? ''] ?? 'net::ERR_FAILED';
}

export const dialog = strict('dialog', {
  showErrorBox(title, content) {
    outside.errorBoxes.push({ title, content });
    // The app may end right after: what is written here stays.
    const record = process.env.ELECTRON_DOUBLE_RECORD;
    if (record !== undefined) appendFileSync(record, `${JSON.stringify({ title, content })}\n`);
  },
} satisfies Pick<Dialog, 'showErrorBox'>);

export const shell = strict('shell', {
  openExternal(url) {
    outside.openedUrls.push(url);
    return Promise.resolve();
  },
} satisfies Pick<Shell, 'openExternal'>);

export const Menu = strict('Menu', {
  setApplicationMenu(menu: ElectronMenu | null) {
    outside.menu = menu;
  },
  buildFromTemplate: (template: unknown) => template,
});

export const nativeTheme = strict('nativeTheme', {
  themeSource: 'system' as NativeTheme['themeSource'],
  get shouldUseDarkColors() {
    return this.themeSource === 'dark';
  },
} satisfies Pick<NativeTheme, 'themeSource' | 'shouldUseDarkColors'>);
