import { parseArgs } from 'node:util';
import { AppError } from '../../../shared/errors.js';
import type { Model } from '../../../shared/models.js';
import type { Catalogue, CatalogueEntry } from './catalogue.js';
import type { InstallStep, ModelStore } from './model-store.js';
import { recommend, starterPair, type MachineFacts, type Recommendation } from './recommend.js';

export const modelsUsage = `Usage: npm run models -- COMMAND [options]

  list                what is installed, and what can be
  recommend           what suits this machine;   --install: and install it
  install ID…         download, check and unpack; what is here already of a download is gone on with
  starter             install the pair that makes a machine without a GPU usable, about 80 MB
  verify [ID…]        read every file again; what has changed is set aside
  remove ID…
  import PATH…        take in a copy of a file, an archive or a folder

      --folder FOLDER       keep the models there (default: where the app keeps them)
      --user-data FOLDER    the app's own folder (default: that of this system)
      --proxy ADDRESS       through this HTTP proxy, e.g. http://name:password@proxy.example:8080 (default: the one that
                            is set in the app)
      --mirror MIRROR       look here first, as often as there are any: a folder that holds the files, or an address
                            with {file} or {url} in it

HTTP_PROXY, HTTPS_PROXY and NO_PROXY are followed where no proxy is set.`;

export const modelsOptions = {
  folder: { type: 'string' },
  'user-data': { type: 'string' },
  proxy: { type: 'string' },
  mirror: { type: 'string', multiple: true },
  install: { type: 'boolean', default: false },
} as const;

export interface ModelsCommand {
  readonly store: ModelStore;
  readonly catalogue: Catalogue;
  readonly signal: AbortSignal;
  machine(): Promise<MachineFacts>;
  print(line: string): void;
  /** What is told while something is on its way, and is of no interest afterwards. */
  progress(line: string): void;
}

/**
 * The store without a window, for whoever looks after many machines: does what the arguments say and answers the code
 * that the process ends with, 0 where all went well. Rejects with the signal's reason.
 */
export async function runModelsCommand(args: readonly string[], command: ModelsCommand): Promise<number> {
  const { store, catalogue, print, signal } = command;
  const { values, positionals } = parseArgs({ args: [...args], options: modelsOptions, allowPositionals: true });
  const [name, ...given] = positionals;

  /** Does it for each, even where one before it failed. */
  async function each(things: readonly string[], work: (thing: string) => Promise<string>): Promise<number> {
    let failures = 0;
    for (const thing of things) {
      try {
        print(`${thing}: ${await work(thing)}`);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof AppError)) throw error;
        failures += 1;
        print(`${thing}: ${error.code}: ${error.message}`);
      }
    }
    return failures === 0 ? 0 : 1;
  }

  const install = (ids: readonly string[]) =>
    each(ids, async (id) => {
      const entry = catalogue.find(id);
      if (entry === null) throw new AppError('models/not-found', 'no such model; `list` names them');
      const here = (await store.installed()).find((model) => model.id === id);
      if (here !== undefined) return 'is installed already';
      const onProgress = (step: InstallStep) => {
        command.progress(progressLine(entry, step));
      };
      return `installed, ${size((await store.install(entry, { signal, onProgress })).bytes)}`;
    });

  const commands: Record<string, () => Promise<number>> = {
    async list() {
      const installed = await store.installed();
      for (const model of installed) print(`installed  ${modelLine(model)}`);
      for (const entry of catalogue.models.filter(({ id }) => installed.every((model) => model.id !== id))) {
        const received = await store.received(entry);
        print(`${received > 0 ? 'begun    ' : 'available'}  ${entryLine(entry)}`);
      }
      print(store.folder);
      return 0;
    },
    async recommend() {
      const machine = await command.machine();
      const ids = bothOf(recommend(machine));
      print(machineLine(machine));
      for (const id of ids) print(entryLine(entryOf(catalogue, id)));
      return values.install ? install(ids) : 0;
    },
    install: () => install(given),
    starter: () => install(bothOf(starterPair)),
    async verify() {
      const ids = given.length > 0 ? given : (await store.installed()).map(({ id }) => id);
      return each(ids, async (id) => {
        await store.verify(id);
        return 'as it was installed';
      });
    },
    remove: () =>
      each(given, async (id) => {
        await store.remove(id);
        return 'removed';
      }),
    import: () =>
      each(given, async (path) => {
        const model = await store.import(path);
        return `imported as ${modelLine(model)}`;
      }),
  };

  const needsNames = ['install', 'remove', 'import'];
  const takesNames = [...needsNames, 'verify'];
  const run = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
  const isWellFormed = run && (given.length > 0 ? takesNames.includes(name ?? '') : !needsNames.includes(name ?? ''));
  if (!isWellFormed) {
    print(modelsUsage);
    return 2;
  }
  return run();
}

/** The recommendation's own ids are in the catalogue; a test holds them to it. */
function entryOf(catalogue: Catalogue, id: string): CatalogueEntry {
  const entry = catalogue.find(id);
  if (entry === null) throw new AppError('models/not-found', id);
  return entry;
}

const bothOf = ({ recogniser, voice }: Recommendation): readonly string[] => [recogniser, voice];

const size = (bytes: number): string => `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;

function modelLine(model: Model): string {
  const about =
    model.kind === 'recogniser'
      ? `${model.multilingual ? 'Chinese and English' : 'English only'}, ${model.quantisation}`
      : `${String(model.speakers)} ${model.speakers === 1 ? 'speaker' : 'speakers'}`;
  return [model.id, model.kind, size(model.bytes), about, model.name].join('  ');
}

const entryLine = ({ id, kind, bytes, licence, name }: CatalogueEntry): string =>
  [id, kind, size(bytes), licence, name].join('  ');

function machineLine({ cores, memoryBytes, gpu, freeBytes }: MachineFacts): string {
  const parts = [
    `${String(cores)} processors`,
    `${size(memoryBytes)} of memory`,
    gpu === null ? 'no GPU known' : 'a GPU',
    freeBytes === null ? 'free disk not known' : `${size(freeBytes)} free`,
  ];
  return `this machine: ${parts.join(', ')}`;
}

function progressLine({ id }: CatalogueEntry, step: InstallStep): string {
  if (step.kind === 'unpack') return `${id}: unpacking`;
  const speed = step.bytesPerSecond === null ? '' : `, ${size(step.bytesPerSecond)}/s`;
  const share = Math.floor((100 * step.received) / step.total);
  return `${id}: ${String(share)} % of ${size(step.total)}${speed}, from ${step.host}`;
}
