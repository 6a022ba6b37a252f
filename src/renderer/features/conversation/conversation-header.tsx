import { LifeBuoy, Menu as MenuIcon, Pencil, Trash2 } from 'lucide-react';
import { useStore } from 'zustand';
import { useMessages } from '../../i18n/language.js';
import { useViewModel } from '../../view-model.js';
import { IconButton } from '../../ui/button.js';
import { classNames } from '../../ui/class-names.js';
import { Menu } from '../../ui/menu.js';
import styles from './conversation-header.module.css';

interface ConversationHeaderProps {
  /** Opens the topics, where they are not always shown. */
  readonly onTopics: (() => void) | null;
  readonly short: boolean;
  readonly railOpen: boolean;
  readonly onRail: () => void;
}

/** Which topic is open, and what can be done with it. */
export function ConversationHeader({ onTopics, short, railOpen, onRail }: ConversationHeaderProps) {
  const messages = useMessages();
  const viewModel = useViewModel();
  const topicId = useStore(viewModel.conversation.store, (state) => state.topicId);
  const topic = useStore(viewModel.topics.store, (state) => state.topics.find((other) => other.id === topicId));
  const scene = useStore(viewModel.app.store, (state) =>
    state.facts?.scenes.find((other) => other.id === topic?.sceneId),
  );

  return (
    <header className={classNames(styles.header, onTopics !== null && styles.compact, short && styles.short)}>
      {onTopics !== null && (
        <IconButton label={messages.nav.showTopics} onClick={onTopics}>
          <MenuIcon size="1.125em" aria-hidden />
        </IconButton>
      )}
      <div className={styles.titles}>
        <h1 className={styles.title} title={topic?.theme}>
          {topic?.theme ?? 'BotChat'}
        </h1>
        {scene !== undefined && (
          <span className={styles.setting}>{messages.locale === 'en' ? scene.setting.en : scene.setting.zh}</span>
        )}
      </div>
      {topic !== undefined && (
        <>
          <Menu
            label={messages.topics.currentMenu}
            items={[
              {
                label: messages.topics.rename,
                icon: Pencil,
                onSelect: () => {
                  viewModel.shell.show({ kind: 'rename-topic', topicId: topic.id });
                },
              },
              {
                label: messages.topics.remove,
                icon: Trash2,
                danger: true,
                onSelect: () => {
                  viewModel.shell.show({ kind: 'delete-topic', topicId: topic.id });
                },
              },
            ]}
          />
          <IconButton
            label={railOpen ? messages.nav.hideHelp : messages.nav.showHelp}
            aria-expanded={railOpen}
            onClick={onRail}
          >
            <LifeBuoy size="1.125em" aria-hidden />
          </IconButton>
        </>
      )}
    </header>
  );
}
