import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { WorkerProcess } from '../../src/main/core/ports.js';
import { createWebPorts } from '../../src/main/web/ports.js';
import type { WorkerName } from '../../src/shared/worker-contract.js';

export const root = resolve(import.meta.dirname, '../..');

/** How a process can go wrong: it is killed, it crashes, or it stops for ever. */
export const faults = ['SIGKILL', 'SIGSEGV', 'SIGSTOP'] as const;
export type Fault = (typeof faults)[number];

/** The app's own engines, each in its own process, as the web host starts them. */
export interface RealWorkers {
  readonly whisperAddon: string;
  spawn(name: WorkerName): WorkerProcess;
  /** Processes that are alive, newest last. */
  alive(name: WorkerName): readonly number[];
  /** How many processes of the name were started. */
  started(name: WorkerName): number;
  /** How many have ended. */
  ended(name: WorkerName): number;
  /** Does this to the newest process of the name; throws where there is none. Answers its id. */
  inflict(name: WorkerName, fault: Fault): number;
  /** Ends all that is left, and what they have written. */
  remove(): void;
}

export function realWorkers(): RealWorkers {
  const userData = mkdtempSync(join(tmpdir(), '小李 的引擎 '));
  const ports = createWebPorts({ root, userData });
  const all: { readonly name: WorkerName; readonly process: WorkerProcess; alive: boolean }[] = [];
  const of = (name: WorkerName) => all.filter((each) => each.name === name);
  const alive = (name: WorkerName) =>
    of(name).flatMap((each) => (each.alive && each.process.pid !== undefined ? [each.process.pid] : []));

  return {
    whisperAddon: ports.paths.whisperAddon,
    spawn(name) {
      const process = ports.spawnWorker(name);
      const entry = { name, process, alive: true };
      all.push(entry);
      process.onExit(() => {
        entry.alive = false;
      });
      return process;
    },
    alive,
    started: (name) => of(name).length,
    ended: (name) => of(name).filter((each) => !each.alive).length,
    inflict(name, fault) {
      const pid = alive(name).at(-1);
      if (pid === undefined) throw new Error(`no ${name} to hurt`);
      process.kill(pid, fault);
      // A process that is stopped does not crash before it goes on.
      if (fault === 'SIGSEGV') process.kill(pid, 'SIGCONT');
      return pid;
    },
    remove() {
      for (const each of all) if (each.alive) each.process.kill();
      // The log in it stays open, and Windows removes no file that is.
      if (process.platform !== 'win32') rmSync(userData, { recursive: true, force: true });
    },
  };
}
