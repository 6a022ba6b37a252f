import type { IpcMain, IpcMainInvokeEvent } from 'electron';
import { clone } from './clone.js';
import type { ContentsDouble, Frame } from './window.js';

/** Who sends a message, as Electron's browser process knows it; a page cannot choose it. */
export interface Sender {
  readonly contents: ContentsDouble;
  /** Null where the frame has gone meanwhile. */
  readonly frame: Frame | null;
}

const handlers = new Map<string, Parameters<IpcMain['handle']>[1]>();

export const ipcMain = {
  handle(channel, listener) {
    if (handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`);
    handlers.set(channel, listener);
  },
  removeHandler(channel) {
    handlers.delete(channel);
  },
} satisfies Pick<IpcMain, 'handle' | 'removeHandler'>;

/** Delivers a message to the main process: a clone goes in, a clone or an error comes back. */
export async function invokeMain(sender: Sender, channel: string, ...args: unknown[]): Promise<unknown> {
  const handler = handlers.get(channel);
  if (!handler) throw new Error(`No handler registered for '${channel}'`);
  const event = { sender: sender.contents, senderFrame: sender.frame, type: 'frame' };
  const value: unknown = await handler(event as unknown as IpcMainInvokeEvent, ...clone(args));
  return clone(value);
}
