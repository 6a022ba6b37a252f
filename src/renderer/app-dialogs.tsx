import { useStore } from 'zustand';
import { AccountDialog } from './features/account/account-dialog.js';
import { SyncDialog } from './features/account/sync-dialog.js';
import { DeletedDialog, RecoveryCodeDialog } from './features/account/told-once.js';
import { ModelsDialog } from './features/models/models-dialog.js';
import { SettingsDialog } from './features/settings/settings-dialog.js';
import { StatusDialog } from './features/status/status-dialog.js';
import { DeleteTopicDialog, NewTopicDialog, RenameTopicDialog } from './features/topics/topic-dialogs.js';
import { useViewModel } from './view-model.js';
import type { AppFacts } from './stores/app-store.js';

/** The dialog that is open, if any. */
export function AppDialogs({ facts }: { readonly facts: AppFacts }) {
  const { shell, account } = useViewModel();
  const dialog = useStore(shell.store, (state) => state.dialog);
  const recoveryCode = useStore(account.store, (state) => state.recoveryCode);
  const purgeTime = useStore(account.store, (state) => state.purgeTime);
  // What is told only once comes before whatever else is open.
  if (recoveryCode !== null) return <RecoveryCodeDialog code={recoveryCode} onClose={account.forgetRecoveryCode} />;
  if (purgeTime !== null) return <DeletedDialog purgeTime={purgeTime} onClose={account.forgetPurge} />;
  switch (dialog?.kind) {
    case 'new-topic':
      return <NewTopicDialog onClose={shell.closeDialog} />;
    case 'rename-topic':
      return <RenameTopicDialog topicId={dialog.topicId} onClose={shell.closeDialog} />;
    case 'delete-topic':
      return <DeleteTopicDialog topicId={dialog.topicId} onClose={shell.closeDialog} />;
    case 'settings':
      return <SettingsDialog facts={facts} section={dialog.section} onClose={shell.closeDialog} />;
    case 'status':
      return <StatusDialog status={facts.status} onClose={shell.closeDialog} />;
    case 'models':
      return <ModelsDialog onClose={shell.closeDialog} />;
    case 'sync':
      return <SyncDialog facts={facts} onClose={shell.closeDialog} />;
    case 'account':
      return <AccountDialog facts={facts} onClose={shell.closeDialog} />;
    case undefined:
      return null;
  }
}
