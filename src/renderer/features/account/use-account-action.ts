import { useStore } from 'zustand';
import type { ErrorView } from '../../../shared/errors.js';
import { useViewModel } from '../../view-model.js';
import type { AccountAction } from '../../stores/account-store.js';

export interface AccountActionState {
  /** It is being done. */
  readonly busy: boolean;
  /** Something is being done, so nothing else can be begun. */
  readonly blocked: boolean;
  /** Why it failed the last time. */
  readonly error: ErrorView | null;
}

/** How something that is done with the account is getting on. */
export function useAccountAction(action: AccountAction): AccountActionState {
  const { account } = useViewModel();
  const doing = useStore(account.store, (state) => state.doing);
  const failure = useStore(account.store, (state) => state.failure);
  return { busy: doing === action, blocked: doing !== null, error: failure?.action === action ? failure.error : null };
}
