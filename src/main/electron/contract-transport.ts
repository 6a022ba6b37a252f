import { ipcMain, type BrowserWindow, type IpcMainInvokeEvent, type WebContents } from 'electron';
import { eventChannel, requestChannel } from '../../shared/contract/wire.js';
import type { Result } from '../../shared/errors.js';
import type { Core } from '../core/core.js';
import type { Log } from '../core/ports.js';
import { appOrigin } from './app-origin.js';

const refused: Result<never> = { ok: false, error: { code: 'app/bad-request', detail: 'unknown sender' } };

/** Carries the contract between the core and the window's page, until the window closes. */
export function carryContract(core: Core, window: BrowserWindow, log: Log): void {
  const { webContents } = window;

  ipcMain.handle(requestChannel, (event, route: unknown, input: unknown) => {
    // The sender comes first: nothing of a stranger's message is looked at.
    if (isOwnPage(event, webContents)) return core.router.dispatch(route, input);
    log.warn('request from an unknown sender refused', { origin: event.senderFrame?.origin ?? null });
    return refused;
  });

  const stop = core.onEvent((name, payload) => {
    if (webContents.isDestroyed()) return;
    try {
      // A payload that cannot be cloned is a defect of that event. Electron would only print it, where nobody reads.
      structuredClone(payload);
    } catch (error) {
      log.error('event could not be sent', { event: name, error });
      return;
    }
    webContents.send(eventChannel, name, payload);
  });

  window.once('closed', () => {
    stop();
    ipcMain.removeHandler(requestChannel);
  });
}

/** Our window's page itself: no frame inside it, no other contents, and not after it has been led elsewhere. */
function isOwnPage(event: IpcMainInvokeEvent, webContents: WebContents): boolean {
  const frame = event.senderFrame;
  return event.sender === webContents && frame !== null && frame.parent === null && frame.origin === appOrigin;
}
