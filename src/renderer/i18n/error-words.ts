import type { ErrorCode } from '../../shared/errors.js';

/** What happened, and what to do next. `next` may be empty where the words say all there is. */
export interface ErrorWords {
  readonly what: string;
  readonly next: string;
}

/** The failures of the account store and of syncing, whose words have files of their own. */
export type AccountErrorCode = Extract<ErrorCode, `account/${string}` | `sync/${string}`>;
