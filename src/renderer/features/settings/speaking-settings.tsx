import { Mic, Square } from 'lucide-react';
import { useEffect, useState } from 'react';
import { spokenLanguages, talkModes, type Settings } from '../../../shared/contract/settings.js';
import type { ErrorView } from '../../../shared/errors.js';
import { errorText, useMessages } from '../../i18n/language.js';
import { useViewModel } from '../../view-model.js';
import { Button } from '../../ui/button.js';
import { SelectField } from '../../ui/field.js';
import { useFrames } from '../../ui/use-frames.js';
import { ChoiceRow } from './choice-row.js';
import styles from './settings.module.css';
import { useMicrophones } from './use-microphones.js';

/** How to talk, and into what. */
export function SpeakingSettings({ settings }: { readonly settings: Settings }) {
  const messages = useMessages();
  const viewModel = useViewModel();
  const words = messages.settings;
  const [testing, setTesting] = useState(false);
  const [error, setError] = useState<ErrorView | null>(null);
  const microphones = useMicrophones(testing);
  const named = microphones.filter(({ deviceId }) => deviceId !== '' && deviceId !== 'default');
  const chosen = settings.microphoneId;

  async function test(): Promise<void> {
    setError(null);
    const opened = await viewModel.microphone.open(false);
    setTesting(opened.ok);
    if (!opened.ok) setError(opened.error);
  }

  useEffect(() => {
    if (!testing) return;
    return () => {
      viewModel.microphone.release();
    };
  }, [testing, viewModel]);

  async function choose(microphoneId: string | null): Promise<void> {
    const label = named.find(({ deviceId }) => deviceId === microphoneId)?.label ?? '';
    await viewModel.app.updateSettings({ microphoneId, microphoneLabel: label === '' ? null : label });
    if (testing) await test();
  }

  return (
    <>
      <ChoiceRow
        label={words.talkMode}
        value={settings.talkMode}
        options={talkModes.map((value) => ({ value, label: messages.composer.modes[value].hint }))}
        onChange={(talkMode) => {
          void viewModel.app.updateSettings({ talkMode });
        }}
      />
      <ChoiceRow
        label={messages.composer.spokenLanguage}
        value={settings.spokenLanguage}
        options={spokenLanguages.map((value) => ({ value, label: messages.composer.spokenLanguages[value].hint }))}
        onChange={(spokenLanguage) => {
          void viewModel.app.updateSettings({ spokenLanguage });
        }}
      />
      <ChoiceRow
        label={words.computeDevice}
        value={settings.computeDevice}
        options={[
          { value: 'auto', label: words.computeAuto, hint: words.computeAutoHint },
          { value: 'cpu', label: words.computeCpu, hint: words.computeCpuHint },
        ]}
        onChange={(computeDevice) => {
          void viewModel.app.updateSettings({ computeDevice });
        }}
      />
      <div className={styles.row}>
        <span className={styles.rowLabel}>{messages.models.title}</span>
        <Button
          onClick={() => {
            viewModel.shell.show({ kind: 'models' });
          }}
        >
          {messages.models.open}
        </Button>
      </div>
      <SelectField
        label={words.microphone}
        {...(named.some(({ label }) => label !== '') ? {} : { hint: words.microphoneNames })}
        value={chosen ?? ''}
        onChange={(event) => {
          void choose(event.target.value === '' ? null : event.target.value);
        }}
      >
        <option value="">{words.systemMicrophone}</option>
        {named.map(({ deviceId, label }, index) => (
          <option key={deviceId} value={deviceId}>
            {label === '' ? words.unnamedMicrophone(index + 1) : label}
          </option>
        ))}
        {chosen !== null && !named.some(({ deviceId }) => deviceId === chosen) && (
          <option value={chosen}>{words.missingMicrophone}</option>
        )}
      </SelectField>
      <ChoiceRow
        label={words.microphoneRelease}
        value={settings.microphoneRelease}
        options={[
          { value: 'auto', label: words.releaseAuto, hint: words.releaseAutoHint },
          { value: 'always', label: words.releaseAlways, hint: words.releaseAlwaysHint },
        ]}
        onChange={(microphoneRelease) => {
          void viewModel.app.updateSettings({ microphoneRelease });
        }}
      />
      <div className={styles.meter}>
        {testing ? (
          <>
            <Button
              onClick={() => {
                setTesting(false);
              }}
            >
              <Square size="1em" aria-hidden />
              {words.stopTest}
            </Button>
            <Meter />
            <p className={styles.hint}>{words.levelHint}</p>
          </>
        ) : (
          <Button onClick={() => void test()}>
            <Mic size="1em" aria-hidden />
            {words.testMicrophone}
          </Button>
        )}
      </div>
      {error !== null && (
        <p role="alert" className={`${styles.result ?? ''} ${styles.bad ?? ''}`}>
          {errorText(messages, error)}
        </p>
      )}
    </>
  );
}

function Meter() {
  const { settings } = useMessages();
  const { microphone } = useViewModel();
  const percent = useFrames(true, () => Math.round(microphone.level() * 100));
  return (
    <div
      role="meter"
      aria-label={settings.level}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      className={styles.track}
    >
      <div className={styles.fill} style={{ width: `${String(percent)}%` }} />
    </div>
  );
}
