import { readdirSync, readFileSync } from 'node:fs';
import { basename, isAbsolute, join } from 'node:path';

/** Where Linux's Vulkan loader is told of drivers. */
const manifestFolders = ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d'];

/**
 * The system's library for want of which a Vulkan driver that is installed does not load; null where there is none, or
 * where this is no Linux. The loader passes over such a driver without a word: NVIDIA's needs X11's client libraries,
 * which a server or a container may not have. Loads the drivers, as the loader does.
 */
export function missingDriverLibrary(folders: readonly string[] = manifestFolders): string | null {
  if (process.platform !== 'linux') return null;
  for (const driver of folders.flatMap(driversIn)) {
    const missing = missingFor(driver);
    // A driver that is itself not there is not installed, whatever was left of it.
    if (missing !== null && missing !== basename(driver)) return missing;
  }
  return null;
}

function driversIn(folder: string): readonly string[] {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
    return names.flatMap((name) => libraryOf(join(folder, name)) ?? []);
  } catch {
    // Most machines have only one of the folders.
    return [];
  }
}

/** The library that a manifest names; null where it cannot be read. */
function libraryOf(manifest: string): string | null {
  try {
    const { ICD } = JSON.parse(readFileSync(manifest, 'utf8')) as {
      readonly ICD?: { readonly library_path?: unknown };
    };
    const path = ICD?.library_path;
    if (typeof path !== 'string') return null;
    // A bare name is looked for by the system; a path may be meant from where the manifest is.
    return !path.includes('/') || isAbsolute(path) ? path : join(manifest, '..', path);
  } catch {
    return null;
  }
}

/** What the system's own words name as missing when a library is loaded. */
function missingFor(library: string): string | null {
  try {
    // It is no addon: one that loads is refused as such, and let go of.
    process.dlopen({ exports: {} }, library);
  } catch (error) {
    const [, missing] = /^(\S+): cannot open shared object file/.exec((error as Error).message) ?? [];
    return missing === undefined ? null : basename(missing);
  }
  return null;
}
