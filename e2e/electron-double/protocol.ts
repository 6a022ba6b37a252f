import type { CustomScheme, Protocol } from 'electron';
import { appState } from './app.js';

const handlers = new Map<string, Parameters<Protocol['handle']>[1]>();

/** Schemes that were given privileges. */
export const schemes: CustomScheme[] = [];

export const protocol = {
  registerSchemesAsPrivileged(custom) {
    if (appState.ready) throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
    schemes.push(...custom);
  },
  handle(scheme, handler) {
    if (!appState.ready) throw new Error('protocol cannot be used before app is ready');
    handlers.set(scheme, handler);
  },
} satisfies Pick<Protocol, 'registerSchemesAsPrivileged' | 'handle'>;

/** What the app's own protocol answers. */
export async function answer(request: Request): Promise<Response> {
  const handler = handlers.get(new URL(request.url).protocol.slice(0, -1));
  if (!handler) throw new Error(`ERR_UNKNOWN_URL_SCHEME ${request.url}`);
  return handler(request);
}
