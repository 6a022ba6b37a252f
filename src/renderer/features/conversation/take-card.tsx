import { RotateCcw, Trash2 } from 'lucide-react';
import { useStore } from 'zustand';
import type { TakeView } from '../../../shared/contract/take.js';
import { errorText, useMessages } from '../../i18n/language.js';
import { useViewModel } from '../../view-model.js';
import { Button } from '../../ui/button.js';
import { Spinner } from '../../ui/spinner.js';
import { ClipButton } from './clip-button.js';
import styles from './turn-item.module.css';
import { useClip } from './use-clip.js';

interface TakeCardProps {
  readonly take: TakeView;
  /** What has been understood of it so far; empty where nothing has. */
  readonly partial: string;
}

/** A recording that is not a turn yet: being said or recognised, or waiting to be tried again. */
export function TakeCard({ take, partial }: TakeCardProps) {
  return take.state !== 'failed' && partial !== '' ? (
    <PartialPrompt recognising={take.state === 'recognising'} text={partial} />
  ) : (
    <TakeBox take={take} />
  );
}

/**
 * The learner's words as far as they are understood, in the place and shape of the prompt that they become. Greyed, and
 * no live region: they change while they are spoken, and whoever speaks knows what they say.
 */
function PartialPrompt({ recognising, text }: { readonly recognising: boolean; readonly text: string }) {
  const { conversation } = useMessages();
  return (
    <li data-testid="take-card" className={styles.turn}>
      <div role="group" aria-label={conversation.saying} className={styles.mine}>
        <p className={styles.partial} lang={/\p{Script=Han}/u.test(text) ? 'zh' : 'en'} dir="auto">
          {text} …
        </p>
        {recognising && (
          <p className={styles.recognising}>
            <Spinner />
            {conversation.recognising}
          </p>
        )}
      </div>
    </li>
  );
}

function TakeBox({ take }: { readonly take: TakeView }) {
  const messages = useMessages();
  const viewModel = useViewModel();
  const playback = useClip(take.id, 'take');
  const demo = useStore(viewModel.app.store, (state) => state.facts?.status.recogniser.demo === true);
  const { conversation } = messages;
  const isBeyondDemo = demo && take.error?.code === 'recogniser/nothing-heard';
  return (
    <li data-testid="take-card" className={styles.take}>
      {take.state === 'recognising' ? (
        <p className={styles.recognising}>
          <Spinner />
          {conversation.recognising}
        </p>
      ) : (
        <>
          <p className={styles.takeTitle}>
            {take.error?.code === 'take/kept' ? conversation.takeKept : conversation.takeFailed}
          </p>
          <p className={styles.error}>{errorText(messages, take.error ?? { code: 'recogniser/failed' })}</p>
          {isBeyondDemo && <p className={styles.takeNote}>{conversation.demoOnly}</p>}
          <div className={styles.takeActions}>
            <ClipButton
              playback={playback}
              label={conversation.listenTake}
              durationMs={take.durationMs}
              onClick={() => {
                viewModel.toggleTake(take.id);
              }}
            />
            <Button
              look="primary"
              onClick={() => {
                void viewModel.conversation.transcribe(take.id);
              }}
            >
              <RotateCcw size="1em" aria-hidden />
              {conversation.transcribeAgain}
            </Button>
            <Button
              onClick={() => {
                void viewModel.conversation.discard(take.id);
              }}
            >
              <Trash2 size="1em" aria-hidden />
              {conversation.discard}
            </Button>
            {isBeyondDemo && (
              <Button
                onClick={() => {
                  viewModel.shell.show({ kind: 'models' });
                }}
              >
                {conversation.getModels}
              </Button>
            )}
          </div>
        </>
      )}
    </li>
  );
}
