import { app } from 'electron';
import { join } from 'node:path';
import { createCore } from './core/core.js';
import type { Log } from './core/ports.js';
import { readRendererFiles } from './core/renderer-files.js';
import { appUrl } from './electron/app-origin.js';
import { serveRenderer } from './electron/app-protocol.js';
import { carryContract } from './electron/contract-transport.js';
import { confinePages, restrictPermissions } from './electron/hardening.js';
import { disposeOnQuit, failStart, logFaults, setAppMenu } from './electron/lifecycle.js';
import { focusWindow, followTheme, openMainWindow, showDownloads } from './electron/main-window.js';
import { electronPorts } from './electron/ports.js';
import { prebootApp } from './electron/preboot.js';

/** `out/main`: beside it lie the built preload script and the built interface. */
const mainFolder = import.meta.dirname;

const preboot = prebootApp();
switch (preboot.kind) {
  case 'first':
    startWhenReady(preboot.userData, preboot.log);
    break;
  case 'second':
    app.exit(0);
    break;
  case 'failed':
    void app.whenReady().then(() => {
      failStart(preboot.error);
    });
    break;
}

/** Nothing here is awaited at the top level: Electron becomes ready only once this module has been evaluated. */
function startWhenReady(userData: string, log: Log): void {
  logFaults(log);
  confinePages(log);
  app
    .whenReady()
    .then(() => start(userData, log))
    .catch((error: unknown) => {
      failStart(error, log);
    });
}

async function start(userData: string, log: Log): Promise<void> {
  setAppMenu();
  restrictPermissions();
  const [core, files] = await Promise.all([
    createCore(electronPorts(userData, mainFolder, log)),
    readRendererFiles(join(mainFolder, '..', 'renderer')),
  ]);
  disposeOnQuit(core, log);
  serveRenderer(files);
  await followTheme(core);

  const window = openMainWindow(join(mainFolder, '..', 'preload', 'index.cjs'), log);
  app.on('second-instance', () => {
    focusWindow(window);
  });
  carryContract(core, window, log);
  showDownloads(core, window);
  core.start();
  await window.loadURL(appUrl).catch((error: unknown) => {
    // Closed while it was loading: the learner has changed their mind.
    if (!window.isDestroyed()) throw error;
  });
}
