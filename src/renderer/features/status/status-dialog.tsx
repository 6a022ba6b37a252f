import type { ReactNode } from 'react';
import type { EngineView, StatusView, VoiceView } from '../../../shared/contract/app.js';
import { errorText, useMessages } from '../../i18n/language.js';
import { useViewModel } from '../../view-model.js';
import { Button } from '../../ui/button.js';
import { classNames } from '../../ui/class-names.js';
import { Dialog } from '../../ui/dialog.js';
import {
  canBeTriedAgain,
  deviceText,
  engineChip,
  partnerChip,
  voiceSpeedText,
  type ChipWords,
} from './engine-words.js';
import styles from './status.module.css';

/** What the chips mean, and what can be done. */
export function StatusDialog(props: { readonly status: StatusView; readonly onClose: () => void }) {
  const messages = useMessages();
  const viewModel = useViewModel();
  const { status: words } = messages;
  const { recogniser, voice, partner } = props.status;
  const states = { starting: words.starting, failed: words.failed, stopped: words.stopped };
  return (
    <Dialog title={words.title} onClose={props.onClose}>
      <p className={styles.lead}>{words.lead}</p>
      <div className={styles.rows}>
        <Engine
          name="recogniser"
          title={words.recogniser}
          engine={recogniser}
          chip={engineChip(recogniser, { ...states, demo: words.demoRecogniser })}
          hint={recogniser.demo ? words.demoRecogniserHint : words.realRecogniserHint}
          facts={
            recogniser.warmingUp && (
              <div>
                <dt>{words.preparation}</dt>
                <dd>{words.warmingUp}</dd>
              </div>
            )
          }
        />
        <Engine
          name="voice"
          title={words.voice}
          engine={voice}
          chip={engineChip(voice, { ...states, demo: words.demoVoice })}
          hint={voice.demo ? words.demoVoiceHint : words.realVoiceHint}
          facts={voice.state === 'ready' && <VoiceSpeed voice={voice} />}
        />
        <Row title={words.partner} chip={partnerChip(partner, messages)}>
          <p className={styles.hint}>{partner.kind === 'scripted' ? words.scriptedHint : words.endpointHint}</p>
          <Button
            className={styles.action}
            onClick={() => {
              viewModel.shell.show({ kind: 'settings', section: 'chat' });
            }}
          >
            {partner.kind === 'scripted' ? words.toSettings : words.chatSettings}
          </Button>
        </Row>
      </div>
    </Dialog>
  );
}

function Row(props: { readonly title: string; readonly chip: ChipWords; readonly children: ReactNode }) {
  const { label, health } = props.chip;
  return (
    <section className={styles.row}>
      <div className={styles.rowHead}>
        <h3>{props.title}</h3>
        <span className={classNames(styles.label, health !== 'good' && styles[health])}>{label}</span>
      </div>
      {props.children}
    </section>
  );
}

interface EngineProps {
  readonly name: 'recogniser' | 'voice';
  readonly title: string;
  readonly engine: EngineView;
  readonly chip: ChipWords;
  readonly hint: string;
  /** What else is known of it. */
  readonly facts?: ReactNode;
}

function Engine({ name, title, engine, chip, hint, facts }: EngineProps) {
  const messages = useMessages();
  const viewModel = useViewModel();
  return (
    <Row title={title} chip={chip}>
      <dl className={styles.facts}>
        <div>
          <dt>{messages.status.model}</dt>
          <dd>{engine.model}</dd>
        </div>
        {engine.device !== null && (
          <div>
            <dt>{messages.status.device}</dt>
            <dd>{deviceText(engine.device)}</dd>
          </div>
        )}
        {facts}
      </dl>
      <p className={styles.hint}>{hint}</p>
      {engine.error !== null && <p className={styles.error}>{errorText(messages, engine.error)}</p>}
      {engine.state === 'ready' && engine.fallback !== null && (
        <p className={styles.fallback}>{errorText(messages, engine.fallback)}</p>
      )}
      <div className={styles.actions}>
        <Button
          onClick={() => {
            viewModel.shell.show({ kind: 'models' });
          }}
        >
          {engine.demo ? messages.models.better : messages.models.open}
        </Button>
        {canBeTriedAgain(engine) && (
          <Button
            onClick={() => {
              void viewModel.app.restartEngine(name);
            }}
          >
            {messages.status.restart}
          </Button>
        )}
      </div>
    </Row>
  );
}

/** How fast the voice is on this machine, as it was measured. */
function VoiceSpeed({ voice }: { readonly voice: VoiceView }) {
  const { status } = useMessages();
  const factor = voice.realTimeFactor;
  return (
    <div>
      <dt>{status.voiceSpeed}</dt>
      <dd>{factor === null ? status.notMeasured : voiceSpeedText(status, factor)}</dd>
    </div>
  );
}
