import type { Rung, SpokenLanguage } from '../../../shared/contract/turn.js';
import type { SceneId } from '../../../shared/contract/topic.js';
import type { ErrorCode } from '../../../shared/errors.js';

/**
 * The tables of a profile. `topic` and `conversation` keep the names and columns of BotChat's ancestor, so that whoever
 * runs an account store can read them. Ids are UUIDv7 made here; times are Unix ms; clips are the SHA-256 of their file.
 */
export interface Database {
  topic: TopicTable;
  conversation: ConversationTable;
  clip: ClipTable;
  take: TakeTable;
  outbox: OutboxTable;
  foreign_record: ForeignRecordTable;
  set_aside_record: SetAsideRecordTable;
  sync_state: SyncStateTable;
  setting: SettingTable;
}

/** What merging with other machines needs to know of a row. */
interface MergedTable {
  /** JSON object: the hybrid logical clock of each synced column, as it was last written anywhere. */
  clocks: string;
  /** JSON object: fields that a newer app wrote, or values that this one cannot take; kept and never shown. */
  extra: string;
}

export interface TopicTable extends MergedTable {
  id: string;
  user_id: string;
  theme: string;
  scene_id: SceneId | null;
  /** Summary of the turns too old to be sent along. */
  context: string;
  created_time: number;
  used_time: number;
  /** Set when deleted: the tombstone that an account store will be told. */
  deleted_time: number | null;
}

/** One turn: what the learner said and what was answered. */
export interface ConversationTable extends MergedTable {
  id: string;
  topic_id: string;
  created_time: number;
  /** Null where the partner spoke first. */
  prompt: string | null;
  prompt_language: SpokenLanguage | null;
  prompt_clip: string | null;
  /** Natural English for a Chinese or mixed prompt. */
  bridge: string | null;
  bridge_state: 'pending' | 'ready' | 'unknown' | 'failed' | null;
  bridge_clip: string | null;
  bridge_error: ErrorCode | null;
  /** A whole reply, and only a whole one. */
  response: string | null;
  /** What there is of a reply that was stopped or cut. */
  partial_response: string | null;
  response_state: 'pending' | 'complete' | 'interrupted' | 'failed';
  response_clip: string | null;
  response_error: ErrorCode | null;
  /** How many characters of the reply were heard before it was stopped; null where nothing stopped it. */
  heard_characters: number | null;
  /** The reply came from the built-in script, not from a model. */
  scripted: 0 | 1;
  rung: Rung;
  help_rung: Rung;
}

/** A sound file of this machine; others have their own. */
export interface ClipTable {
  hash: string;
  duration_ms: number;
  /** JSON array of `peakCount` loudness values, 0..100. */
  peaks: string;
  /** JSON array of `ClipWord`: what was said in it, and when; null where it is not known. */
  words: string | null;
  created_time: number;
}

/** A recording that is not a turn yet; never leaves this machine. */
export interface TakeTable {
  id: string;
  topic_id: string;
  created_time: number;
  duration_ms: number;
  state: 'recording' | 'recognising' | 'failed';
  error: ErrorCode | null;
}

/** A change that an account store has not been told yet; written in the transaction that makes the change. */
export interface OutboxTable {
  op_id: string;
  kind: 'topic' | 'conversation';
  record_id: string;
  /** The topic of a conversation. */
  parent_id: string | null;
  /** JSON object of the columns that changed; null where the record was deleted. */
  fields: string | null;
  /** The hybrid logical clock of the change. */
  clock: string;
  created_time: number;
  /** Set where the store refuses the change for good: it is not sent again, and not lost. */
  refused: string | null;
}

/** A record of a kind that only a newer app knows; kept as it came. */
export interface ForeignRecordTable {
  kind: string;
  id: string;
  /** JSON of the whole record. */
  record: string;
}

/** What sync remembers: the cursor, the store's epoch, this machine's clock. */
export interface SyncStateTable {
  key: 'clock' | 'cursor' | 'epoch' | 'syncedTime' | 'history';
  value: string;
}

export interface SettingTable {
  key: string;
  /** JSON. */
  value: string;
}

/** A record of the account store that could not be read. */
export interface SetAsideRecordTable {
  kind: string;
  id: string;
}
