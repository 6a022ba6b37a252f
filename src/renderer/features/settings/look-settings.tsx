import type { Settings } from '../../../shared/contract/settings.js';
import { useMessages } from '../../i18n/language.js';
import { useViewModel } from '../../view-model.js';
import { ChoiceRow } from './choice-row.js';

const textScales: readonly Settings['textScalePercent'][] = [100, 125, 150, 200];

/** Language, theme and text size: each takes effect at once. */
export function LookSettings({ settings }: { readonly settings: Settings }) {
  const { settings: words } = useMessages();
  const { app } = useViewModel();
  return (
    <>
      <ChoiceRow
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
      <ChoiceRow
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
      <ChoiceRow
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
