import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { EventName, Events, Input, Output, Route } from '../../../shared/contract/contract.js';
import { recordingSampleRateHz, vadWindowSamples } from '../../../shared/audio-format.js';
import type { Result } from '../../../shared/errors.js';
import type {
  ComputeDevice,
  FromWorker,
  SherpaMethods,
  ToWorker,
  Transcription,
  WhisperMethods,
  WorkerName,
} from '../../../shared/worker-contract.js';
import { serve, type WorkerHandlers } from '../../workers/serve.js';
import { createArchiveHandlers } from '../../workers/archive/handlers.js';
import { createCore, type Core } from '../core.js';
import { openFileLog } from '../file-log.js';
import type { EngineLimits } from '../speech/engine.js';
import type { Catalogue } from '../models/catalogue.js';
import type { Log, Ports, SecretStore, WorkerProcess } from '../ports.js';
import type { AccountStore } from '../sync/account-store.js';
import { profileNameOf } from '../account/profile-name.js';
import { formatConnectionString } from '../sync/connection-string.js';

/** What the fake engines do; tests change it as they go. */
export interface FakeEngines {
  /** What the next take will be understood as; an error is thrown. */
  hear: string | Error | (() => Promise<string>);
  /** How the voice says a text; by default 100 ms of tone for each word. */
  speak: (text: string, signal: AbortSignal) => Promise<Int16Array>;
  /** What each transcription was to go on from; null: nothing. */
  readonly prompts: (string | null)[];
  /** How often a worker was started. */
  readonly starts: Record<Exclude<WorkerName, 'archive'>, number>;
  /** The running workers, newest last. */
  readonly workers: { readonly name: WorkerName; readonly process: WorkerProcess }[];
}

/** A core on a temporary profile, with fake engines and no network; everything else is real. */
export interface Harness {
  readonly core: Core;
  readonly engines: FakeEngines;
  readonly folder: string;
  readonly events: readonly { readonly name: EventName; readonly payload: Events[EventName] }[];
  /** Asks the core and expects it to succeed. */
  ask<R extends Route>(route: R, input: Input<R>): Promise<Output<R>>;
  /** Asks the core; answers the envelope. */
  request<R extends Route>(route: R, input: Input<R>): Promise<Result<Output<R>>>;
  /** Resolves with the first event, past or future, for which `test` holds. */
  event<E extends EventName>(name: E, test?: (payload: Events[E]) => boolean): Promise<Events[E]>;
  /** Records a take of `seconds` of tone and finishes it. */
  record(topicId: string, seconds?: number): Promise<Result<Output<'take.finish'>>>;
  /** Closes this core and opens another on the same profile. */
  restart(): Promise<Harness>;
  close(): Promise<void>;
}

export interface HarnessOptions {
  readonly folder?: string;
  readonly fetch?: typeof fetch;
  readonly secrets?: SecretStore;
  /** Log into the profile's folder, as the hosts do. */
  readonly logToFile?: boolean;
  /** Real workers in place of the fake engines. */
  readonly spawnWorker?: Ports['spawnWorker'];
  readonly whisperAddon?: string;
  readonly limits?: EngineLimits;
  /** The store of every account, in place of a MySQL server. */
  readonly accountStore?: AccountStore;
  readonly catalogue?: Catalogue;
}

const storeAddress = {
  host: 'store.example',
  port: 3306,
  schema: 'botchat',
  clientPassword: 'x',
  certificateName: 'store.example',
  ca: [],
} as const;

/** The name of the profile that `loginForm` opens. */
export const profileOf = (accountId: string): string => profileNameOf(storeAddress, accountId) ?? '';

/** A form that signs in or registers at a harness's `accountStore`. */
export const loginForm = {
  connectionString: formatConnectionString(storeAddress),
  name: 'xiaoming',
  password: 'correct horse',
} as const;

export const memorySecrets = (): SecretStore => {
  const secrets = new Map<string, string>();
  return {
    get: (name) => Promise.resolve(secrets.get(name) ?? null),
    set: (name, secret) => {
      secrets.set(name, secret);
      return Promise.resolve('session');
    },
    delete: (name) => {
      secrets.delete(name);
      return Promise.resolve();
    },
    whereIs: (name) => Promise.resolve(secrets.has(name) ? 'session' : 'none'),
  };
};

export async function createHarness(options: HarnessOptions = {}): Promise<Harness> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'botchat 测试 ')));
  const secrets = options.secrets ?? memorySecrets();
  const engines = createFakeEngines();
  const errors: unknown[] = [];
  const noDefects: Log = {
    info: () => undefined,
    warn: () => undefined,
    error: (message, data) => errors.push({ message, data }),
  };
  const ports: Ports = {
    host: 'web',
    version: '0.0.0-test',
    paths: {
      userData: folder,
      resources: resolve(import.meta.dirname, '../../../../resources'),
      whisperAddon: options.whisperAddon ?? 'fake',
    },
    secrets,
    clock: { now: () => Date.now() },
    log: options.logToFile ? openFileLog(join(folder, 'logs')) : noDefects,
    fetch: options.fetch ?? (() => Promise.reject(new Error('no network in this test'))),
    spawnWorker: options.spawnWorker ?? ((name) => engines.spawn(name)),
  };
  const { accountStore } = options;
  const core = await createCore(ports, {
    ...(options.limits ? { limits: options.limits } : {}),
    ...(options.catalogue ? { catalogue: options.catalogue } : {}),
    ...(accountStore ? { createStore: () => accountStore } : {}),
  });

  const events: { name: EventName; payload: Events[EventName] }[] = [];
  const waiting = new Set<() => void>();
  core.onEvent((name, payload) => {
    events.push({ name, payload });
    for (const check of waiting) check();
  });

  async function request<R extends Route>(route: R, input: Input<R>): Promise<Result<Output<R>>> {
    return (await core.router.dispatch(route, input)) as Result<Output<R>>;
  }

  async function ask<R extends Route>(route: R, input: Input<R>): Promise<Output<R>> {
    const result = await request(route, input);
    if (!result.ok) throw new Error(`${route}: ${result.error.code} ${result.error.detail ?? ''}`);
    return result.value;
  }

  function event<E extends EventName>(name: E, test: (payload: Events[E]) => boolean = () => true): Promise<Events[E]> {
    return new Promise((found, notFound) => {
      const timer = setTimeout(() => {
        waiting.delete(check);
        notFound(new Error(`no ${name} came; defects: ${JSON.stringify(errors)}`));
      }, 120_000);
      const check = () => {
        const match = events.find((each) => each.name === name && test(each.payload as Events[E]));
        if (!match) return;
        clearTimeout(timer);
        waiting.delete(check);
        found(match.payload as Events[E]);
      };
      waiting.add(check);
      check();
    });
  }

  async function record(topicId: string, seconds = 1) {
    const { id: takeId } = await ask('take.start', { topicId });
    const chunk = toneBytes(0.1);
    for (let sequence = 0; sequence < seconds * 10; sequence += 1)
      await ask('take.append', { takeId, sequence, pcm: chunk });
    return request('take.finish', { takeId });
  }

  return {
    core,
    engines,
    folder,
    events,
    ask,
    request,
    event,
    record,
    async restart() {
      await core.dispose();
      return createHarness({ ...options, folder, secrets });
    },
    async close() {
      await core.dispose();
      // What the engines write for themselves may still be on its way.
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** A 440 Hz tone at half of full scale, as the bytes of 16 kHz Int16 samples. */
export function toneBytes(seconds: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(tone(seconds, recordingSampleRateHz).buffer);
}

export function tone(seconds: number, sampleRateHz: number): Int16Array<ArrayBuffer> {
  const samples = new Int16Array(Math.round(seconds * sampleRateHz));
  return samples.map((_, index) => Math.round(16_000 * Math.sin((2 * Math.PI * 440 * index) / sampleRateHz)));
}

function createFakeEngines(): FakeEngines & { spawn(name: WorkerName): WorkerProcess } {
  const engines: FakeEngines = {
    hear: 'Nice to meet you.',
    speak: (text) => Promise.resolve(tone(0.1 * text.split(/\s+/).length, 16_000)),
    prompts: [],
    starts: { whisper: 0, sherpa: 0 },
    workers: [],
  };
  const whisper: WorkerHandlers<WhisperMethods> = {
    devices: () => Promise.resolve({ devices: [{ kind: 'cpu', name: 'fake' }], missingLibrary: null }),
    load: () => Promise.resolve({ device: fakeDevice }),
    // Whatever can be heard is speech.
    detectSpeech: ({ samples }) =>
      Promise.resolve({
        speech: Array.from({ length: Math.floor(samples.length / vadWindowSamples) }, (_, index) =>
          samples
            .subarray(index * vadWindowSamples, (index + 1) * vadWindowSamples)
            .some((sample) => Math.abs(sample) > 300),
        ),
      }),
    detectLanguage: () => Promise.resolve({ en: 0.5, zh: 0.5 }),
    async transcribe({ prompt }) {
      engines.prompts.push(prompt ?? null);
      const heard = typeof engines.hear === 'function' ? await engines.hear() : engines.hear;
      if (heard instanceof Error) throw heard;
      return transcription(heard);
    },
  };
  const sherpa: WorkerHandlers<SherpaMethods> = {
    findPack: () => Promise.resolve({ folder: null }),
    load: () => Promise.resolve({ sampleRateHz: 16_000, device: fakeDevice }),
    synthesise: async ({ text }, signal) => ({ samples: await engines.speak(text, signal), sampleRateHz: 16_000 }),
  };
  return Object.assign(engines, {
    spawn(name: WorkerName) {
      // Nothing of that one needs to be pretended.
      if (name === 'archive')
        return inProcessWorker((port) => {
          serve(createArchiveHandlers(), port);
        });
      engines.starts[name] += 1;
      const process = inProcessWorker((port) => {
        if (name === 'whisper') serve(whisper, port);
        else serve(sherpa, port);
      });
      engines.workers.push({ name, process });
      return process;
    },
  });
}

const fakeDevice: ComputeDevice = { kind: 'cpu', name: 'fake' };

/** A text as the recogniser would answer it, quite sure of every word, each of 200 ms. */
export function transcription(text: string, averageLogProbability = -0.1): Transcription {
  const words = text.match(/\s*\S+/g) ?? [];
  const tokens = words.map((word, index) => ({
    text: word,
    probability: 0.9,
    startMs: index * 200,
    endMs: (index + 1) * 200,
  }));
  const segment = {
    text,
    startMs: 0,
    endMs: words.length * 200,
    noSpeechProbability: 0,
    averageLogProbability,
    tokens,
  };
  return { segments: words.length === 0 ? [] : [segment], elapsedMs: 1 };
}

/** A worker that speaks the real protocol, in this process. Killing it silences it, as a killed process is silent. */
export function inProcessWorker(
  start: (port: { post(message: FromWorker): void; onMessage(listener: (message: ToWorker) => void): void }) => void,
): WorkerProcess {
  let toWorker: ((message: ToWorker) => void) | null = null;
  let toCore: ((message: unknown) => void) | null = null;
  const exits: ((code: number | null) => void)[] = [];
  let alive = true;
  start({
    post: (message) => {
      const copy = structuredClone(message);
      queueMicrotask(() => {
        if (alive) toCore?.(copy);
      });
    },
    onMessage: (listener) => (toWorker = listener),
  });
  return {
    pid: undefined,
    post: (message) => {
      const copy = structuredClone(message) as ToWorker;
      queueMicrotask(() => {
        if (alive) toWorker?.(copy);
      });
    },
    onMessage: (listener) => (toCore = listener),
    onExit: (listener) => exits.push(listener),
    kill: () => {
      if (!alive) return;
      alive = false;
      queueMicrotask(() => {
        for (const exit of exits) exit(null);
      });
    },
  };
}
