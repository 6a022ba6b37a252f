import { CircleUserRound } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useMessages } from '../../i18n/language.js';
import { useViewModel } from '../../view-model.js';
import type { AppFacts } from '../../stores/app-store.js';
import { classNames } from '../../ui/class-names.js';
import styles from './account-foot.module.css';
import { syncChip } from './sync-words.js';

/** Long enough for a turn to be sent: only what lasts is said aloud. */
const settledMs = 1_500;

/** Who is signed in, and whether everything is in step; each leads to its page. */
export function AccountFoot({ facts }: { readonly facts: AppFacts }) {
  const messages = useMessages();
  const { account: words, sync } = messages;
  const { shell } = useViewModel();
  const name = facts.account.account?.name ?? null;
  const { label, look } = syncChip(facts.sync, messages);
  const said = useSettled(sync.open(label), settledMs);
  return (
    <div className={styles.foot}>
      <button
        type="button"
        data-testid="account-button"
        className={styles.account}
        aria-haspopup="dialog"
        aria-label={words.open(name ?? words.none)}
        title={words.open(name ?? words.none)}
        onClick={() => {
          shell.show({ kind: 'account' });
        }}
      >
        <CircleUserRound size="1.125em" aria-hidden />
        <span>{name ?? words.none}</span>
      </button>
      <button
        type="button"
        data-testid="sync-chip"
        className={classNames(styles.chip, look !== 'plain' && styles[look])}
        aria-haspopup="dialog"
        title={sync.open(label)}
        onClick={() => {
          shell.show({ kind: 'sync' });
        }}
      >
        {label}
      </button>
      <span aria-live="polite" className="visually-hidden">
        {said}
      </span>
    </div>
  );
}

/** The value, once it has stayed the same for a while. */
function useSettled(value: string, ms: number): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => {
      setSettled(value);
    }, ms);
    return () => {
      clearTimeout(timer);
    };
  }, [value, ms]);
  return settled;
}
