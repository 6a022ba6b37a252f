import { spokenLanguages, talkModes, type Settings } from '../../../shared/contract/settings.js';
import { useMessages } from '../../i18n/language.js';
import { useViewModel } from '../../view-model.js';
import { classNames } from '../../ui/class-names.js';
import { Segmented } from '../../ui/segmented.js';
import styles from './composer.module.css';
import { HoldOnButton } from './hold-on-button.js';
import { NoticeList } from './notice-list.js';
import { StateLine } from './state-line.js';
import { TalkButton } from './talk-button.js';
import { TextBox } from './text-box.js';

interface ComposerProps {
  readonly topicId: string;
  readonly settings: Settings;
  readonly narrow: boolean;
  /** So low that everything around the conversation stands in as few rows as can be. */
  readonly short: boolean;
}

/** The one thing to do: talk, or type. */
export function Composer({ topicId, settings, narrow, short }: ComposerProps) {
  const { composer } = useMessages();
  const viewModel = useViewModel();
  return (
    <footer className={classNames(styles.composer, narrow && styles.narrow, short && styles.short)}>
      <NoticeList />
      <div className={styles.inner}>
        <div className={styles.line}>
          <div className={styles.start}>
            <Segmented
              label={composer.mode}
              value={settings.talkMode}
              options={talkModes.map((value) => {
                const { name, hint } = composer.modes[value];
                return { value, label: name, hint };
              })}
              onChange={(talkMode) => {
                void viewModel.app.updateSettings({ talkMode });
              }}
            />
          </div>
          <div className={styles.now}>
            <StateLine />
            {(narrow || short) && <HoldOnButton />}
          </div>
          <div className={styles.end}>
            <Segmented
              label={composer.spokenLanguage}
              value={settings.spokenLanguage}
              options={spokenLanguages.map((value) => {
                const { name, hint } = composer.spokenLanguages[value];
                return { value, label: name, hint };
              })}
              onChange={(spokenLanguage) => {
                void viewModel.app.updateSettings({ spokenLanguage });
              }}
            />
          </div>
        </div>
        <div className={styles.talkLine}>
          <div className={styles.talkCell}>
            <TalkButton mode={settings.talkMode} />
          </div>
          {/* Beside the button where there is room, so that nothing moves when it comes. */}
          {!narrow && !short && <HoldOnButton />}
        </div>
        <TextBox topicId={topicId} />
      </div>
    </footer>
  );
}
