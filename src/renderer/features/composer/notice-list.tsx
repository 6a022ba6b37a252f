import { CircleAlert, Info, X } from 'lucide-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { ErrorCode } from '../../../shared/errors.js';
import { errorText, useMessages } from '../../i18n/language.js';
import { useSession } from '../../session.js';
import type { Notice } from '../../stores/notices-store.js';
import { Button, IconButton } from '../../ui/button.js';
import { classNames } from '../../ui/class-names.js';
import styles from './notice-list.module.css';

/** Long enough to be read twice. */
const shownMs = 7_000;

/** Slips that mend themselves with the next try, and so go away by themselves. */
const passing: ReadonlySet<ErrorCode> = new Set(['take/too-short', 'take/silent']);

/** What was told in passing. Errors stay until they are dismissed. */
export function NoticeList() {
  const session = useSession();
  const notices = useStore(session.notices.store, (state) => state.notices);
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
  const session = useSession();
  const slip = notice.kind === 'word' || passing.has(notice.error.code);
  const { id } = notice;

  useEffect(() => {
    if (!slip) return;
    const timer = setTimeout(() => {
      session.notices.dismiss(id);
    }, shownMs);
    return () => {
      clearTimeout(timer);
    };
  }, [slip, id, session]);

  const section = notice.kind === 'error' ? settingsFor(notice.error.code) : null;
  return (
    <div className={classNames(styles.notice, !slip && styles.error)}>
      {slip ? <Info size="1.125em" aria-hidden /> : <CircleAlert size="1.125em" aria-hidden />}
      <span className={styles.words}>
        {notice.kind === 'error' ? errorText(messages, notice.error) : messages.composer[notice.word]}
      </span>
      {section !== null && (
        <Button
          onClick={() => {
            session.notices.dismiss(id);
            session.shell.show({ kind: 'settings', section });
          }}
        >
          {section === 'chat' ? messages.status.chatSettings : messages.status.micSettings}
        </Button>
      )}
      <IconButton
        label={messages.dismiss}
        onClick={() => {
          session.notices.dismiss(id);
        }}
      >
        <X size="1em" aria-hidden />
      </IconButton>
    </div>
  );
}

/** Where in the settings an error can be mended. */
function settingsFor(code: ErrorCode): 'chat' | 'speaking' | null {
  if (code.startsWith('microphone/') || code === 'take/silent') return 'speaking';
  return code.startsWith('chat/') ? 'chat' : null;
}
