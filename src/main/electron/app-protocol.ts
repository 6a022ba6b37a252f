import { protocol } from 'electron';
import { rendererHeaders, type RendererFile } from '../core/renderer-files.js';
import { appScheme, isOwnUrl } from './app-origin.js';

/** Must be called before Electron is ready. `secure`: only a secure origin may ask for the microphone. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the interface's files, and nothing else, at `app://botchat/`. */
export function serveRenderer(files: ReadonlyMap<string, RendererFile>): void {
  const headers = rendererHeaders("'self'");
  protocol.handle(appScheme, (request) => {
    const file = findFile(files, request);
    if (!file) return new Response('Not found', { status: 404, headers: { ...headers, 'Content-Type': 'text/plain' } });
    const body = request.method === 'HEAD' ? null : new Uint8Array(file.body);
    return new Response(body, { headers: { ...headers, 'Content-Type': file.contentType } });
  });
}

/** The path is looked up as it was written, never decoded: an encoded or odd path is simply not in the map. */
function findFile(files: ReadonlyMap<string, RendererFile>, request: Request): RendererFile | undefined {
  if (request.method !== 'GET' && request.method !== 'HEAD') return undefined;
  return isOwnUrl(request.url) ? files.get(new URL(request.url).pathname) : undefined;
}
