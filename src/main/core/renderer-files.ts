import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';

/** One file of the built interface. */
export interface RendererFile {
  readonly body: Buffer;
  readonly contentType: string;
}

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** What the interface may load and talk to. `connectSource` is where its contract goes. */
export function contentSecurityPolicy(connectSource: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src ${connectSource}`,
    "media-src 'self' blob:",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Headers for every file of the interface, whichever host serves it. */
export function rendererHeaders(connectSource: string): Record<string, string> {
  return {
    'Content-Security-Policy': contentSecurityPolicy(connectSource),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cache-Control': 'no-cache',
  };
}

/**
 * Reads the built interface into memory, by URL path (`/` is `/index.html`). A path is only ever looked up in this
 * map and never joined to a folder, so no path, however it is written, can reach another file.
 */
export async function readRendererFiles(folder: string): Promise<ReadonlyMap<string, RendererFile>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry): Promise<[string, RendererFile]> => {
        const path = join(entry.parentPath, entry.name);
        const contentType = contentTypes[extname(entry.name)] ?? 'application/octet-stream';
        return [`/${relative(folder, path).split(sep).join('/')}`, { body: await readFile(path), contentType }];
      }),
  );
  const map = new Map(files);
  const index = map.get('/index.html');
  if (index) map.set('/', index);
  return map;
}
