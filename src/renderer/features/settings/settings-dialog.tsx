import { useEffect, useRef, type ReactNode } from 'react';
import type { AppFacts } from '../../stores/app-store.js';
import { useMessages } from '../../i18n/language.js';
import { Dialog } from '../../ui/dialog.js';
import { ChatSettings } from './chat-settings.js';
import { LookSettings } from './look-settings.js';
import styles from './settings.module.css';
import { SpeakingSettings } from './speaking-settings.js';

export type SettingsSection = 'chat' | 'speaking' | 'look';

interface SettingsDialogProps {
  readonly facts: AppFacts;
  /** What to begin with. */
  readonly section: SettingsSection;
  readonly onClose: () => void;
}

/** All settings. Those of the chat endpoint are saved by a button, the others at once. */
export function SettingsDialog({ facts, section, onClose }: SettingsDialogProps) {
  const { settings: words, keys, composer } = useMessages();
  const { settings, chatKey } = facts;
  const keyList: readonly (readonly [string, string])[] = [
    [composer.space, keys.talk],
    ['Enter', keys.send],
    ['N', keys.holdOn],
    ['R', keys.replay],
    ['S', keys.slow],
    ['T', keys.text],
    ['Esc', keys.stop],
    ['Ctrl N', keys.newTopic],
    ['Ctrl ,', keys.settings],
  ];
  return (
    <Dialog title={words.title} wide onClose={onClose}>
      <Section title={words.chat} shown={section === 'chat'}>
        <ChatSettings settings={settings} chatKey={chatKey} />
      </Section>
      <Section title={words.speaking} shown={section === 'speaking'}>
        <SpeakingSettings settings={settings} />
      </Section>
      <Section title={words.look} shown={section === 'look'}>
        <LookSettings settings={settings} />
      </Section>
      <Section title={words.keys} shown={false}>
        <dl className={styles.keys}>
          {keyList.map(([key, what]) => (
            <div key={key} style={{ display: 'contents' }}>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
      </Section>
      <p className={styles.version}>{words.version(facts.version)}</p>
    </Dialog>
  );
}

function Section(props: { readonly title: string; readonly shown: boolean; readonly children: ReactNode }) {
  const element = useRef<HTMLElement>(null);
  const { shown } = props;
  useEffect(() => {
    if (shown) element.current?.scrollIntoView({ block: 'nearest' });
  }, [shown]);
  return (
    <section ref={element} className={styles.section}>
      <h3 className={styles.title}>{props.title}</h3>
      {props.children}
    </section>
  );
}
