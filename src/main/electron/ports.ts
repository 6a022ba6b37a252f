import { app } from 'electron';
import { join } from 'node:path';
import { openSecretStore } from '../core/account/secret-store.js';
import type { Log, Paths, Ports } from '../core/ports.js';
import { createElectronFetch } from './network.js';
import { forkWorker } from './worker-process.js';

const whisperAddonName = 'botchat_whisper.node';

/** What Electron gives the core. `mainFolder`: where the built main process and its workers lie. */
export function electronPorts(userData: string, mainFolder: string, log: Log): Ports {
  return {
    host: 'electron',
    version: app.getVersion(),
    paths: { userData, ...shippedPaths(mainFolder) },
    secrets: openSecretStore(userData, log),
    clock: { now: () => Date.now() },
    log,
    fetch: createElectronFetch(),
    spawnWorker: (name) => forkWorker(name, mainFolder, log),
  };
}

/** Models and the addon are read by native code, which cannot look into the app's archive: they lie beside it. */
function shippedPaths(mainFolder: string): Omit<Paths, 'userData'> {
  if (app.isPackaged) {
    return {
      resources: join(process.resourcesPath, 'resources'),
      whisperAddon: join(process.resourcesPath, 'native', whisperAddonName),
    };
  }
  const root = join(mainFolder, '..', '..');
  return {
    resources: join(root, 'resources'),
    // Another build of it, one with a GPU backend for instance (docs/gpu.md).
    whisperAddon: process.env.BOTCHAT_WHISPER_ADDON ?? join(root, 'native', 'whisper', 'build', whisperAddonName),
  };
}
