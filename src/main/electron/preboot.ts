import { app } from 'electron';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AppError } from '../../shared/errors.js';
import { openFileLog } from '../core/file-log.js';
import type { Log } from '../core/ports.js';
import { registerAppScheme } from './app-protocol.js';

/** The app's name: of its window, its dialogs and its data folder. */
export const appName = 'BotChat';

export type Preboot =
  | { readonly kind: 'first'; readonly userData: string; readonly log: Log }
  /** Another BotChat has this data folder open; it has been asked to come to the front. */
  | { readonly kind: 'second' }
  | { readonly kind: 'failed'; readonly error: AppError };

/** Everything that has to be settled before Electron is ready. Synchronous, because Electron does not wait. */
export function prebootApp(): Preboot {
  app.setName(appName);
  // The taskbar finds the app's shortcut by it: electron-builder gives both the same id.
  if (process.platform === 'win32') app.setAppUserModelId('dev.botchat.app');
  registerAppScheme();
  try {
    const userData = prepareDataFolder();
    if (!app.requestSingleInstanceLock()) return { kind: 'second' };
    // Only now: opening the log may move the old one away, and a second start must leave the first one's alone.
    return { kind: 'first', userData, log: openFileLog(join(userData, 'logs')) };
  } catch (error) {
    return { kind: 'failed', error: unwritable(error) };
  }
}

/** Where the learner's data lies. `BOTCHAT_USER_DATA` moves it elsewhere (tests, a portable copy). */
export function dataFolder(): string {
  const named = process.env.BOTCHAT_USER_DATA ?? '';
  return named === '' ? join(app.getPath('appData'), appName) : resolve(named);
}

/**
 * Makes the data folder. Chromium's own files go to a folder
 * of theirs, so that what is the learner's can be told apart and backed up.
 *
 * The folder is tried out first: where it cannot be written, Electron's lock answers like for a second instance, and
 * the app would end without a word.
 */
function prepareDataFolder(): string {
  const userData = dataFolder();
  const sessionData = join(userData, 'chromium');
  mkdirSync(sessionData, { recursive: true });
  // Windows may have somebody look into a new folder for a moment: that is tried again, for a second in all.
  rmSync(mkdtempSync(join(userData, 'probe-')), { recursive: true, maxRetries: 10, retryDelay: 20 });
  app.setPath('userData', userData);
  app.setPath('sessionData', sessionData);
  return userData;
}

function unwritable(cause: unknown): AppError {
  const full = cause instanceof Error && 'code' in cause && cause.code === 'ENOSPC';
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new AppError(full ? 'profile/disk-full' : 'profile/unwritable', detail, { cause });
}
