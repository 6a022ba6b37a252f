import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { StatusView } from '../../shared/contract/app.js';
import { AppError, type ErrorView } from '../../shared/errors.js';
import { readAccountRecord } from './account/account-record.js';
import { createAccountService, type AccountSession } from './account/account-service.js';
import { createLocalHistory } from './account/local-history.js';
import { openMachineSettings } from './account/machine-settings.js';
import { removePatiently, renamePatiently } from './data/patient-files.js';
import { createActivity } from './activity.js';
import { createEventHub, type EventListener } from './events.js';
import { createHandlers } from './handlers/handlers.js';
import { createUnpacker } from './models/archive-unpacker.js';
import { readCatalogue, type Catalogue } from './models/catalogue.js';
import { readDemoModels } from './models/demo-models.js';
import { readMachineFacts } from './models/machine-facts.js';
import { createModelService } from './models/model-service.js';
import { openModelSettings } from './models/model-settings.js';
import { openModelStore, type ModelStore } from './models/model-store.js';
import { recommend } from './models/recommend.js';
import { createNetwork } from './network.js';
import type { Ports } from './ports.js';
import { localProfile, openProfile, profileFolder, type Profile } from './profile.js';
import { createRouter, type Router } from './router.js';
import { engineLimits, type EngineLimits } from './speech/engine.js';
import { openProbeMemory } from './speech/probe-memory.js';
import { createRecogniser } from './speech/recogniser.js';
import { createVoice } from './speech/voice.js';
import type { AccountStore } from './sync/account-store.js';
import type { StoreAddress } from './sync/connection-string.js';
import { createMySqlAccountStore } from './sync/mysql-account-store.js';

/** The app, whichever host it runs in. */
export interface Core {
  readonly router: Router;
  /** Subscribes to everything the core tells its interface; returns the function that ends it. */
  onEvent(listener: EventListener): () => void;
  /** Warms the engines and begins to sync. The core answers requests before that, too. */
  start(): void;
  /** Stops what runs, saves what can be saved, and closes the profile. */
  dispose(): Promise<void>;
}

export interface CoreOptions {
  /** How patient to be with the engines. */
  readonly limits?: EngineLimits;
  /** How to reach an account store, where that is not over MySQL. */
  readonly createStore?: (address: StoreAddress) => AccountStore;
  /** What models can be had, where that is not what comes with the app. */
  readonly catalogue?: Catalogue;
}

/**
 * Opens the learner's profile and builds the services, in the order in which they need each other.
 * Rejects with a `profile/…` error when the profile cannot be opened.
 */
export async function createCore(host: Ports, options: CoreOptions = {}): Promise<Core> {
  const { limits = engineLimits } = options;
  const { log, secrets, paths } = host;
  const events = createEventHub();

  // What is this machine's, whoever uses it.
  const demo = await readDemoModels(paths.resources);
  const machine = await openMachineSettings(join(paths.userData, 'machine.json'), log);
  const activity = createActivity();
  const onChange = () => {
    void announceStatus();
  };
  const modelSettings = await openModelSettings(join(paths.userData, 'models.json'), log);
  const network = createNetwork({ fetch: host.fetch, secrets, settings: modelSettings });
  /** The host's, with the network as it was set. */
  const ports: Ports = { ...host, fetch: network.fetch };
  const openStore = (folder: string) =>
    openModelStore({
      folder,
      bundled: join(paths.resources, 'starter'),
      fetch: ports.fetch,
      clock: ports.clock,
      log,
      mirrors: () => modelSettings.current.mirrors,
      unpack: createUnpacker(() => ports.spawnWorker('archive')),
    });
  const chosenFolder = modelSettings.current.folder;
  let folderError: ErrorView | null = null;
  let store: ModelStore;
  try {
    // Of a disk that is not there no folder is made in its place.
    if (chosenFolder !== null && !existsSync(chosenFolder)) throw new AppError('models/unwritable', chosenFolder);
    store = await openStore(chosenFolder ?? join(paths.userData, 'models'));
  } catch (error) {
    if (chosenFolder === null) throw error;
    log.warn('the folder of the models cannot be used', { error });
    folderError = { code: 'models/unwritable', detail: chosenFolder };
    store = await openStore(join(paths.userData, 'models'));
  }
  const models = await createModelService({
    catalogue: options.catalogue ?? (await readCatalogue(paths.resources)),
    store,
    network,
    folderError,
    demo,
    log,
    settings: modelSettings,
    recommendation: async () => recommend(await readMachineFacts(store.folder, recogniser.view.device)),
    changeModel: (kind) => (kind === 'recogniser' ? recogniser : voice).changeModel(activity.quiet),
    onChange: (view) => {
      events.emit('models.changed', view);
    },
  });
  const recogniser = createRecogniser({
    addonPath: paths.whisperAddon,
    vadModelPath: join(paths.resources, 'vad', 'silero-v5.onnx'),
    models: models.recognisers,
    memory: openProbeMemory(join(paths.userData, 'gpu-trials.json'), log),
    limits,
    log,
    spawn: () => ports.spawnWorker('whisper'),
    onChange,
  });
  const voice = createVoice({
    models: models.voices,
    speaker: models.speaker,
    userData: paths.userData,
    limits,
    log,
    spawn: () => ports.spawnWorker('sherpa'),
    onChange,
  });

  // What is one learner's.
  const open = (session: AccountSession | null): Promise<Profile> =>
    openProfile({
      ports,
      events,
      activity,
      recogniser,
      voice,
      machine,
      session,
      onSettings: () => void announceSettings(),
    });
  const localHistory = createLocalHistory({
    folder: profileFolder(paths.userData, localProfile),
    clock: ports.clock,
    log,
    account() {
      if (profile.sync === null) throw new AppError('account/not-signed-in');
      return profile.data;
    },
  });
  const accounts = createAccountService({
    userData: paths.userData,
    record: await readAccountRecord(paths.userData),
    secrets,
    log,
    createStore:
      options.createStore ??
      ((address) =>
        createMySqlAccountStore({
          address,
          onRetry: (routine, error) => {
            log.warn('account store call is tried again', { routine, code: error.code });
          },
        })),
    open: changeProfile,
    async adoptProfile(from, to) {
      const [older, newer] = [profileFolder(paths.userData, from), profileFolder(paths.userData, to)];
      if (!existsSync(older) || existsSync(newer)) return;
      for (const [old, now] of [
        [`${from}/chat-key`, `${to}/chat-key`],
        [`account/${from}/token`, `account/${to}/token`],
      ] as const) {
        const secret = await secrets.get(old);
        if (secret === null) continue;
        await secrets.set(now, secret);
        await secrets.delete(old);
      }
      await renamePatiently(older, newer);
    },
    async removeProfile(name) {
      await secrets.delete(`${name}/chat-key`);
      await removePatiently(profileFolder(paths.userData, name));
    },
    // While somebody signs in, the local profile is still the open one.
    countLocalTopics: async () => (profile.sync === null ? 0 : await localHistory.count()),
  });
  let session = await accounts.resume();
  let profile = await open(session).catch(async (error: unknown) => {
    // Another app has it open: two would each believe in their own memory.
    if (session === null || (error instanceof AppError && error.code === 'profile/in-use')) throw error;
    log.warn('the account’s profile does not open', { error });
    accounts.suspend(error);
    session = null;
    return open(null);
  });
  // Only now: what an older app kept in the profile has become the machine's by opening it.
  recogniser.setComputeDevice(machine.current.computeDevice);

  /** Closes one learner's profile and opens another's. Nothing of the first is visible or sent after that. */
  async function changeProfile(next: AccountSession | null): Promise<void> {
    const { settings, name } = profile;
    await profile.dispose();
    try {
      profile = await open(next);
      session = next;
    } catch (error) {
      // Better the one that was open than none.
      profile = await open(session);
      await profile.sync?.start();
      throw error;
    }
    if (next && profile.settings.isFresh) {
      // New on this machine: it begins with the settings it was signed in with.
      await profile.settings.update(settings.current);
      const key = await secrets.get(`${name}/chat-key`);
      if (key !== null) await profile.chat.setKey(key);
    }
    await profile.sync?.start();
    events.emit('account.changed', { account: await accounts.view() });
    await announceStatus();
  }

  async function status(): Promise<StatusView> {
    return {
      recogniser: recogniser.view,
      voice: voice.view,
      partner: await profile.chat.partnerView(),
      demoPhrases: recogniser.view.demo ? demo.phrases : null,
    };
  }
  async function announceStatus(): Promise<void> {
    events.emit('app.status', { status: await status() });
  }
  async function announceSettings(): Promise<void> {
    const { settings, chat } = profile;
    recogniser.setComputeDevice(machine.current.computeDevice);
    // Asked for first: what is told is how things are when it is told, however long the key ring took.
    const chatKey = await chat.keyState();
    events.emit('settings.changed', { settings: settings.current, chatKey });
    await announceStatus();
  }

  const handlers = createHandlers({
    ports,
    profile: () => profile,
    accounts,
    localHistory,
    events,
    status,
    announceSettings,
    models,
    recogniser,
    voice,
  });

  return {
    router: createRouter(handlers, log),
    onEvent: events.on,

    start() {
      void recogniser.warmUp();
      void voice.warmUp();
      void profile.sync?.start();
    },

    async dispose() {
      await models.dispose();
      await profile.dispose();
      recogniser.dispose();
      voice.dispose();
      await network.close();
    },
  };
}
