import type { Input, WebContents } from 'electron';
import { app, appEvents, appState, preventable } from './app.js';
import { clone } from './clone.js';
import { nativeTheme, outside, rules } from './electron.js';
import { invokeMain } from './ipc-main.js';
import { answer, schemes } from './protocol.js';
import { utilityProcesses } from './utility-process.js';
import { createContents, windows } from './window.js';

/** Who a made-up message comes from. */
export type SenderKind = 'page' | 'sub-frame' | 'foreign-origin' | 'other-contents' | 'gone-frame';

type NavigationEvent = 'will-navigate' | 'will-frame-navigate' | 'will-redirect';

interface Bridge {
  request(route: unknown, input: unknown): Promise<unknown>;
  on(listener: (name: string, payload: unknown) => void): () => void;
}

/** `spareBytes`: how much more memory its sounds brought along than they need. */
const received: { name: string; payload: unknown; spareBytes: number }[] = [];
let stopListening: (() => void) | undefined;

function theWindow() {
  const [window] = windows;
  if (!window || windows.length !== 1) throw new Error(`expected one window, not ${String(windows.length)}`);
  return window;
}

function bridge(): Bridge {
  return theWindow().webContents.page?.world.get('botchat') as Bridge;
}

/** A view into a larger buffer is cloned with all of that buffer, whatever else lies in it. */
function spareBytes(payload: unknown): number {
  return Object.values(payload as object)
    .filter((value) => value instanceof Uint8Array)
    .reduce((sum, view) => sum + view.buffer.byteLength - view.byteLength, 0);
}

const refuseToClone = (): never => {
  throw new DOMException('could not be cloned', 'DataCloneError');
};

/** What a test may ask of a running host. Arguments and answers are cloned on their way. */
export const control = {
  /** Answers whether the window has been shown, which comes last of all in a start. */
  started: () => windows.length === 1 && theWindow().shown > 0,
  appState: () => ({ ...appState, schemes, menu: outside.menu, theme: nativeTheme.themeSource }),
  window: () => {
    const { options, title, shown, focused, minimized, progress, webContents } = theWindow();
    const { mainFrame, reloads } = webContents;
    return { options, title, shown, focused, minimized, progress, url: mainFrame.url, reloads };
  },
  retitle: (title: string) => {
    theWindow().retitle(title);
  },
  minimize: () => {
    theWindow().minimized = true;
  },

  fetch: async (url: string, method = 'GET') => {
    const response = await answer(new Request(url, { method }));
    return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
  },

  exposed: () => {
    const world = theWindow().webContents.page?.world;
    return [...(world ?? [])].map(([name, api]) => ({ name, members: Object.keys(api as object) }));
  },
  /** Through everything: the preload script, the channel, the core and back. */
  request: (route: unknown, input: unknown) => bridge().request(route, input),
  listen: () => {
    stopListening?.();
    stopListening = bridge().on((name, payload) => received.push({ name, payload, spareBytes: spareBytes(payload) }));
  },
  stopListening: () => {
    stopListening?.();
  },
  /** The events since the last call. */
  takeEvents: () => received.splice(0),
  /** Makes every payload one that the host cannot clone. */
  failSends: (fail: boolean) => {
    globalThis.structuredClone = fail ? refuseToClone : clone;
  },
  /** A key the page gets; answers whether the host took it, and the zoom afterwards. */
  pressKey: (input: Partial<Input>) => {
    const event = preventable({});
    theWindow().webContents.emit('before-input-event', event, { type: 'keyDown', ...input });
    return { taken: event.defaultPrevented, zoomLevel: theWindow().webContents.zoomLevel };
  },

  /** A message past the preload script, from whom one likes. */
  invoke: (kind: SenderKind, channel: string, ...args: unknown[]) => {
    const own = theWindow().webContents;
    const frames = {
      page: own.mainFrame,
      'sub-frame': { url: own.mainFrame.url, origin: own.mainFrame.origin, parent: own.mainFrame },
      'foreign-origin': { url: 'https://evil.example/', origin: 'https://evil.example', parent: null },
      'other-contents': own.mainFrame,
      'gone-frame': null,
    };
    const contents = kind === 'other-contents' ? createContents() : own;
    return invokeMain({ contents, frame: frames[kind] }, channel, ...args);
  },

  /** Answers whether the navigation was prevented. */
  navigate: (event: NavigationEvent, url: string, where: 'page' | 'other-contents' = 'page') => {
    const details = preventable({ url, isMainFrame: true, isSameDocument: false });
    (where === 'page' ? theWindow().webContents : createContents()).emit(event, details, url);
    return details.defaultPrevented;
  },
  openWindow: (url: string) => {
    const handler = theWindow().webContents.openHandler;
    const before = outside.openedUrls.length;
    const details = {
      url,
      frameName: '',
      features: '',
      disposition: 'new-window',
      referrer: { url: '', policy: 'default' },
    };
    const decision = handler?.(details as Parameters<NonNullable<typeof handler>>[0]);
    return { action: decision?.action ?? 'allow', opened: outside.openedUrls.slice(before) };
  },
  /** What was asked of the network so far. */
  fetched: () => outside.fetched,
  attachWebview: () => {
    const event = preventable({});
    theWindow().webContents.emit('will-attach-webview', event, {}, {});
    return event.defaultPrevented;
  },

  /** What the request and the check handler say; `details` serve both. */
  permission: (permission: string, url: string, details: object) => {
    const contents = theWindow().webContents as unknown as WebContents;
    const full = { isMainFrame: true, requestingUrl: url, ...details };
    let granted: boolean | null = null;
    type Request = NonNullable<typeof rules.request>;
    type Check = NonNullable<typeof rules.check>;
    rules.request?.(
      contents,
      permission as Parameters<Request>[1],
      (answer) => {
        granted = answer;
      },
      full,
    );
    return { request: granted, check: rules.check?.(contents, permission as Parameters<Check>[1], url, full) };
  },
  devicePermission: () =>
    rules.device?.({ deviceType: 'usb', origin: 'app://botchat', device: {} } as unknown as Parameters<
      NonNullable<typeof rules.device>
    >[0]),

  workers: () => utilityProcesses.map(({ pid, serviceName, environment }) => ({ pid, serviceName, environment })),
  crashPage: (reason: string) => {
    theWindow().webContents.emit('render-process-gone', {}, { reason, exitCode: 139 });
    return { reloads: theWindow().webContents.reloads, errorBoxes: outside.errorBoxes };
  },
  throwUncaught: () => {
    setImmediate(() => {
      throw new Error('thrown on purpose');
    });
    void Promise.reject(new Error('rejected on purpose'));
  },
  closeWindow: () => {
    setImmediate(() => {
      theWindow().close();
    });
  },
  /** Several times over, as impatient people and systems do. */
  quit: (times: number) => {
    setImmediate(() => {
      for (let count = 0; count < times; count += 1) app.quit();
    });
  },
  listeners: () => appEvents.eventNames().map(String),
};

export type Control = typeof control;
export type Call = { readonly id: number; readonly method: keyof Control; readonly args: unknown[] };
export type Answer = { readonly id: number; readonly value?: unknown; readonly error?: string };

process.on('message', ({ id, method, args }: Call) => {
  const run = control[method] as (...args: unknown[]) => unknown;
  const done = new Promise((resolve) => {
    resolve(run(...args));
  });
  void done.then(
    (value) => process.send?.({ id, value } satisfies Answer),
    (error: unknown) => process.send?.({ id, error: String(error) } satisfies Answer),
  );
});
// The test is gone, and so is whoever would end this process.
process.on('disconnect', () => process.exit(2));
