import type { ForkOptions, UtilityProcess } from 'electron';
import { fork, type ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { fileURLToPath } from 'node:url';
import { appEvents } from './app.js';
import { strict } from './strict.js';

const parentPortShim = fileURLToPath(new URL('parent-port.ts', import.meta.url));

type Part = Pick<UtilityProcess, 'pid' | 'postMessage' | 'kill'>;

/** A real Node process in the place of Electron's; messages are cloned as Electron clones them. */
class UtilityProcessDouble extends EventEmitter implements Part {
  readonly child: ChildProcess;
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
    this.child.on('message', (message) => this.emit('message', message));
    this.child.once('exit', (code, signal) => {
      const exitCode = code ?? 1;
      const reason = signal === null ? 'abnormal-exit' : 'killed';
      if (exitCode !== 0) {
        appEvents.emit('child-process-gone', {}, { type: 'Utility', reason, exitCode, name: this.serviceName });
      }
      this.emit('exit', exitCode);
    });
  }

  get pid(): number | undefined {
    return this.child.exitCode === null && this.child.signalCode === null ? this.child.pid : undefined;
  }

  postMessage(message: unknown): void {
    if (this.child.connected) this.child.send(message as never);
  }

  kill(): boolean {
    return this.child.kill('SIGTERM');
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
