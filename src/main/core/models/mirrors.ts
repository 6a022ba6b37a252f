import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CatalogueEntry } from './catalogue.js';
import type { Source } from './download/download.js';

/**
 * Another place for files: a folder (`D:\models`, `/srv/models`), an address with the file's name at its end
 * (`http://school.example/models/{file}`), or one that is put around the original's (`https://mirror.example/{url}`).
 */
export type Mirror = string;

/** A copy of Hugging Face; from much of China its large files come from elsewhere, so it is asked last. */
const huggingFaceMirror = 'hf-mirror.com';

/** Whether it is one of the forms that a mirror can have. */
export function isMirror(text: string): boolean {
  return isFolder(text) || (/\{(file|url)\}/.test(text) && URL.canParse(filled(text, 'https://example.com/x', 'x')));
}

const isFolder = (text: string): boolean => /^(\/|[a-z]:[\\/]|\\\\)/i.test(text);

const filled = (mirror: Mirror, url: string, file: string): string =>
  mirror.replaceAll('{url}', url).replaceAll('{file}', encodeURIComponent(file));

/** Where an entry's file may lie: one's own mirrors first, since they were set for a reason. */
export function sourcesOf(entry: CatalogueEntry, mirrors: readonly Mirror[]): readonly Source[] {
  const own = mirrors.filter(isMirror).flatMap((mirror): Source[] => {
    if (isFolder(mirror)) return [{ host: mirror, url: pathToFileURL(join(mirror, entry.file)).href }];
    const originals = mirror.includes('{url}') ? entry.urls.map(({ url }) => url) : [''];
    return originals.map((url) => ({
      host: new URL(filled(mirror, url, entry.file)).host,
      url: filled(mirror, url, entry.file),
    }));
  });
  const copies = entry.urls.flatMap(({ url }): Source[] => {
    const address = new URL(url);
    if (address.hostname !== 'huggingface.co') return [];
    address.hostname = huggingFaceMirror;
    return [{ host: huggingFaceMirror, url: address.href }];
  });
  return [...own, ...entry.urls.map(({ url }) => ({ host: new URL(url).host, url })), ...copies];
}
