import { ArrowDown, History } from 'lucide-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { errorText, useMessages } from '../../i18n/language.js';
import { isBeingAnswered } from '../../stores/conversation-state.js';
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
  const last = turns.at(-1);
  // A turn that another machine sent is no reason to leave what is read here.
  const [sent, setSent] = useState<string | undefined>(undefined);
  const sending = shownTakes.at(-1)?.id ?? (last !== undefined && isBeingAnswered(last) ? last.id : undefined);
  if (sending !== undefined && sending !== sent) setSent(sending);
  const { scroller, content, away, toEnd, onScroll } = useStickToEnd(turns[0]?.id, sent, () => {
    void conversation.loadEarlier();
  });
  const newestId = last?.id;

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
