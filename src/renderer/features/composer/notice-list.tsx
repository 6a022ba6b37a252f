import { CircleAlert, Info, X } from 'lucide-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { ErrorCode } from '../../../shared/errors.js';
import { errorText, useMessages } from '../../i18n/language.js';
import type { Messages } from '../../i18n/messages.js';
import { useViewModel } from '../../view-model.js';
import type { Notice } from '../../stores/notices-store.js';
import type { Dialog } from '../../stores/shell-store.js';
import { Button, IconButton } from '../../ui/button.js';
import { classNames } from '../../ui/class-names.js';
import styles from './notice-list.module.css';

/** Long enough to be read twice. */
const shownMs = 7_000;

/** Slips that mend themselves with the next try, and so go away by themselves. */
const passing: ReadonlySet<ErrorCode> = new Set(['take/too-short', 'take/silent']);

/** What was told in passing. Errors stay until they are dismissed. */
export function NoticeList() {
  const viewModel = useViewModel();
  const notices = useStore(viewModel.notices.store, (state) => state.notices);
  return (
    <div className={styles.notices} role="status" hidden={notices.length === 0}>
      {notices.map((notice) => (
        <NoticeItem key={notice.id} notice={notice} />
      ))}
    </div>
  );
}

function NoticeItem({ notice }: { readonly notice: Notice }) {
  const messages = useMessages();
  const viewModel = useViewModel();
  const slip = notice.kind !== 'error' || passing.has(notice.error.code);
  const { id } = notice;

  useEffect(() => {
    if (!slip) return;
    const timer = setTimeout(() => {
      viewModel.notices.dismiss(id);
    }, shownMs);
    return () => {
      clearTimeout(timer);
    };
  }, [slip, id, viewModel]);

  const place = notice.kind === 'error' ? placeFor(notice.error.code, messages) : null;
  return (
    <div className={classNames(styles.notice, !slip && styles.error)}>
      {slip ? <Info size="1.125em" aria-hidden /> : <CircleAlert size="1.125em" aria-hidden />}
      <span className={styles.words}>{noticeText(messages, notice)}</span>
      {place !== null && (
        <Button
          onClick={() => {
            viewModel.notices.dismiss(id);
            viewModel.shell.show(place.dialog);
          }}
        >
          {place.words}
        </Button>
      )}
      <IconButton
        label={messages.dismiss}
        onClick={() => {
          viewModel.notices.dismiss(id);
        }}
      >
        <X size="1em" aria-hidden />
      </IconButton>
    </div>
  );
}

function noticeText(messages: Messages, notice: Notice): string {
  switch (notice.kind) {
    case 'error':
      return errorText(messages, notice.error);
    case 'word':
      return messages.composer[notice.word];
    case 'other-microphone':
      return messages.composer.otherMicrophone(notice.label);
    case 'model-ready':
      return messages.models.ready(notice.name);
    case 'topic-gone':
      return messages.account.topicGone(notice.theme);
    case 'history-taken':
      return messages.account.taken(notice.topics);
  }
}

interface Place {
  readonly dialog: Dialog;
  readonly words: string;
}

/** Where an error can be mended. */
function placeFor(code: ErrorCode, { status, sync }: Messages): Place | null {
  if (code.startsWith('microphone/') || code === 'take/silent') {
    return { dialog: { kind: 'settings', section: 'speaking' }, words: status.micSettings };
  }
  if (code.startsWith('chat/')) return { dialog: { kind: 'settings', section: 'chat' }, words: status.chatSettings };
  return code.startsWith('account/') ? { dialog: { kind: 'account' }, words: sync.account } : null;
}
