import type { StatusView } from '../../../shared/contract/app.js';
import type { AccountService } from '../account/account-service.js';
import type { LocalHistory } from '../account/local-history.js';
import type { EventHub } from '../events.js';
import type { ModelService } from '../models/model-service.js';
import type { Ports } from '../ports.js';
import type { Profile } from '../profile.js';
import type { Recogniser } from '../speech/recogniser.js';
import type { Voice } from '../speech/voice.js';

/** What the handlers are made of. */
export interface Services {
  readonly ports: Ports;
  /** The open profile's services; another one's after somebody signed in or out. Its data is theirs alone. */
  profile(): Omit<Profile, 'data'>;
  readonly accounts: AccountService;
  readonly localHistory: LocalHistory;
  readonly events: EventHub;
  readonly models: ModelService;
  readonly recogniser: Recogniser;
  readonly voice: Voice;
  status(): Promise<StatusView>;
  /** Tells the interface of changed settings, and of who answers now. */
  announceSettings(): Promise<void>;
}
