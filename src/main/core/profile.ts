import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { SyncView } from '../../shared/contract/account.js';
import { AppError } from '../../shared/errors.js';
import type { AccountSession } from './account/account-service.js';
import type { ProfileData } from './account/local-history.js';
import type { MachineSettingsService } from './account/machine-settings.js';
import { openSettings, type SettingsService } from './account/settings-service.js';
import { createChatService, type ChatService } from './chat/chat-service.js';
import { forgetUnusedClips } from './data/clips.js';
import { createCommit } from './data/commit.js';
import { backUpDaily } from './data/backups.js';
import { profileError, type Db } from './data/database.js';
import { backupFolder, openMendedDatabase } from './data/mended-database.js';
import { readPauses } from './data/settings.js';
import type { Activity } from './activity.js';
import type { EventHub } from './events.js';
import type { Ports } from './ports.js';
import { createClipStore } from './speech/clip-store.js';
import type { Recogniser } from './speech/recogniser.js';
import type { Voice } from './speech/voice.js';
import { createSyncService, type SyncService } from './sync/sync-service.js';
import { createTakeService, type TakeService } from './turn/take-service.js';
import { createTopicService, type TopicService } from './turn/topic-service.js';
import { readTopicView } from './turn/topic-view.js';
import { createTurnService, type TurnService } from './turn/turn-service.js';
import type { Merged } from './data/merge.js';

/** The profile of a learner who has not signed in. */
export const localProfile = 'local';

/** How often it is looked whether a back-up is due, ms. Not at the start: there are better things to do then. */
const backUpCheckMs = 60_000;

/** One learner's data and the services over it. Each account has a folder of its own: none can see another's. */
export interface Profile {
  readonly name: string;
  /** For what works across profiles. Handlers do not see it (handlers/services.ts). */
  readonly data: ProfileData;
  readonly settings: SettingsService;
  readonly chat: ChatService;
  readonly turns: TurnService;
  readonly takes: TakeService;
  readonly topics: TopicService;
  /** Null for the local profile. */
  readonly sync: SyncService | null;
  readonly syncView: SyncView;
  /** Stops what runs, saves what can be saved, and closes the database. */
  dispose(): Promise<void>;
}

export interface ProfileOptions {
  readonly ports: Ports;
  readonly events: EventHub;
  readonly activity: Activity;
  readonly recogniser: Recogniser;
  readonly voice: Voice;
  readonly machine: MachineSettingsService;
  readonly session: AccountSession | null;
  /** Called when settings were changed. */
  onSettings(): void;
}

const inStepWithNobody: SyncView = {
  state: 'local',
  pending: 0,
  refused: 0,
  setAside: 0,
  error: null,
  syncedTime: null,
};

export function profileFolder(userData: string, name: string): string {
  return join(userData, 'profiles', name);
}

/** Opens a profile, made when it is not there. Rejects with a `profile/…` error, and holds nothing open then. */
export async function openProfile(options: ProfileOptions): Promise<Profile> {
  const { clock, log, paths } = options.ports;
  const { session } = options;
  const name = session?.profile ?? localProfile;
  const userId = session?.account.id ?? localProfile;
  const folder = profileFolder(paths.userData, name);
  let db: Db | null = null;
  try {
    await mkdir(folder, { recursive: true });
    const opened = await openMendedDatabase(folder, clock.now());
    if (opened.mended) log.error('the database was damaged, and was mended', { ...opened.mended });
    db = opened.db;
    return await startServices(options, name, { folder, db, userId });
  } catch (error) {
    await db?.destroy();
    throw profileError(error);
  }
}

/** Builds a profile's services, in the order in which they need each other, and takes up what a crash left. */
async function startServices(
  { ports, events, activity, recogniser, voice, machine, session, onSettings }: ProfileOptions,
  name: string,
  { folder, db, userId }: ProfileData,
): Promise<Profile> {
  const { clock, log, secrets } = ports;
  const settings = await openSettings(db, machine, onSettings);
  const chat = createChatService({
    secrets,
    keyName: `${name}/chat-key`,
    settings: () => settings.current,
    fetch: ports.fetch,
    clock,
  });
  const sync: SyncService | null = session
    ? createSyncService({
        db,
        store: session.store,
        token: session.token,
        clock,
        log,
        onMerged,
        onChange: (view) => {
          events.emit('sync.changed', { sync: view });
        },
      })
    : null;
  const commit = createCommit(db, () => sync?.nudge());
  const clips = createClipStore(join(folder, 'clips'), clock);
  const turns = createTurnService({
    db,
    commit,
    clips,
    voice,
    recogniser,
    partner: chat.partner,
    activity,
    events,
    clock,
    log,
  });
  const takes = createTakeService({
    db,
    folder: join(folder, 'takes'),
    recogniser,
    turns,
    spokenLanguage: () => settings.current.spokenLanguage,
    pauses: await readPauses(db),
    activity,
    events,
    clock,
    log,
  });
  const topics = createTopicService({ db, commit, userId, turns, takes, clips, partner: chat.partner, events, clock });
  await turns.recover();
  await takes.recover();

  /** Shows what came from other machines. */
  async function onMerged({ topics: changed, removedTopics, turns: changedTurns, clips: used }: Merged): Promise<void> {
    for (const topicId of removedTopics) {
      await turns.settle(topicId);
      events.emit('topic.removed', { topicId });
    }
    await clips.remove(await forgetUnusedClips(db, used));
    await turns.announceAll([...changedTurns]);
    for (const topicId of changed) {
      try {
        events.emit('topic.changed', { topic: await readTopicView(db, topicId) });
      } catch (error) {
        // A turn may come before its topic does, and a topic may have been deleted here meanwhile.
        if (!(error instanceof AppError && error.code === 'topic/not-found')) throw error;
      }
    }
  }

  let backingUp: Promise<unknown> = Promise.resolve();
  const backUpTimer = setInterval(() => {
    backingUp = backUpDaily(db, backupFolder(folder), clock.now()).catch((error: unknown) => {
      log.warn('no back-up made', { error });
    });
  }, backUpCheckMs);
  // It keeps no app from ending.
  backUpTimer.unref();

  return {
    name,
    data: { folder, db, userId },
    settings,
    chat,
    turns,
    takes,
    topics,
    sync,
    get syncView() {
      return sync?.view ?? inStepWithNobody;
    },
    async dispose() {
      clearInterval(backUpTimer);
      await backingUp;
      await sync?.stop();
      await takes.dispose();
      await turns.dispose();
      await db.destroy();
    },
  };
}
