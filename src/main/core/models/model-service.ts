import { isAbsolute } from 'node:path';
import type { DownloadView, ModelsView, ModelView } from '../../../shared/contract/models.js';
import { AppError, type ErrorView } from '../../../shared/errors.js';
import type { Model, RecogniserModel, VoiceModel } from '../../../shared/models.js';
import type { Log } from '../ports.js';
import type { Catalogue, CatalogueEntry } from './catalogue.js';
import type { DemoModels } from './demo-models.js';
import { isMirror } from './mirrors.js';
import type { InstallStep, ModelStore } from './model-store.js';
import type { ModelSettings } from './model-settings.js';
import type { Recommendation } from './recommend.js';

/** The models on this machine: what there is, what is on its way, and what is used. */
export interface ModelService {
  /** Those that may be used, the wanted one first; the demo last. */
  recognisers(): readonly [RecogniserModel, ...RecogniserModel[]];
  voices(): readonly [VoiceModel, ...VoiceModel[]];
  /** Which of its speakers a voice speaks with. */
  speaker(voice: VoiceModel): number;
  view(): Promise<ModelsView>;
  /** Begins a download; what becomes of it is told by the view. Rejects with `models/not-found`. */
  install(id: string): Promise<void>;
  pause(id: string): void;
  cancel(id: string): Promise<void>;
  remove(id: string): Promise<void>;
  verify(id: string): Promise<void>;
  use(id: string): Promise<void>;
  setSpeaker(speaker: number): Promise<void>;
  import(path: string): Promise<string>;
  /** See `ModelStore.move`; the engines go over to the files in the new place before the old ones are removed. */
  move(folder: string): Promise<void>;
  setMirrors(mirrors: readonly string[]): Promise<void>;
  /** What is on its way ends, and can be gone on with. Rejects with `models/bad-proxy`. */
  setProxy(proxy: string | null): Promise<void>;
  /** Stops what is on its way; what came is kept. */
  dispose(): Promise<void>;
}

export interface ModelServiceOptions {
  readonly catalogue: Catalogue;
  readonly store: ModelStore;
  /** Whose proxy is set here; null is the system's. */
  readonly network: { readonly proxy: string | null; setProxy(address: string | null): Promise<void> };
  /** Why the store is not where it was wanted. */
  readonly folderError: ErrorView | null;
  readonly demo: DemoModels;
  readonly log: Log;
  readonly settings: {
    readonly current: ModelSettings;
    update(changed: Partial<ModelSettings>): Promise<void>;
  };
  recommendation(): Promise<Recommendation>;
  /** Has an engine go over to the model that is wanted now. Rejects where that does not start. */
  changeModel(kind: Model['kind']): Promise<void>;
  onChange(view: ModelsView): void;
}

interface Running {
  view: DownloadView;
  readonly controller: AbortController;
  done: Promise<void>;
}

/** How often a download's progress is told, ms. */
const tellEveryMs = 250;

/** Opens what is installed. Rejects as the file system does. */
export async function createModelService(options: ModelServiceOptions): Promise<ModelService> {
  const { catalogue, store, demo, settings, log } = options;
  let installed: readonly Model[] = await store.installed();
  const running = new Map<string, Running>();
  /** How many bytes of each absent model are here. */
  let received: ReadonlyMap<string, number> = new Map();
  /** What is wrong with a model. */
  const errors = new Map<string, ErrorView>();
  let moving: ModelsView['moving'] = null;
  let { folderError } = options;
  /** Ends a move that is under way. */
  const closing = new AbortController();
  /** One download at a time: two would each take twice as long. */
  let queue: Promise<void> = Promise.resolve();
  let told = 0;
  let telling: NodeJS.Timeout | null = null;

  await readReceived();

  const recognisersHere = () => installed.filter((model) => model.kind === 'recogniser');
  const voicesHere = () => installed.filter((model) => model.kind === 'voice');

  /** The wanted one; where none is, the largest that hears both languages. Then the smaller ones, then the demo. */
  function recognisers(): readonly [RecogniserModel, ...RecogniserModel[]] {
    const bySize = recognisersHere().sort((one, other) => other.bytes - one.bytes);
    const wanted =
      bySize.find(({ id }) => id === settings.current.recogniser) ??
      bySize.find(({ multilingual }) => multilingual) ??
      bySize[0];
    if (wanted === undefined || settings.current.recogniser === demo.recogniser.id) return [demo.recogniser];
    const smaller = bySize.filter((model) => model.bytes < wanted.bytes && model.multilingual === wanted.multilingual);
    return [wanted, ...smaller, demo.recogniser];
  }

  function voices(): readonly [VoiceModel, ...VoiceModel[]] {
    const here = voicesHere();
    const wanted = here.find(({ id }) => id === settings.current.voice) ?? here[0];
    if (wanted === undefined || settings.current.voice === demo.voice.id) return [demo.voice];
    return [wanted, demo.voice];
  }

  const chosenIds = (): ReadonlySet<string> => new Set([recognisers()[0].id, voices()[0].id]);

  /** Looks for downloads of another day, and of another window: too much to do for each bit of progress. */
  async function readReceived(): Promise<void> {
    const absent = catalogue.models.filter(({ id }) => installed.every((model) => model.id !== id));
    const bytes = await Promise.all(absent.map((entry) => store.received(entry)));
    received = new Map(absent.map(({ id }, index) => [id, bytes[index] ?? 0]));
  }

  async function view(): Promise<ModelsView> {
    const chosen = chosenIds();
    const recommended: readonly string[] = Object.values(await options.recommendation());
    const entries = catalogue.models.map((entry): ModelView => {
      const here = installed.find(({ id }) => id === entry.id);
      return {
        ...viewOf(entry),
        bytes: here?.bytes ?? entry.bytes,
        state: here ? 'installed' : 'absent',
        demo: false,
        bundled: here !== undefined && store.isBundled(here),
        chosen: here !== undefined && chosen.has(here.id),
        recommended: recommended.includes(entry.id),
        download: here ? null : (running.get(entry.id)?.view ?? paused(entry)),
        error: errors.get(entry.id) ?? null,
      };
    });
    const others = [...installed.filter(({ id }) => catalogue.find(id) === null), demo.recogniser, demo.voice];
    return {
      models: [
        ...others.map((model): ModelView => ({
          ...viewOf(model),
          state: 'installed',
          demo: model.demo,
          bundled: model.demo || store.isBundled(model),
          chosen: chosen.has(model.id),
          recommended: false,
          download: null,
          error: errors.get(model.id) ?? null,
        })),
        ...entries,
      ],
      speaker: settings.current.speaker,
      folder: store.folder,
      folderError,
      moving,
      mirrors: settings.current.mirrors,
      proxy: options.network.proxy,
    };
  }

  /** A download that was not finished. */
  function paused(entry: CatalogueEntry): DownloadView | null {
    const bytes = received.get(entry.id) ?? 0;
    return bytes === 0 ? null : { ...untold, state: 'paused', received: bytes, total: entry.bytes };
  }

  /** Tells the interface, but not more often than it can be looked at. */
  function tell(): void {
    if (telling !== null) return;
    const waitMs = Math.max(0, told + tellEveryMs - performance.now());
    telling = setTimeout(() => {
      telling = null;
      told = performance.now();
      view().then(options.onChange, (error: unknown) => {
        log.error('models are not told', { error });
      });
    }, waitMs);
    telling.unref();
  }

  async function refresh(): Promise<void> {
    installed = await store.installed();
    await readReceived();
    tell();
  }

  /** Uses what has come. It stays chosen where the engine does not take it: the engine's view says what runs. */
  async function takeUp(model: Model): Promise<void> {
    errors.delete(model.id);
    await settings.update(model.kind === 'recogniser' ? { recogniser: model.id } : { voice: model.id, speaker: 0 });
    tell();
    await exchange(model.kind, model.id);
  }

  async function exchange(kind: Model['kind'], id: string): Promise<void> {
    try {
      await options.changeModel(kind);
    } catch (error) {
      log.warn('a model was not taken up', { id, error });
      errors.set(id, viewOfError(error));
    }
    tell();
  }

  async function run(entry: CatalogueEntry, current: Running): Promise<void> {
    const { signal } = current.controller;
    try {
      signal.throwIfAborted();
      const model = await store.install(entry, {
        signal,
        onProgress: (step) => {
          current.view = stepView(step, current.view);
          tell();
        },
      });
      running.delete(entry.id);
      await refresh();
      await takeUp(model);
    } catch (error) {
      await readReceived();
      if (signal.aborted) running.delete(entry.id);
      else {
        log.warn('a model was not installed', { id: entry.id, error });
        current.view = { ...current.view, state: 'failed', bytesPerSecond: null, error: viewOfError(error) };
      }
      tell();
    }
  }

  /** Stops a download and waits until its file is closed. */
  async function stop(id: string): Promise<void> {
    const current = running.get(id);
    current?.controller.abort(new AppError('app/internal', 'stopped'));
    await current?.done;
    running.delete(id);
  }

  const entryOf = (id: string): CatalogueEntry => {
    const entry = catalogue.find(id);
    if (entry === null) throw new AppError('models/not-found', id);
    return entry;
  };
  const modelOf = (id: string): Model => {
    const model = [...installed, demo.recogniser, demo.voice].find((each) => each.id === id);
    if (model === undefined) throw new AppError('models/not-found', id);
    return model;
  };

  return {
    recognisers,
    voices,
    speaker: (voice) =>
      voice.id === voices()[0].id && settings.current.speaker < voice.speakers ? settings.current.speaker : 0,
    async view() {
      await readReceived();
      return view();
    },

    async install(id) {
      const entry = entryOf(id);
      const before = running.get(id);
      if (before !== undefined && before.view.state !== 'failed') return;
      errors.delete(id);
      const current: Running = {
        controller: new AbortController(),
        view: { ...untold, state: 'waiting', received: await store.received(entry), total: entry.bytes },
        done: Promise.resolve(),
      };
      running.set(id, current);
      queue = queue.then(() => run(entry, current));
      current.done = queue;
      tell();
    },

    pause(id) {
      running.get(id)?.controller.abort(new AppError('app/internal', 'paused'));
      tell();
    },

    async cancel(id) {
      const entry = entryOf(id);
      await stop(id);
      await store.forget(entry);
      await readReceived();
      tell();
    },

    async remove(id) {
      const model = modelOf(id);
      if (model.demo || store.isBundled(model)) throw new AppError('models/not-found', id);
      const wasChosen = chosenIds().has(id);
      // First the engine lets go of its files: Windows removes none that is open.
      installed = installed.filter((each) => each.id !== id);
      if (wasChosen) await exchange(model.kind, id);
      await store.remove(id);
      errors.delete(id);
      await refresh();
    },

    async verify(id) {
      if (modelOf(id).demo) return;
      try {
        await store.verify(id);
        errors.delete(id);
      } catch (error) {
        errors.set(id, viewOfError(error));
        throw error;
      } finally {
        await refresh();
      }
    },

    async use(id) {
      await takeUp(modelOf(id));
    },

    async setSpeaker(speaker) {
      await settings.update({ speaker });
      tell();
    },

    async import(path) {
      const model = await store.import(path);
      await refresh();
      await takeUp(model);
      return model.id;
    },

    async move(folder) {
      if (!isAbsolute(folder)) throw new AppError('models/unwritable', folder);
      if (moving !== null) throw new AppError('models/in-progress', folder);
      moving = { moved: 0, total: 0 };
      try {
        await Promise.all([...running.keys()].map(stop));
        const removeFormer = await store.move(folder, {
          signal: closing.signal,
          onProgress: (moved, total) => {
            moving = { moved, total };
            tell();
          },
        });
        await settings.update({ folder: store.folder });
        folderError = null;
        await refresh();
        // An engine has its files open: Windows would not let go of them.
        for (const { kind, id, demo: isDemo } of [recognisers()[0], voices()[0]]) if (!isDemo) await exchange(kind, id);
        await removeFormer();
      } finally {
        moving = null;
        tell();
      }
    },

    async setMirrors(mirrors) {
      const wrong = mirrors.find((mirror) => !isMirror(mirror));
      if (wrong !== undefined) throw new AppError('models/bad-mirror', wrong);
      await settings.update({ mirrors });
      tell();
    },

    async setProxy(proxy) {
      await options.network.setProxy(proxy);
      tell();
    },

    async dispose() {
      closing.abort(new AppError('app/internal', 'closing'));
      if (telling !== null) clearTimeout(telling);
      await Promise.all([...running.keys()].map(stop));
    },
  };
}

const untold = { bytesPerSecond: null, host: null, error: null } as const;

function stepView(step: InstallStep, before: DownloadView): DownloadView {
  if (step.kind === 'unpack') return { ...before, ...untold, state: 'unpacking', received: before.total };
  const { received, total, bytesPerSecond, host } = step;
  return { state: 'downloading', received, total, bytesPerSecond, host, error: null };
}

const viewOfError = (error: unknown): ErrorView =>
  error instanceof AppError
    ? { code: error.code, detail: error.message }
    : { code: 'app/internal', detail: String(error) };

/** What a list shows of a model, from the catalogue or from its files. */
function viewOf(model: CatalogueEntry | Model) {
  const isRecogniser = model.kind === 'recogniser';
  const count = isRecogniser ? 0 : typeof model.speakers === 'number' ? model.speakers : model.speakers.count;
  const names = isRecogniser || typeof model.speakers === 'number' ? null : model.speakers.names;
  return {
    id: model.id,
    kind: model.kind,
    name: model.name,
    bytes: model.bytes,
    multilingual: isRecogniser && model.multilingual,
    accent: 'accent' in model ? model.accent : null,
    speakers: names ?? Array.from({ length: count }, (_, index) => String(index + 1)),
    licence: 'licence' in model ? model.licence : null,
  };
}
