import { Copy } from 'lucide-react';
import { useRef, useState } from 'react';
import { useMessages } from '../../i18n/language.js';
import { Button } from '../../ui/button.js';
import { Dialog, DialogActions } from '../../ui/dialog.js';
import styles from './account.module.css';
import { dayAndMinute } from './moments.js';

interface RecoveryCodeDialogProps {
  readonly code: string;
  readonly onClose: () => void;
}

/** The recovery code, shown this once: the dialog goes when the learner says that they have it, and not before. */
export function RecoveryCodeDialog({ code, onClose }: RecoveryCodeDialogProps) {
  const { account: words } = useMessages();
  const [kept, setKept] = useState(false);
  const [copied, setCopied] = useState<boolean | null>(null);
  const shown = useRef<HTMLElement>(null);

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(code);
      setCopied(true);
    } catch {
      // The host may refuse the clipboard; then it is a key away.
      if (shown.current !== null) getSelection()?.selectAllChildren(shown.current);
      setCopied(false);
    }
  }

  return (
    <Dialog title={words.codeTitle} locked onClose={onClose}>
      <p>{words.codeLead}</p>
      <p className={styles.code}>
        <code ref={shown} data-testid="recovery-code" aria-label={words.recoveryCode}>
          {code}
        </code>
      </p>
      <div className={styles.submitRow}>
        <Button onClick={() => void copy()}>
          <Copy size="1em" aria-hidden />
          {words.copy}
        </Button>
        <span role="status" className={styles.quiet}>
          {copied !== null && (copied ? words.copied : words.copyFailed)}
        </span>
      </div>
      <label className={styles.tick}>
        <input
          type="checkbox"
          checked={kept}
          onChange={(event) => {
            setKept(event.target.checked);
          }}
        />
        {words.codeKept}
      </label>
      <DialogActions>
        <Button look="primary" disabled={!kept} onClick={onClose}>
          {words.done}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

interface DeletedDialogProps {
  /** Unix time, ms. */
  readonly purgeTime: number;
  readonly onClose: () => void;
}

/** Says when a deleted account is gone for good. */
export function DeletedDialog({ purgeTime, onClose }: DeletedDialogProps) {
  const messages = useMessages();
  return (
    <Dialog title={messages.account.removedTitle} onClose={onClose}>
      <p>{messages.account.removed(dayAndMinute(purgeTime, messages))}</p>
      <DialogActions>
        <Button look="primary" onClick={onClose}>
          {messages.dismiss}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
