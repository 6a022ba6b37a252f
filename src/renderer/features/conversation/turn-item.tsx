import { memo } from 'react';
import { useStore } from 'zustand';
import type { BridgeView, PromptView, TurnView } from '../../../shared/contract/turn.js';
import { errorText, useMessages } from '../../i18n/language.js';
import { useViewModel } from '../../view-model.js';
import { Spinner } from '../../ui/spinner.js';
import { ClipButton } from './clip-button.js';
import { HeardText } from './heard-text.js';
import { ReplyCard } from './reply-card.js';
import styles from './turn-item.module.css';
import { useClip } from './use-clip.js';

interface TurnItemProps {
  readonly turn: TurnView;
  readonly newest: boolean;
}

/** One exchange. A turn is a value, so it is drawn anew only when it has changed. */
export const TurnItem = memo(function TurnItem({ turn, newest }: TurnItemProps) {
  return (
    <li data-testid="turn" data-turn-id={turn.id} className={styles.turn}>
      {turn.prompt !== null && <Prompt turnId={turn.id} prompt={turn.prompt} bridge={turn.bridge} />}
      <ReplyCard turn={turn} newest={newest} />
    </li>
  );
});

interface PromptProps {
  readonly turnId: string;
  readonly prompt: PromptView;
  readonly bridge: BridgeView | null;
}

function Prompt({ turnId, prompt, bridge }: PromptProps) {
  const { conversation } = useMessages();
  const viewModel = useViewModel();
  const playback = useClip(turnId, 'prompt');
  return (
    <div role="group" aria-label={conversation.mine} className={styles.mine}>
      <HeardText prompt={prompt} />
      {bridge !== null && <Bridge turnId={turnId} bridge={bridge} />}
      {prompt.clip !== null && (
        <ClipButton
          playback={playback}
          label={conversation.myRecording}
          durationMs={prompt.clip.durationMs}
          onClick={() => {
            viewModel.togglePart(turnId, 'prompt', 1);
          }}
        />
      )}
    </div>
  );
}

function Bridge({ turnId, bridge }: { readonly turnId: string; readonly bridge: BridgeView }) {
  const messages = useMessages();
  const viewModel = useViewModel();
  const playback = useClip(turnId, 'bridge');
  const scripted = useStore(viewModel.app.store, (state) => state.facts?.status.partner.kind === 'scripted');
  const { conversation } = messages;
  return (
    <section className={styles.bridge} aria-label={conversation.bridge}>
      <h3 className={styles.bridgeTitle}>{conversation.bridge}</h3>
      {bridge.state === 'pending' && (
        <p className={styles.bridgeNote}>
          <Spinner />
          {conversation.bridgePending}
        </p>
      )}
      {bridge.state === 'unknown' && (
        <p className={styles.bridgeNote}>{scripted ? conversation.bridgeUnknown : conversation.bridgeUnknownModel}</p>
      )}
      {bridge.english !== null && (
        <>
          <p className={styles.english} lang="en" dir="auto">
            {bridge.english}
          </p>
          {bridge.state === 'ready' && (
            <div className={styles.listen}>
              <ClipButton
                playback={playback}
                label={conversation.listen}
                durationMs={bridge.clip?.durationMs ?? null}
                onClick={() => {
                  viewModel.togglePart(turnId, 'bridge', 1);
                }}
              />
            </div>
          )}
        </>
      )}
      {(bridge.state === 'failed' || bridge.error !== null) && (
        <p className={styles.error}>{errorText(messages, bridge.error ?? { code: 'app/internal' })}</p>
      )}
    </section>
  );
}
