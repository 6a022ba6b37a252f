import { Coffee, MessageCircle, MessagesSquare, PencilLine, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { SceneId } from '../../../shared/contract/topic.js';
import { useMessages } from '../../i18n/language.js';
import { useViewModel } from '../../view-model.js';
import styles from './scene-choices.module.css';

const sceneIcons: Readonly<Record<SceneId, LucideIcon>> = {
  'free-talk': MessageCircle,
  'ordering-food': Coffee,
  'small-talk': MessagesSquare,
};

/** The scenes, each one click away from its first words, and a blank topic. */
export function SceneChoices(props: { readonly onCreated: () => void }) {
  const messages = useMessages();
  const viewModel = useViewModel();
  const scenes = useStore(viewModel.app.store, (state) => state.facts?.scenes);
  const [creating, setCreating] = useState(false);
  const language = messages.locale === 'en' ? 'en' : 'zh';

  async function create(sceneId: SceneId | null, theme: string): Promise<void> {
    setCreating(true);
    const created = await viewModel.createTopic(sceneId, theme);
    setCreating(false);
    if (created) props.onCreated();
  }

  return (
    <ul className={styles.choices}>
      {scenes?.map((scene) => (
        <Choice
          key={scene.id}
          icon={sceneIcons[scene.id]}
          theme={scene.theme[language]}
          setting={scene.setting[language]}
          disabled={creating}
          onChoose={() => void create(scene.id, scene.theme[language])}
        />
      ))}
      <Choice
        icon={PencilLine}
        theme={messages.topics.blankTheme}
        setting={messages.topics.blankSetting}
        disabled={creating}
        onChoose={() => void create(null, messages.topics.blankTheme)}
      />
    </ul>
  );
}

interface ChoiceProps {
  readonly icon: LucideIcon;
  readonly theme: string;
  readonly setting: string;
  readonly disabled: boolean;
  readonly onChoose: () => void;
}

function Choice({ icon: Icon, theme, setting, disabled, onChoose }: ChoiceProps) {
  return (
    <li>
      <button type="button" className={styles.scene} disabled={disabled} onClick={onChoose}>
        <span className={styles.icon}>
          <Icon size="1.25em" aria-hidden />
        </span>
        <span className={styles.theme}>{theme}</span>
        <span className={styles.setting}>{setting}</span>
      </button>
    </li>
  );
}
