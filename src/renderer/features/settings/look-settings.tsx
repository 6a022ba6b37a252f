import type { Settings } from '../../../shared/contract/settings.js';
import { useMessages } from '../../i18n/language.js';
import { useViewModel } from '../../view-model.js';
import { Segmented, type SegmentedOption } from '../../ui/segmented.js';
import styles from './settings.module.css';

const textScales: readonly Settings['textScalePercent'][] = [100, 125, 150, 200];

/** Language, theme and text size: each takes effect at once. */
export function LookSettings({ settings }: { readonly settings: Settings }) {
  const { settings: words } = useMessages();
  const { app } = useViewModel();
  return (
    <>
      <Row
        label={words.language}
        value={settings.interfaceLanguage}
        options={[
          { value: 'system', label: words.followSystem },
          // A language is named in itself, so that it is found again by those who cannot read the other.
          { value: 'zh', label: '中文' },
          { value: 'en', label: 'English' },
        ]}
        onChange={(interfaceLanguage) => {
          void app.updateSettings({ interfaceLanguage });
        }}
      />
      <Row
        label={words.theme}
        value={settings.theme}
        options={[
          { value: 'system', label: words.followSystem },
          { value: 'light', label: words.light },
          { value: 'dark', label: words.dark },
        ]}
        onChange={(theme) => {
          void app.updateSettings({ theme });
        }}
      />
      <Row
        label={words.textSize}
        value={settings.textScalePercent}
        options={textScales.map((value) => ({ value, label: `${String(value)}%` }))}
        onChange={(textScalePercent) => {
          void app.updateSettings({ textScalePercent });
        }}
      />
    </>
  );
}

interface RowProps<T> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly SegmentedOption<T>[];
  readonly onChange: (value: T) => void;
}

function Row<T extends string | number>(props: RowProps<T>) {
  return (
    <div className={styles.row}>
      <span className={styles.rowLabel}>{props.label}</span>
      <Segmented {...props} />
    </div>
  );
}
