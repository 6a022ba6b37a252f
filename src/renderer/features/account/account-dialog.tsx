import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { useMessages } from '../../i18n/language.js';
import { useViewModel } from '../../view-model.js';
import type { AppFacts } from '../../stores/app-store.js';
import { Dialog } from '../../ui/dialog.js';
import { SignedIn } from './signed-in.js';
import { SignedOut } from './signed-out.js';

interface AccountDialogProps {
  readonly facts: AppFacts;
  readonly onClose: () => void;
}

/** Everything about the account: the ways into it, or what can be done with it. */
export function AccountDialog({ facts, onClose }: AccountDialogProps) {
  const { account: words } = useMessages();
  const viewModel = useViewModel();
  const doing = useStore(viewModel.account.store, (state) => state.doing);
  const ended = facts.sync.state === 'signed-out';
  const [shown, setShown] = useState({ account: facts.account, ended });
  // While something is being done the page stays: the core tells of a new account before the request has ended.
  if (doing === null && (shown.account !== facts.account || shown.ended !== ended)) {
    setShown({ account: facts.account, ended });
  }

  useEffect(() => {
    viewModel.account.forgetFailure();
  }, [viewModel]);

  const { account, storeHost } = shown.account;
  if (account !== null && !shown.ended) {
    return (
      <Dialog title={words.title} wide onClose={onClose}>
        <SignedIn key={account.id} account={account} view={shown.account} pending={facts.sync.pending} />
      </Dialog>
    );
  }
  return (
    <Dialog
      key={account?.id ?? 'nobody'}
      title={account === null ? words.signInTitle : words.againTitle(account.name)}
      focusTitle={false}
      onClose={onClose}
    >
      <SignedOut storeHost={storeHost} endedName={account?.name ?? null} />
    </Dialog>
  );
}
