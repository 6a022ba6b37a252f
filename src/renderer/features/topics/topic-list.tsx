import { AudioLines, Pencil, Plus, Trash2, Volume2, X } from 'lucide-react';
import { memo, useEffect, useState, type ReactNode } from 'react';
import { useStore } from 'zustand';
import type { TopicPreview, TopicView } from '../../../shared/contract/topic.js';
import { useMessages } from '../../i18n/language.js';
import { useViewModel } from '../../view-model.js';
import { IconButton } from '../../ui/button.js';
import { wholeSeconds } from '../../ui/durations.js';
import { Menu } from '../../ui/menu.js';
import { listTime } from './list-time.js';
import styles from './topic-list.module.css';

/** The topics, last used first, over what the app puts at the column's foot. */
export function TopicList(props: { readonly onClose: (() => void) | null; readonly children: ReactNode }) {
  const messages = useMessages();
  const viewModel = useViewModel();
  const topics = useStore(viewModel.topics.store, (state) => state.topics);
  const openId = useStore(viewModel.conversation.store, (state) => state.topicId);
  const now = useMinutes();

  return (
    <div className={styles.column}>
      <div className={styles.brand}>
        <AudioLines size="1.25em" className={styles.mark} aria-hidden />
        BotChat
        {props.onClose !== null && (
          <IconButton label={messages.nav.hideTopics} onClick={props.onClose}>
            <X size="1.125em" aria-hidden />
          </IconButton>
        )}
      </div>
      <button
        type="button"
        className={styles.add}
        title={`${messages.topics.add} (Ctrl N)`}
        onClick={() => {
          viewModel.shell.show({ kind: 'new-topic' });
        }}
      >
        <Plus size="1.125em" aria-hidden />
        {messages.topics.add}
      </button>
      {topics.length === 0 ? <p className={styles.none}>{messages.topics.none}</p> : null}
      <ul className={styles.list}>
        {topics.map((topic) => (
          <TopicItem key={topic.id} topic={topic} open={topic.id === openId} now={now} />
        ))}
      </ul>
      <div className={styles.foot}>{props.children}</div>
    </div>
  );
}

const TopicItem = memo(function TopicItem(props: {
  readonly topic: TopicView;
  readonly open: boolean;
  readonly now: number;
}) {
  const messages = useMessages();
  const viewModel = useViewModel();
  const { id, theme, preview, usedTime } = props.topic;
  return (
    <li className={styles.item}>
      <button
        type="button"
        className={styles.open}
        aria-current={props.open ? 'page' : undefined}
        onClick={() => {
          void viewModel.openTopic(id);
        }}
      >
        <span className={styles.theme} title={theme}>
          {theme}
        </span>
        <span className={styles.time}>{listTime(props.now, usedTime, messages)}</span>
        <Preview preview={preview} />
      </button>
      <Menu
        className={styles.menu}
        label={messages.topics.menu(theme)}
        items={[
          {
            label: messages.topics.rename,
            icon: Pencil,
            onSelect: () => {
              viewModel.shell.show({ kind: 'rename-topic', topicId: id });
            },
          },
          {
            label: messages.topics.remove,
            icon: Trash2,
            danger: true,
            onSelect: () => {
              viewModel.shell.show({ kind: 'delete-topic', topicId: id });
            },
          },
        ]}
      />
    </li>
  );
});

function Preview({ preview }: { readonly preview: TopicPreview }) {
  const messages = useMessages();
  if (preview.kind === 'empty') return <span className={styles.preview}>{messages.topics.emptyPreview}</span>;
  if (preview.kind === 'prompt') {
    return (
      <span className={styles.preview}>
        <span>{preview.text}</span>
      </span>
    );
  }
  return (
    <span className={styles.preview}>
      <Volume2 size="1em" aria-hidden />
      <span>{messages.topics.replyPreview(preview.durationMs === null ? null : wholeSeconds(preview.durationMs))}</span>
    </span>
  );
}

/** The time, brought up to date once a minute. */
function useMinutes(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => {
      setNow(Date.now());
    }, 60_000);
    return () => {
      clearInterval(timer);
    };
  }, []);
  return now;
}
