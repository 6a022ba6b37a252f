import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Answer, Call, Control } from './control.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The built app that is tested. */
export const outFolder = join(root, 'out');
const entry = join(outFolder, 'main', 'index.js');

/** The built main process, running in plain Node over the double. */
export interface HostProcess {
  readonly pid: number;
  /** Calls one of the double's controls. */
  call<M extends keyof Control>(method: M, ...args: Parameters<Control[M]>): Promise<Awaited<ReturnType<Control[M]>>>;
  /** Waits until the window is shown. */
  started(): Promise<void>;
  /** The exit code, once it has ended. */
  readonly exit: Promise<number | null>;
  /** What it wrote to its console. */
  output(): string;
  kill(): void;
}

export interface HostOptions {
  /** Added to this process's environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Root may run it as another user. */
  readonly uid?: number | undefined;
  /** Switches for Chromium, as the command line has them. */
  readonly switches?: readonly string[];
  /** A packed app's entry and its `resources` folder, instead of the built one's. */
  readonly packed?: { readonly entry: string; readonly resourcesPath: string };
}

/** Starts the app under the double. */
export function startHost({ env, uid, packed, switches = [] }: HostOptions): HostProcess {
  const script = packed?.entry ?? entry;
  if (!existsSync(script)) throw new Error(`${script} is missing: build the app first (npm run build)`);
  const register = new URL('register.ts', import.meta.url).href;
  const child = fork(script, switches, {
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      ...(packed ? { ELECTRON_DOUBLE_RESOURCES: packed.resourcesPath } : {}),
      ...env,
    },
    execArgv: ['--import', register],
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let lastId = 0;
  child.on('message', (message) => {
    const { id, value, error } = message as Answer;
    const waiter = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) waiter?.resolve(value);
    else waiter?.reject(new Error(error));
  });
  const exit = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => {
      for (const waiter of waiting.values()) waiter.reject(new Error(`the host ended with ${String(code)}\n${output}`));
      resolve(code);
    });
  });

  const call: HostProcess['call'] = (method, ...args) => {
    const waiter = Promise.withResolvers<unknown>();
    const message: Call = { id: (lastId += 1), method, args };
    waiting.set(message.id, waiter);
    child.send(message, (error) => {
      if (error) waiter.reject(error);
    });
    return waiter.promise as Promise<never>;
  };

  return {
    pid: child.pid ?? 0,
    call,
    async started() {
      const deadline = performance.now() + 300_000;
      while (!(await call('started'))) {
        if (performance.now() > deadline) throw new Error(`no window was shown\n${output}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    exit,
    output: () => output,
    kill: () => child.kill('SIGKILL'),
  };
}

/** Whether a process with this id is alive. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
