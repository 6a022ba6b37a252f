import { RefreshCw } from 'lucide-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { errorText, useMessages } from '../../i18n/language.js';
import { useViewModel } from '../../view-model.js';
import type { AppFacts } from '../../stores/app-store.js';
import { Button } from '../../ui/button.js';
import { classNames } from '../../ui/class-names.js';
import { Dialog, DialogActions } from '../../ui/dialog.js';
import { Spinner } from '../../ui/spinner.js';
import styles from './account-foot.module.css';
import { dayAndMinute } from './moments.js';
import { syncChip } from './sync-words.js';

interface SyncDialogProps {
  readonly facts: AppFacts;
  readonly onClose: () => void;
}

/** What the sync chip means, and what can be done. */
export function SyncDialog({ facts, onClose }: SyncDialogProps) {
  const messages = useMessages();
  const { sync: words } = messages;
  const viewModel = useViewModel();
  const asked = useStore(viewModel.account.store, (state) => state.syncing);
  const askedError = useStore(viewModel.account.store, (state) => state.syncError);
  const { sync } = facts;
  const { label, look } = syncChip(sync, messages);
  const busy = asked || sync.state === 'syncing';
  const failure = sync.error ?? (sync.state === 'synced' ? null : askedError);
  // An ended session is told by the state already.
  const error = sync.state === 'signed-out' ? null : failure;
  const signedIn = facts.account.account !== null;

  useEffect(() => {
    viewModel.account.forgetFailure();
  }, [viewModel]);

  return (
    <Dialog title={words.title} onClose={onClose}>
      <div role="status">
        <span className={classNames(styles.chip, look !== 'plain' && styles[look])}>{label}</span>
        <p className={styles.meaning}>{words.meanings[sync.state]}</p>
      </div>
      {signedIn && (
        <dl className={styles.facts}>
          <dt>{words.pending}</dt>
          <dd>{words.count(sync.pending)}</dd>
          {sync.refused > 0 && (
            <>
              <dt>{words.refused}</dt>
              <dd>
                {words.count(sync.refused)}
                <p className={styles.aside}>{words.refusedHint}</p>
              </dd>
            </>
          )}
          {sync.setAside > 0 && (
            <>
              <dt>{words.setAside}</dt>
              <dd>
                {words.count(sync.setAside)}
                <p className={styles.aside}>{words.setAsideHint}</p>
              </dd>
            </>
          )}
          <dt>{words.lastTime}</dt>
          <dd>{sync.syncedTime === null ? words.never : dayAndMinute(sync.syncedTime, messages)}</dd>
          {error !== null && (
            <>
              <dt>{words.lastError}</dt>
              <dd>{errorText(messages, error)}</dd>
            </>
          )}
        </dl>
      )}
      <DialogActions>
        <Button
          look={signedIn && sync.state !== 'signed-out' ? 'plain' : 'primary'}
          onClick={() => {
            viewModel.shell.show({ kind: 'account' });
          }}
        >
          {!signedIn ? words.signIn : sync.state === 'signed-out' ? words.signInAgain : words.account}
        </Button>
        {signedIn && sync.state !== 'signed-out' && (
          <Button
            look="primary"
            aria-disabled={busy}
            onClick={() => {
              if (!busy) void viewModel.account.sync();
            }}
          >
            {busy ? <Spinner /> : <RefreshCw size="1em" aria-hidden />}
            {busy ? words.running : words.now}
          </Button>
        )}
      </DialogActions>
    </Dialog>
  );
}
