import { useStore } from 'zustand';
import { SettingsDialog } from './features/settings/settings-dialog.js';
import { StatusDialog } from './features/status/status-dialog.js';
import { DeleteTopicDialog, NewTopicDialog, RenameTopicDialog } from './features/topics/topic-dialogs.js';
import { useSession } from './session.js';
import type { AppFacts } from './stores/app-store.js';

/** The dialog that is open, if any. */
export function AppDialogs({ facts }: { readonly facts: AppFacts }) {
  const { shell } = useSession();
  const dialog = useStore(shell.store, (state) => state.dialog);
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
    case undefined:
      return null;
  }
}
