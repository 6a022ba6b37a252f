import { utilityProcess } from 'electron';
import { join } from 'node:path';
import type { WorkerName } from '../../shared/worker-contract.js';
import type { Log, WorkerProcess } from '../core/ports.js';

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

/** Electron tells nothing of a launch that fails. One that takes this long has failed. */
const launchDeadlineMs = 30_000;
/** What the core is told of a process that was given up before it was launched. */
const neverLaunched = -1;

/** Starts a native engine's process from `<mainFolder>/<name>-worker.js`. */
export function forkWorker(name: WorkerName, mainFolder: string, log: Log): WorkerProcess {
  const child = utilityProcess.fork(join(mainFolder, `${name}-worker.js`), [], {
    serviceName: `BotChat ${name}`,
    env: hermeticEnvironment(),
  });
  const ended = Promise.withResolvers<number>();
  let unwanted = false;
  const endNow = () => {
    const { pid } = child;
    if (pid === undefined) {
      // Electron cannot end what it has not launched yet, and does not tell when it never will.
      unwanted = true;
      ended.resolve(neverLaunched);
      return;
    }
    // Electron only asks a process to end, which one that hangs in native code or is stopped never hears.
    child.kill();
    killNow(pid);
  };
  const launch = setTimeout(() => {
    log.error('a worker was not launched', { name });
    endNow();
  }, launchDeadlineMs);
  child.once('spawn', () => {
    clearTimeout(launch);
    if (unwanted) endNow();
  });
  // V8 ran out of memory or found itself broken; the end of the process follows.
  child.on('error', (type, location) => {
    log.error('a worker cannot go on', { name, type, location });
  });
  // Whatever the core has come to: no worker outlives the app.
  process.once('exit', endNow);
  child.once('exit', (exitCode) => {
    clearTimeout(launch);
    process.off('exit', endNow);
    ended.resolve(exitCode);
  });

  return {
    get pid() {
      return child.pid;
    },
    post: (message) => {
      child.postMessage(message);
    },
    onMessage: (listener) => child.on('message', listener),
    onExit: (listener) => void ended.promise.then(listener),
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
