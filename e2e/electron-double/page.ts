import type { ContextBridge, IpcRenderer } from 'electron';
import { readFileSync } from 'node:fs';
import { createContext, Script } from 'node:vm';
import { clone } from './clone.js';
import { strict } from './strict.js';

/** A page after its preload script has run. */
export interface Page {
  /** What the preload script put on `window`, by name. */
  readonly world: ReadonlyMap<string, unknown>;
  /** A message from the main process. */
  deliver(channel: string, args: unknown[]): void;
}

type Invoke = (channel: string, ...args: unknown[]) => Promise<unknown>;
type Listener = (event: unknown, ...args: unknown[]) => void;

/**
 * Runs the built preload script as a sandboxed one runs: as CommonJS, in a world with nothing of Node, where
 * `require` knows `electron` and little else, of which this app may use `electron` alone.
 */
export function openPage(preload: string, invoke: Invoke): Page {
  const world = new Map<string, unknown>();
  const listeners = new Map<string, Set<Listener>>();

  const ipcRenderer = {
    invoke: (channel, ...args: unknown[]) => invoke(channel, ...clone(args)),
    on(channel, listener) {
      listeners.set(channel, (listeners.get(channel) ?? new Set()).add(listener as Listener));
      return undefined as never;
    },
    off(channel, listener) {
      listeners.get(channel)?.delete(listener as Listener);
      return undefined as never;
    },
  } satisfies Pick<IpcRenderer, 'invoke' | 'on' | 'off'>;

  const contextBridge = {
    exposeInMainWorld(key, api) {
      if (world.has(key)) throw new Error(`Cannot bind an API on top of an existing property on the window object`);
      world.set(key, cross(api));
    },
  } satisfies Pick<ContextBridge, 'exposeInMainWorld'>;

  const electron = strict('electron (preload)', {
    ipcRenderer: strict('ipcRenderer', ipcRenderer),
    contextBridge: strict('contextBridge', contextBridge),
  });
  const require = (name: string) => {
    if (name === 'electron') return electron;
    throw new Error(`module not found: ${name}`);
  };
  const context = createContext({ require, exports: {}, module: { exports: {} } });
  new Script(readFileSync(preload, 'utf8'), { filename: preload }).runInContext(context);

  return {
    world,
    deliver(channel, args) {
      for (const listener of listeners.get(channel) ?? []) listener({}, ...args);
    },
  };
}

/** What crosses the context bridge: functions become stand-ins, promises are awaited, everything else is cloned. */
function cross(value: unknown): unknown {
  if (typeof value === 'function') {
    return (...args: unknown[]) => cross((value as (...args: unknown[]) => unknown)(...args.map(cross)));
  }
  if (typeof value !== 'object' || value === null) return value;
  if ('then' in value && typeof value.then === 'function') return Promise.resolve(value).then(cross);
  if (!Object.values(value).some((member) => typeof member === 'function')) return clone(value);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, cross(member)]));
}
