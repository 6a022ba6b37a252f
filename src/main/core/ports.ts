import type { WorkerName } from '../../shared/worker-contract.js';

/** What a host gives the core: the world's edge, and nothing of the app itself. */
export interface Ports {
  readonly host: 'electron' | 'web';
  readonly version: string;
  readonly paths: Paths;
  readonly secrets: SecretStore;
  readonly clock: Clock;
  readonly log: Log;
  /** The network, as the host reaches it: Electron's goes through the system's proxy, except to what is nearby. */
  readonly fetch: typeof fetch;
  spawnWorker(name: WorkerName): WorkerProcess;
}

export interface Paths {
  /** The learner's data; created when missing. May hold any characters. */
  readonly userData: string;
  /** What is shipped with the app: the `resources` folder. */
  readonly resources: string;
  /** The built whisper addon: `botchat_whisper.node`. */
  readonly whisperAddon: string;
}

export interface Clock {
  /** Unix time, ms. */
  now(): number;
}

export interface Log {
  info(message: string, data?: Record<string, unknown>): void;
  warn(message: string, data?: Record<string, unknown>): void;
  error(message: string, data?: Record<string, unknown>): void;
}

/** A place for small secrets, by name. */
export interface SecretStore {
  get(name: string): Promise<string | null>;
  /** Keeps the secret; answers whether it will outlive this run. */
  set(name: string, secret: string): Promise<'keyring' | 'session'>;
  delete(name: string): Promise<void>;
  /** Where `get` would find the secret now. */
  whereIs(name: string): Promise<'none' | 'keyring' | 'session'>;
}

/** A native engine's own process: it may crash, hang or run out of memory without taking the app along. */
export interface WorkerProcess {
  readonly pid: number | undefined;
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, however the process ended. */
  onExit(listener: (code: number | null) => void): void;
  /** Ends the process at once. */
  kill(): void;
}
