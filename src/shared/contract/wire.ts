import type { Result } from '../errors.js';

/** Messages between the web host and its page, as MessagePack over one WebSocket. */
export type ClientMessage = { readonly id: number; readonly route: string; readonly input: unknown };
export type HostMessage =
  { readonly id: number; readonly result: Result<unknown> } | { readonly event: string; readonly payload: unknown };

/** The IPC channels of the Electron host. */
export const requestChannel = 'botchat:request';
export const eventChannel = 'botchat:event';

/** The web host closes a page's socket with this code when another page has taken its place: it must not come back. */
export const takenOverCode = 4001;
