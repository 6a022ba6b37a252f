import { AudioLines, Pencil, Plus, Trash2, Volume2, X } from 'lucide-react';
import { memo, useEffect, useState, type KeyboardEvent, type ReactNode } from 'react';
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
  const [focusedId, setFocusedId] = useState<string | null>(null);
  // The list is one Tab stop, however long it is: where the focus is, else the open topic.
  const stopId = focusedId ?? (topics.some(({ id }) => id === openId) ? openId : topics[0]?.id);

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
      <ul
        className={styles.list}
        onKeyDown={moveByKeys}
        onFocus={(event) => {
          setFocusedId(event.target.closest('li')?.dataset.topic ?? null);
        }}
        onBlur={(event) => {
          if (!event.currentTarget.contains(event.relatedTarget)) setFocusedId(null);
        }}
      >
        {topics.map((topic) => (
          <TopicItem key={topic.id} topic={topic} open={topic.id === openId} isStop={topic.id === stopId} now={now} />
        ))}
      </ul>
      <div className={styles.foot}>{props.children}</div>
    </div>
  );
}

/** Up and down go from topic to topic, right and left to its menu and back. */
function moveByKeys(event: KeyboardEvent<HTMLUListElement>): void {
  const item = event.target instanceof Element ? event.target.closest('li') : null;
  // Keys in an open menu are the menu's own.
  if (item === null || (event.target as Element).closest('[role=menu]') !== null) return;
  const [open, menu] = item.querySelectorAll<HTMLElement>(':scope > button');
  const siblings = [...event.currentTarget.children];
  const at = siblings.indexOf(item);
  const next = {
    ArrowDown: siblings[at + 1]?.querySelector('button'),
    ArrowUp: siblings[at - 1]?.querySelector('button'),
    Home: siblings[0]?.querySelector('button'),
    End: siblings.at(-1)?.querySelector('button'),
    ArrowRight: menu,
    ArrowLeft: open,
  }[event.key];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

const TopicItem = memo(function TopicItem(props: {
  readonly topic: TopicView;
  readonly open: boolean;
  /** Whether Tab comes here. The others are reached by the arrow keys. */
  readonly isStop: boolean;
  readonly now: number;
}) {
  const messages = useMessages();
  const viewModel = useViewModel();
  const { id, theme, preview, usedTime } = props.topic;
  return (
    <li className={styles.item} data-topic={id}>
      <button
        type="button"
        className={styles.open}
        tabIndex={props.isStop ? 0 : -1}
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
        tabIndex={-1}
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
  if (preview.kind === 'take') return <span className={styles.preview}>{messages.topics.takePreview}</span>;
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
