import { RotateCcw, Trash2 } from 'lucide-react';
import { useStore } from 'zustand';
import type { TakeView } from '../../../shared/contract/take.js';
import { errorText, useMessages } from '../../i18n/language.js';
import { useSession } from '../../session.js';
import { Button } from '../../ui/button.js';
import { Spinner } from '../../ui/spinner.js';
import { ClipButton } from './clip-button.js';
import styles from './turn-item.module.css';
import { useClip } from './use-clip.js';

/** A recording that is not a turn yet: being recognised, or waiting to be tried again. */
export function TakeCard({ take }: { readonly take: TakeView }) {
  const messages = useMessages();
  const session = useSession();
  const playback = useClip(take.id, 'take');
  const demo = useStore(session.app.store, (state) => state.facts?.status.recogniser.demo === true);
  const { conversation } = messages;
  return (
    <li data-testid="take-card" className={styles.take}>
      {take.state === 'recognising' ? (
        <p className={styles.recognising}>
          <Spinner />
          {conversation.recognising}
        </p>
      ) : (
        <>
          <p className={styles.takeTitle}>{conversation.takeFailed}</p>
          <p className={styles.error}>{errorText(messages, take.error ?? { code: 'recogniser/failed' })}</p>
          {demo && take.error?.code === 'recogniser/nothing-heard' && (
            <p className={styles.takeNote}>{conversation.demoOnly}</p>
          )}
          <div className={styles.takeActions}>
            <ClipButton
              playback={playback}
              label={conversation.listenTake}
              durationMs={take.durationMs}
              onClick={() => {
                session.toggleTake(take.id);
              }}
            />
            <Button
              look="primary"
              onClick={() => {
                void session.conversation.transcribe(take.id);
              }}
            >
              <RotateCcw size="1em" aria-hidden />
              {conversation.transcribeAgain}
            </Button>
            <Button
              onClick={() => {
                void session.conversation.discard(take.id);
              }}
            >
              <Trash2 size="1em" aria-hidden />
              {conversation.discard}
            </Button>
          </div>
        </>
      )}
    </li>
  );
}
