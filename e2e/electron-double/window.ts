import type { BrowserWindow as ElectronWindow, BrowserWindowConstructorOptions, WebContents } from 'electron';
import { EventEmitter } from 'node:events';
import { clone } from './clone.js';
import { app, appEvents, appState, openWindows, preventable } from './app.js';
import { invokeMain, type Sender } from './ipc-main.js';
import { openPage, type Page } from './page.js';
import { answer } from './protocol.js';
import { strict } from './strict.js';

/** A frame, as far as its sender check looks at it. */
export interface Frame {
  readonly url: string;
  readonly origin: string;
  readonly parent: Frame | null;
}

let nextId = 1;

type ContentsPart = Pick<
  WebContents,
  'id' | 'isDestroyed' | 'send' | 'reload' | 'setWindowOpenHandler' | 'getZoomLevel' | 'setZoomLevel'
>;

/** One page's process, seen from the main process. */
export class ContentsDouble extends EventEmitter implements ContentsPart {
  readonly id = nextId++;
  mainFrame: Frame = { url: 'about:blank', origin: 'null', parent: null };
  page: Page | null = null;
  preload: string | undefined;
  reloads = 0;
  destroyed = false;
  zoomLevel = 0;
  openHandler: Parameters<WebContents['setWindowOpenHandler']>[0] | null = null;

  isDestroyed(): boolean {
    return this.destroyed;
  }

  send(channel: string, ...args: unknown[]): void {
    if (this.destroyed) throw new TypeError('Object has been destroyed');
    try {
      this.page?.deliver(channel, clone(args));
    } catch (error) {
      // Electron, too, only prints what it could not send (lib/browser/api/web-frame-main.ts).
      console.error('Error sending from webFrameMain: ', error);
    }
  }

  getZoomLevel(): number {
    return this.zoomLevel;
  }

  setZoomLevel(level: number): void {
    this.zoomLevel = level;
  }

  reload(): void {
    this.reloads += 1;
  }

  setWindowOpenHandler(handler: Parameters<WebContents['setWindowOpenHandler']>[0]): void {
    this.openHandler = handler;
  }

  /** Loads a page for real: asks the protocol's handler, then runs the preload script before it. */
  async load(url: string): Promise<string> {
    const response = await answer(new Request(url));
    this.mainFrame = { url, origin: url.split('/').slice(0, 3).join('/'), parent: null };
    const sender: Sender = { contents: this, frame: this.mainFrame };
    if (this.preload !== undefined) this.page = openPage(this.preload, (...args) => invokeMain(sender, ...args));
    return response.text();
  }
}

/** Contents as Electron makes them: every one is announced to the app. */
export function createContents(): ContentsDouble {
  const contents = strict('webContents', new ContentsDouble());
  appEvents.emit('web-contents-created', {}, contents);
  return contents;
}

type WindowPart = Pick<
  ElectronWindow,
  'loadURL' | 'show' | 'focus' | 'restore' | 'isMinimized' | 'isDestroyed' | 'close' | 'setProgressBar'
>;

class WindowDouble extends EventEmitter implements WindowPart {
  readonly options: BrowserWindowConstructorOptions;
  readonly webContents: ContentsDouble;
  title: string;
  shown = 0;
  focused = 0;
  minimized = false;
  destroyed = false;
  /** In the taskbar; negative where there is none. */
  progress = -1;

  constructor(options: BrowserWindowConstructorOptions) {
    super();
    if (!appState.ready) throw new Error('Cannot create BrowserWindow before app is ready');
    this.options = options;
    this.title = options.title ?? 'Electron';
    this.webContents = createContents();
    this.webContents.preload = options.webPreferences?.preload;
    openWindows.add(this);
    windows.push(this);
  }

  async loadURL(url: string): Promise<void> {
    const html = await this.webContents.load(url);
    this.retitle(/<title>([^<]*)/.exec(html)?.[1] ?? '');
    this.webContents.emit('did-finish-load');
    // Under Wayland a hidden window may never be told to paint, and then never be ready.
    if (process.env.ELECTRON_DOUBLE_NEVER_READY_TO_SHOW === undefined) this.emit('ready-to-show');
  }

  /** The page changes its title. */
  retitle(title: string): void {
    const event = preventable({});
    this.emit('page-title-updated', event, title, true);
    if (!event.defaultPrevented) this.title = title;
  }

  /** A window that is gone throws, as all of its methods do. */
  setProgressBar(progress: number): void {
    if (this.destroyed) throw new TypeError('Object has been destroyed');
    this.progress = progress;
  }
  show(): void {
    this.shown += 1;
  }
  focus(): void {
    this.focused += 1;
  }
  restore(): void {
    this.minimized = false;
  }
  isMinimized(): boolean {
    return this.minimized;
  }
  isDestroyed(): boolean {
    return this.destroyed;
  }
  close(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.webContents.destroyed = true;
    openWindows.delete(this);
    this.emit('closed');
    if (openWindows.size > 0) return;
    if (appEvents.listenerCount('window-all-closed') === 0) app.quit();
    else appEvents.emit('window-all-closed');
  }
}

/** Every window that was made. */
export const windows: WindowDouble[] = [];

export const BrowserWindow = new Proxy(WindowDouble, {
  construct: (target, [options]: [BrowserWindowConstructorOptions]) => strict('BrowserWindow', new target(options)),
});
