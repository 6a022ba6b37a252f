import { app, BrowserWindow, dialog, nativeTheme } from 'electron';
import { downloadPercent } from '../../shared/contract/models.js';
import type { Output } from '../../shared/contract/contract.js';
import type { Result } from '../../shared/errors.js';
import type { Core } from '../core/core.js';
import type { Log } from '../core/ports.js';
import { appName } from './preboot.js';

/** Said when the page has fallen over again right after it was reloaded. */
const pageLost =
  'BotChat 的界面反复崩溃，程序将关闭。您的对话已保存，请重新打开。\n' +
  'The BotChat page keeps crashing and the app will close. Your conversations are saved; please start it again.';

/** The renderer's `--ground`, so that nothing flashes before its first frame. */
const ground = { light: '#f6f5f2', dark: '#15171a' };

/** What a key adds to the zoom level, of which each makes everything 20 % larger; 0 takes it back to none. */
const zoomSteps: Readonly<Record<string, number>> = { '+': 0.5, '=': 0.5, '-': -0.5, _: -0.5, '0': 0 };
/** 58 % and 249 %. */
const zoomLevels = { smallest: -3, largest: 5 };

/** A page that falls over twice within this time is not reloaded again. */
const reloadWindowMs = 60_000;

/** Makes the app's one window. It shows itself once its page has something to show. */
export function openMainWindow(preload: string, log: Log): BrowserWindow {
  const window = new BrowserWindow({
    title: appName,
    width: 1200,
    height: 800,
    minWidth: 900,
    minHeight: 600,
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? ground.dark : ground.light,
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      webSecurity: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      // Its dictionaries would be fetched from a stranger's server.
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  });
  showOnceLoaded(window);
  zoomByKeys(window);
  // The page's title may one day tell what is talked about; task bars and window lists are seen by others.
  window.on('page-title-updated', (event) => {
    event.preventDefault();
  });
  reloadOnce(window, log);
  return window;
}

/** Under Wayland a window that was never shown may never be ready to be shown: the loaded page is as good a sign. */
function showOnceLoaded(window: BrowserWindow): void {
  let shown = false;
  const show = () => {
    if (shown || window.isDestroyed()) return;
    shown = true;
    window.show();
  };
  window.once('ready-to-show', show);
  window.webContents.once('did-finish-load', show);
}

/** Electron's zoom keys are part of its menu, and there is no menu. */
function zoomByKeys({ webContents }: BrowserWindow): void {
  webContents.on('before-input-event', (event, { type, key, control, meta, alt }) => {
    const step = zoomSteps[key];
    const held = process.platform === 'darwin' ? meta : control;
    if (type !== 'keyDown' || !held || alt || step === undefined) return;
    event.preventDefault();
    const level = step === 0 ? 0 : webContents.getZoomLevel() + step;
    webContents.setZoomLevel(Math.min(zoomLevels.largest, Math.max(zoomLevels.smallest, level)));
  });
}

/** Brings the window to the front: the app was started a second time. */
export function focusWindow(window: BrowserWindow): void {
  if (window.isDestroyed()) return;
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

/** Has Electron's own surfaces follow the learner's choice of theme, from now on. */
export async function followTheme(core: Core): Promise<void> {
  const snapshot = (await core.router.dispatch('app.snapshot', {})) as Result<Output<'app.snapshot'>>;
  if (snapshot.ok) nativeTheme.themeSource = snapshot.value.settings.theme;
  core.onEvent((name, payload) => {
    if (name === 'settings.changed' && 'settings' in payload) nativeTheme.themeSource = payload.settings.theme;
  });
}

/** Shows in the taskbar how far downloads are, for whoever looks at something else meanwhile. */
export function showDownloads(core: Core, window: BrowserWindow): void {
  core.onEvent((name, payload) => {
    if (name !== 'models.changed' || !('models' in payload) || window.isDestroyed()) return;
    const percent = downloadPercent(payload);
    window.setProgressBar(percent === null ? -1 : percent / 100);
  });
}

/** The core outlives its page: a page that fell over starts again from a snapshot. One that keeps falling is given up. */
function reloadOnce(window: BrowserWindow, log: Log): void {
  let reloadedTime = -Infinity;
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    log.error('page process gone', { reason, exitCode });
    if (reason === 'clean-exit' || window.isDestroyed()) return;
    if (performance.now() - reloadedTime > reloadWindowMs) {
      reloadedTime = performance.now();
      window.webContents.reload();
      return;
    }
    dialog.showErrorBox(appName, pageLost);
    app.quit();
  });
}
