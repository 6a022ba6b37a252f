import { join } from 'node:path';
import { blankTurn, insertTurn, updateTurn } from '../data/conversations.js';
import { openDatabase, type Db } from '../data/database.js';
import type { ConversationTable } from '../data/schema.js';
import { insertTopic, listTopics, removeTopic, updateTopic } from '../data/topics.js';
import { createSyncService, type SyncOptions, type SyncService } from '../sync/sync-service.js';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

const blank = { ...blankTurn, prompt_language: 'en', response_state: 'complete' } as const;

/** One machine's profile, with a clock of its own. */
export class Machine {
  skewMs = 0;
  sync!: SyncService;
  private constructor(
    readonly name: string,
    readonly db: Db,
  ) {}

  /** Opens the profile `name` in `folder`, in step with an account once it is told to sync. */
  static async create(folder: string, name: string, account: Pick<SyncOptions, 'store' | 'token'>): Promise<Machine> {
    const machine = new Machine(name, await openDatabase(join(folder, `${name}.db`)));
    machine.sync = createSyncService({
      db: machine.db,
      ...account,
      clock: { now: () => machine.now() },
      log: quiet,
      onMerged: () => Promise.resolve(),
      onChange: () => undefined,
    });
    return machine;
  }

  now(): number {
    return Date.now() + this.skewMs;
  }

  addTopic(theme: string) {
    return this.db.transaction().execute((tx) => insertTopic(tx, { userId: 'u', theme, sceneId: null }, this.now()));
  }

  rename(id: string, theme: string) {
    return this.db.transaction().execute((tx) => updateTopic(tx, id, { theme }, this.now()));
  }

  remove(id: string) {
    return this.db.transaction().execute((tx) => removeTopic(tx, id, this.now()));
  }

  async say(topicId: string, text: string): Promise<ConversationTable> {
    const now = this.now();
    const turn = {
      ...blank,
      id: crypto.randomUUID(),
      topic_id: topicId,
      created_time: now,
      prompt: text,
      response: `Re: ${text}`,
    };
    await this.db.transaction().execute((tx) => insertTurn(tx, turn, now));
    return turn;
  }

  mark(turn: Pick<ConversationTable, 'id' | 'topic_id'>, rung: 'audio' | 'slow' | 'english') {
    return this.db.transaction().execute((tx) => updateTurn(tx, turn, { rung }, this.now()));
  }

  async topics() {
    return (await listTopics(this.db)).map(({ theme }) => theme).sort();
  }

  /** All that is to be the same on every machine. */
  async dump(): Promise<unknown> {
    const topics = await this.db.selectFrom('topic').selectAll().orderBy('id').execute();
    const turns = await this.db.selectFrom('conversation').selectAll().orderBy('id').execute();
    return {
      topics: topics.map(({ user_id: _u, deleted_time, created_time, used_time, clocks, ...topic }) =>
        deleted_time === null
          ? { ...topic, created_time, used_time, clocks: JSON.parse(clocks) as unknown }
          : { id: topic.id, deleted: true },
      ),
      turns: turns.map(({ clocks, ...turn }) => ({ ...turn, clocks: JSON.parse(clocks) as unknown })),
    };
  }

  close = async () => {
    await this.sync.stop();
    await this.db.destroy();
  };
}
