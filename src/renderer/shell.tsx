import { Settings as SettingsIcon } from 'lucide-react';
import { useStore } from 'zustand';
import styles from './app.module.css';
import { AccountFoot } from './features/account/account-foot.js';
import { HistoryOffer } from './features/account/history-offer.js';
import { Composer } from './features/composer/composer.js';
import { NoticeList } from './features/composer/notice-list.js';
import { ConversationHeader } from './features/conversation/conversation-header.js';
import { TurnList } from './features/conversation/turn-list.js';
import { Rail } from './features/rail/rail.js';
import { Banners } from './features/status/banners.js';
import { StatusChips } from './features/status/status-chips.js';
import { TopicList } from './features/topics/topic-list.js';
import { Welcome } from './features/topics/welcome.js';
import { useDrawerFocus } from './drawer-focus.js';
import { useMessages } from './i18n/language.js';
import { useLayout } from './layout.js';
import { useViewModel } from './view-model.js';
import type { AppFacts } from './stores/app-store.js';
import { classNames } from './ui/class-names.js';

/** Topics, conversation, help: side by side where there is room, else the outer two slide over the middle one. */
export function Shell({ facts }: { readonly facts: AppFacts }) {
  const messages = useMessages();
  const { shell, conversation } = useViewModel();
  const topicId = useStore(conversation.store, (state) => state.topicId);
  const topicsOpen = useStore(shell.store, (state) => state.topicsOpen);
  const railWanted = useStore(shell.store, (state) => state.railOpen);
  const { columns, short } = useLayout(facts.settings.textScalePercent);

  const railOpen = topicId !== null && (columns === 3 ? railWanted !== false : railWanted === true);
  const topicsDrawer = columns === 1;
  const railDrawer = columns < 3;
  const railElement = useDrawerFocus(railDrawer && railOpen);
  const covered = (topicsDrawer && topicsOpen) || (railDrawer && railOpen);

  function closeTopics(): void {
    shell.setTopicsOpen(false);
  }
  function closeRail(): void {
    shell.setRailOpen(columns === 3 ? false : null);
  }
  function uncover(): void {
    closeTopics();
    if (railDrawer) closeRail();
  }

  return (
    <div
      className={classNames(
        styles.shell,
        !topicsDrawer && styles.withTopics,
        !railDrawer && railOpen && styles.withRail,
      )}
      onKeyDown={(event) => {
        if (!covered || event.key !== 'Escape') return;
        event.stopPropagation();
        uncover();
      }}
    >
      <button
        type="button"
        className={styles.skip}
        onClick={() => {
          document.querySelector<HTMLElement>('[data-home]')?.focus();
        }}
      >
        {messages.nav.skip}
      </button>
      <TopicsColumn facts={facts} drawer={topicsDrawer} open={topicsOpen} covered={covered} onClose={closeTopics} />
      <main className={styles.main} inert={covered}>
        <ConversationHeader
          short={short}
          onTopics={
            topicsDrawer
              ? () => {
                  shell.setTopicsOpen(true);
                }
              : null
          }
          railOpen={railOpen}
          onRail={() => {
            if (railOpen) closeRail();
            else shell.setRailOpen(true);
          }}
        />
        <Banners />
        <HistoryOffer />
        {topicId === null ? (
          <>
            <Welcome />
            <div className={styles.notices}>
              <NoticeList />
            </div>
          </>
        ) : (
          <>
            <TurnList key={topicId} />
            <Composer topicId={topicId} settings={facts.settings} narrow={columns === 1} short={short} />
          </>
        )}
      </main>
      {covered && <button type="button" tabIndex={-1} aria-hidden className={styles.scrim} onClick={uncover} />}
      {railOpen && (
        <aside
          ref={railElement}
          tabIndex={-1}
          aria-label={messages.nav.help}
          className={classNames(styles.rail, railDrawer && styles.drawer)}
        >
          <Rail topicId={topicId} onClose={closeRail} onFilled={railDrawer ? closeRail : () => undefined} />
        </aside>
      )}
    </div>
  );
}

interface TopicsColumnProps {
  readonly facts: AppFacts;
  readonly drawer: boolean;
  readonly open: boolean;
  /** The help lies over it. */
  readonly covered: boolean;
  readonly onClose: () => void;
}

function TopicsColumn({ facts, drawer, open, covered, onClose }: TopicsColumnProps) {
  const messages = useMessages();
  const { shell } = useViewModel();
  const element = useDrawerFocus(drawer && open);
  if (drawer && !open) return null;
  return (
    <nav
      ref={element}
      tabIndex={-1}
      inert={covered && !drawer}
      aria-label={messages.nav.topics}
      className={classNames(styles.topics, drawer && styles.drawer)}
    >
      <TopicList onClose={drawer ? onClose : null}>
        <StatusChips status={facts.status} />
        <AccountFoot facts={facts} />
        <button
          type="button"
          className={styles.settings}
          onClick={() => {
            shell.show({ kind: 'settings', section: 'chat' });
          }}
        >
          <SettingsIcon size="1.125em" aria-hidden />
          {messages.settings.title}
          <kbd>Ctrl ,</kbd>
        </button>
      </TopicList>
    </nav>
  );
}
