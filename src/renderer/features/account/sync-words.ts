import type { SyncView } from '../../../shared/contract/account.js';
import type { Messages } from '../../i18n/messages.js';

/** How a chip looks, besides what it says: as it should be, nothing to look at, or something to know. */
export type SyncLook = 'good' | 'plain' | 'notice';

const looks: Readonly<Record<SyncView['state'], SyncLook>> = {
  local: 'plain',
  synced: 'good',
  pending: 'plain',
  syncing: 'plain',
  // A state, not an error: everything works.
  offline: 'notice',
  'signed-out': 'notice',
};

/** What the chip says of syncing. */
export function syncChip(
  { state, pending }: SyncView,
  { sync }: Messages,
): { readonly label: string; readonly look: SyncLook } {
  const label = state === 'pending' && pending > 0 ? sync.pendingCount(pending) : sync.states[state];
  return { label, look: looks[state] };
}
