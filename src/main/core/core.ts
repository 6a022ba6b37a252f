import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { StatusView } from '../../shared/contract/app.js';
import { openSettings } from './account/settings-service.js';
import { createChatService } from './chat/chat-service.js';
import { openDatabase, profileError } from './data/database.js';
import { createEventHub, type EventListener } from './events.js';
import { createHandlers } from './handlers/handlers.js';
import { readDemoModels } from './models/demo-models.js';
import type { Ports } from './ports.js';
import { createRouter, type Router } from './router.js';
import { createClipStore } from './speech/clip-store.js';
import { createRecogniser } from './speech/recogniser.js';
import { createVoice } from './speech/voice.js';
import { createTakeService } from './turn/take-service.js';
import { createTopicService } from './turn/topic-service.js';
import { createTurnService } from './turn/turn-service.js';

/** The profile of a learner who has not signed in. */
const localProfile = 'local';

/** The app, whichever host it runs in. */
export interface Core {
  readonly router: Router;
  /** Subscribes to everything the core tells its interface; returns the function that ends it. */
  onEvent(listener: EventListener): () => void;
  /** Warms the engines. The core answers requests before that, too. */
  start(): void;
  /** Stops what runs, saves what can be saved, and closes the profile. */
  dispose(): Promise<void>;
}

/**
 * Opens the learner's profile and builds the services, in the order in which they need each other.
 * Rejects with a `profile/…` error when the profile cannot be opened.
 */
export async function createCore(ports: Ports): Promise<Core> {
  const { clock, log, secrets, paths } = ports;
  const events = createEventHub();

  const profile = join(paths.userData, 'profiles', localProfile);
  await mkdir(profile, { recursive: true }).catch((error: unknown) => {
    throw profileError(error);
  });
  const db = await openDatabase(join(profile, 'botchat.db'));

  const demo = await readDemoModels(paths.resources);
  const onChange = () => {
    void announceStatus();
  };
  const recogniser = createRecogniser({
    addonPath: paths.whisperAddon,
    model: demo.recogniser,
    log,
    spawn: () => ports.spawnWorker('whisper'),
    onChange,
  });
  const voice = createVoice({ model: demo.voice, log, spawn: () => ports.spawnWorker('sherpa'), onChange });

  const settings = await openSettings(db, () => {
    void announceSettings();
  });
  const chat = createChatService({
    secrets,
    keyName: `${localProfile}/chat-key`,
    settings: () => settings.current,
    fetch: ports.fetch,
    clock,
  });

  const clips = createClipStore(join(profile, 'clips'), clock);
  const turns = createTurnService({ db, clips, voice, partner: chat.partner, events, clock, log });
  const takes = createTakeService({
    db,
    folder: join(profile, 'takes'),
    recogniser,
    turns,
    spokenLanguage: () => settings.current.spokenLanguage,
    events,
    clock,
    log,
  });
  const topics = createTopicService({
    db,
    userId: localProfile,
    turns,
    takes,
    clips,
    partner: chat.partner,
    events,
    clock,
  });
  await turns.recover();
  await takes.recover();

  async function status(): Promise<StatusView> {
    return {
      recogniser: recogniser.view,
      voice: voice.view,
      partner: await chat.partnerView(),
      demoPhrases: demo.phrases,
    };
  }
  async function announceStatus(): Promise<void> {
    events.emit('app.status', { status: await status() });
  }

  async function announceSettings(): Promise<void> {
    events.emit('settings.changed', { settings: settings.current, chatKey: await chat.keyState() });
    await announceStatus();
  }

  const handlers = createHandlers({
    ports,
    db,
    status,
    settings,
    chat,
    announceSettings,
    recogniser,
    voice,
    topics,
    takes,
    turns,
  });

  return {
    router: createRouter(handlers, log),
    onEvent: events.on,

    start() {
      void recogniser.warmUp();
      void voice.warmUp();
    },

    async dispose() {
      await takes.dispose();
      await turns.settle();
      recogniser.dispose();
      voice.dispose();
      await db.destroy();
    },
  };
}
