import { useStore } from 'zustand';
import { useMessages } from '../../i18n/language.js';
import { useViewModel } from '../../view-model.js';
import { Button } from '../../ui/button.js';
import { Spinner } from '../../ui/spinner.js';
import styles from './account.module.css';
import { useAccountAction } from './use-account-action.js';

/** Offers to take the history of this computer into the account. It stays until it is answered, and is in no one's way. */
export function HistoryOffer() {
  const { account: words } = useMessages();
  const viewModel = useViewModel();
  const name = useStore(viewModel.app.store, (state) => state.facts?.account.account?.name ?? null);
  const topics = useStore(viewModel.app.store, (state) => state.facts?.account.localTopics ?? 0);
  const { busy, blocked } = useAccountAction('take-history');
  if (name === null || topics === 0) return null;
  const question = words.offer(topics, name);
  return (
    <section aria-label={question} className={styles.offer}>
      <p className={styles.question}>
        <strong>{question}</strong> <span>{words.offerHint}</span>
      </p>
      <div className={styles.answers}>
        <Button
          look="primary"
          aria-disabled={blocked}
          onClick={() => {
            void viewModel.takeHistory();
          }}
        >
          {busy && <Spinner />}
          {busy ? words.taking : words.take}
        </Button>
        <Button
          aria-disabled={blocked}
          onClick={() => {
            void viewModel.leaveHistory();
          }}
        >
          {words.leave}
        </Button>
      </div>
    </section>
  );
}
