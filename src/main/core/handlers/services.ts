import type { StatusView } from '../../../shared/contract/app.js';
import type { SettingsService } from '../account/settings-service.js';
import type { ChatService } from '../chat/chat-service.js';
import type { Db } from '../data/database.js';
import type { Ports } from '../ports.js';
import type { Recogniser } from '../speech/recogniser.js';
import type { Voice } from '../speech/voice.js';
import type { TakeService } from '../turn/take-service.js';
import type { TopicService } from '../turn/topic-service.js';
import type { TurnService } from '../turn/turn-service.js';

/** What the handlers are made of. */
export interface Services {
  readonly ports: Ports;
  readonly db: Db;
  readonly settings: SettingsService;
  readonly chat: ChatService;
  readonly recogniser: Recogniser;
  readonly voice: Voice;
  readonly topics: TopicService;
  readonly takes: TakeService;
  readonly turns: TurnService;
  status(): Promise<StatusView>;
  /** Tells the interface of changed settings, and of who answers now. */
  announceSettings(): Promise<void>;
}
