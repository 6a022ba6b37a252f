import { app, dialog, Menu } from 'electron';
import type { Core } from '../core/core.js';
import type { Log } from '../core/ports.js';
import { startFailureWords } from '../core/start-failures.js';
import { appName, dataFolder } from './preboot.js';

/** How long the core may take to save and close before the app ends regardless. */
const disposeDeadlineMs = 5_000;

/** Writes down what nobody caught. The app goes on: what is kept is kept in whole transactions. */
export function logFaults(log: Log): void {
  process.on('uncaughtException', (error) => {
    log.error('uncaught exception', { error });
  });
  process.on('unhandledRejection', (error) => {
    log.error('unhandled rejection', { error });
  });
  app.on('child-process-gone', (_event, { type, reason, exitCode, name }) => {
    log.warn('child process gone', { type, reason, exitCode, name });
  });
}

/** Closes the core before the app ends, once, and not for longer than the deadline. */
export function disposeOnQuit(core: Core, log: Log): void {
  let disposing = false;
  app.on('window-all-closed', () => {
    app.quit();
  });
  app.on('will-quit', (event) => {
    // However often the app is told to quit meanwhile, the one that is under way ends it.
    event.preventDefault();
    if (disposing) return;
    disposing = true;
    void disposeInTime(core, log).finally(() => {
      app.exit(0);
    });
  });
}

async function disposeInTime(core: Core, log: Log): Promise<void> {
  const deadline = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    deadline.reject(new Error(`not closed after ${String(disposeDeadlineMs)} ms`));
  }, disposeDeadlineMs);
  try {
    await Promise.race([core.dispose(), deadline.promise]);
  } catch (error) {
    log.error('the core did not close', { error });
  } finally {
    clearTimeout(timer);
  }
}

/** Says why the app cannot start, and ends it. Electron must be ready: before that, Linux shows no dialog. */
export function failStart(error: unknown, log?: Log): void {
  log?.error('start failed', { error });
  const words = startFailureWords(error, { userData: dataFolder(), userDataOption: 'BOTCHAT_USER_DATA' });
  dialog.showErrorBox(appName, words);
  app.exit(1);
}

/** No menu bar. Only on macOS do copy and paste need a menu to have shortcuts at all. */
export function setAppMenu(): void {
  const template = [{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }] as const;
  Menu.setApplicationMenu(process.platform === 'darwin' ? Menu.buildFromTemplate([...template]) : null);
}
