import { ArrowDown, History } from 'lucide-react';
import { useStore } from 'zustand';
import { errorText, useMessages } from '../../i18n/language.js';
import { useViewModel } from '../../view-model.js';
import { Button } from '../../ui/button.js';
import { TakeCard } from './take-card.js';
import { TurnItem } from './turn-item.js';
import styles from './turn-list.module.css';
import { useStickToEnd } from './use-stick-to-end.js';

/** The open topic's conversation. Mounted anew for each topic. */
export function TurnList() {
  const messages = useMessages();
  const { conversation } = useViewModel();
  const { topicId, load, loadError, turns, takes, partials, suggestions, hasEarlier, loadingEarlier } = useStore(
    conversation.store,
  );
  const shownTakes = takes.filter((take) => take.state !== 'recording' || partials[take.id]);
  const { scroller, content, away, toEnd, onScroll } = useStickToEnd(turns[0]?.id, () => {
    void conversation.loadEarlier();
  });
  const newestId = turns.at(-1)?.id;

  return (
    <div className={styles.frame}>
      <div
        ref={scroller}
        className={styles.scroller}
        onScroll={onScroll}
        role="region"
        aria-label={messages.nav.conversation}
        tabIndex={-1}
      >
        <div ref={content} className={styles.content}>
          {load === 'loading' && turns.length === 0 && <p className={styles.empty}>{messages.loading}</p>}
          {load === 'failed' && topicId !== null && (
            <div className={`${styles.empty ?? ''} ${styles.failed ?? ''}`} role="alert">
              <p>{errorText(messages, loadError ?? { code: 'app/internal' })}</p>
              <Button onClick={() => void conversation.reload()}>{messages.retry}</Button>
            </div>
          )}
          {load === 'ready' && turns.length === 0 && shownTakes.length === 0 && (
            <div className={styles.empty}>
              <p className={styles.emptyTitle}>{messages.conversation.empty}</p>
              {suggestions.length > 0 && <p className={styles.emptyHint}>{messages.conversation.emptyHint}</p>}
            </div>
          )}
          {hasEarlier && (
            <Button
              className={styles.earlier}
              disabled={loadingEarlier}
              onClick={() => void conversation.loadEarlier()}
            >
              <History size="1em" aria-hidden />
              {loadingEarlier ? messages.conversation.loadingEarlier : messages.conversation.earlier}
            </Button>
          )}
          <ol className={styles.turns}>
            {turns.map((turn) => (
              <TurnItem key={turn.id} turn={turn} newest={turn.id === newestId} />
            ))}
            {shownTakes.map((take) => (
              <TakeCard key={take.id} take={take} partial={partials[take.id] ?? ''} />
            ))}
          </ol>
        </div>
      </div>
      {away && (
        <Button className={styles.newest} onClick={toEnd}>
          <ArrowDown size="1em" aria-hidden />
          {messages.conversation.newest}
        </Button>
      )}
    </div>
  );
}
