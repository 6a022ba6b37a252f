import type { ForkOptions, UtilityProcess } from 'electron';
import { fork, type ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { appEvents } from './app.js';
import { strict } from './strict.js';

const parentPortShim = fileURLToPath(new URL('parent-port.ts', import.meta.url));

type Part = Pick<UtilityProcess, 'pid' | 'postMessage' | 'kill'>;

/** How long Electron takes to tell that a process was launched. */
const spawnedAfterMs = 100;

/**
 * A real Node process in the place of Electron's; messages are cloned as Electron clones them.
 *
 * As unkind as shell/browser/api/electron_api_utility_process.cc: there is no `pid` before `spawn`, until then `kill`
 * does nothing and answers false, messages sent meanwhile wait, and a process that `kill` ended has exit code 0.
 */
class UtilityProcessDouble extends EventEmitter implements Part {
  readonly child: ChildProcess;
  spawned = false;
  killed = false;
  readonly serviceName: string;
  readonly environment: readonly string[];

  constructor(modulePath: string, args: string[], options: ForkOptions) {
    super();
    this.serviceName = options.serviceName ?? 'Node Utility Process';
    const env = (options.env ?? process.env) as NodeJS.ProcessEnv;
    this.environment = Object.keys(env);
    this.child = fork(modulePath, args, {
      env,
      execArgv: ['--import', parentPortShim],
      serialization: 'advanced',
    });
    const { child } = this;
    child.on('message', (message) => this.emit('message', message));
    // The process is there long before its host hears of it.
    setTimeout(() => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      this.spawned = true;
      this.emit('spawn');
    }, spawnedAfterMs);
    child.once('exit', (code, signal) => {
      this.spawned = false;
      const status = code ?? (signal === null ? 1 : constants.signals[signal]);
      const reason = signal === null ? 'abnormal-exit' : 'killed';
      if (status !== 0) {
        appEvents.emit('child-process-gone', {}, { type: 'Utility', reason, exitCode: status, name: this.serviceName });
      }
      this.emit('exit', this.killed && signal !== null ? 0 : status);
    });
  }

  get pid(): number | undefined {
    return this.spawned ? this.child.pid : undefined;
  }

  postMessage(message: unknown): void {
    if (this.child.connected) this.child.send(message as never);
  }

  kill(): boolean {
    if (!this.spawned) return false;
    this.killed = this.child.kill('SIGTERM');
    return this.killed;
  }
}

/** Every process that was started. */
export const utilityProcesses: UtilityProcessDouble[] = [];

export const utilityProcess = {
  fork(modulePath: string, args: string[] = [], options: ForkOptions = {}): Part {
    const started = new UtilityProcessDouble(modulePath, args, options);
    utilityProcesses.push(started);
    return strict('UtilityProcess', started);
  },
};
