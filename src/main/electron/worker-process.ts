import { utilityProcess } from 'electron';
import { join } from 'node:path';
import type { WorkerName } from '../../shared/worker-contract.js';
import type { WorkerProcess } from '../core/ports.js';

/**
 * What a worker is told of the outside: enough to find libraries, drivers and a folder for temporary files. Left out
 * is everything that could change what an engine does (`NODE_OPTIONS`, `OMP_*`, `GGML_*`) or that is nobody's
 * business (keys).
 */
const passedOn = [
  'PATH',
  'HOME',
  'LANG',
  'LC_ALL',
  'TMPDIR',
  'LD_LIBRARY_PATH',
  'XDG_RUNTIME_DIR',
  'CUDA_VISIBLE_DEVICES',
  // Windows: without these neither its network nor a graphics driver loads.
  'SystemRoot',
  'windir',
  'ProgramData',
  'LOCALAPPDATA',
  'USERPROFILE',
  'TEMP',
  'TMP',
];

/** Starts a native engine's process from `<mainFolder>/<name>-worker.js`. */
export function forkWorker(name: WorkerName, mainFolder: string): WorkerProcess {
  const child = utilityProcess.fork(join(mainFolder, `${name}-worker.js`), [], {
    serviceName: `BotChat ${name}`,
    env: hermeticEnvironment(),
  });
  const endNow = () => {
    const { pid } = child;
    // Electron only asks a process to end, which one that hangs in native code or is stopped never hears.
    child.kill();
    if (pid !== undefined) killNow(pid);
  };
  // Whatever the core has come to: no worker outlives the app.
  process.once('exit', endNow);
  child.once('exit', () => process.off('exit', endNow));

  return {
    get pid() {
      return child.pid;
    },
    post: (message) => {
      child.postMessage(message);
    },
    onMessage: (listener) => child.on('message', listener),
    onExit: (listener) => child.once('exit', listener),
    kill: endNow,
  };
}

function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

function hermeticEnvironment(): Record<string, string> {
  return Object.fromEntries(
    passedOn.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
