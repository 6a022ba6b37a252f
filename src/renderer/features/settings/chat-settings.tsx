import { ExternalLink } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import {
  longestChatKey,
  longestModelName,
  type ChatKeyState,
  type ChatTest,
  type Settings,
} from '../../../shared/contract/settings.js';
import type { ErrorView } from '../../../shared/errors.js';
import { errorText, useMessages } from '../../i18n/language.js';
import { useViewModel } from '../../view-model.js';
import { Button } from '../../ui/button.js';
import { classNames } from '../../ui/class-names.js';
import { ComboField } from '../../ui/combo-field.js';
import { SelectField, TextField } from '../../ui/field.js';
import { chatPatch, isBaseUrl, lacksKey } from './chat-form.js';
import { chatPresets, presetOf } from './chat-presets.js';
import { useChatModels } from './use-chat-models.js';
import styles from './settings.module.css';

type Outcome =
  | { readonly kind: 'saved' | 'forgotten' | 'testing' | 'incomplete' }
  | ({ readonly kind: 'works' } & Exclude<ChatTest, { readonly error: ErrorView }>)
  | { readonly kind: 'failed'; readonly error: ErrorView };

interface ChatSettingsProps {
  readonly settings: Settings;
  readonly chatKey: ChatKeyState;
}

/** The chat endpoint. Kept when it is saved, not while it is typed; the key leaves this form and never comes back. */
export function ChatSettings({ settings, chatKey }: ChatSettingsProps) {
  const messages = useMessages();
  const viewModel = useViewModel();
  const words = messages.settings;
  const [baseUrl, setBaseUrl] = useState(settings.chatBaseUrl);
  const [model, setModel] = useState(settings.chatModel);
  const [key, setKey] = useState('');
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const list = useChatModels((models) => {
    const [only] = models;
    // A server with one model leaves no choice.
    if (models.length === 1 && only !== undefined) setModel((typed) => (typed === '' ? only : typed));
  });
  const outcomeLine = useRef<HTMLDivElement>(null);
  // In a small window, or with large text, what came of it may lie below what is seen.
  useEffect(() => {
    if (outcome !== null) outcomeLine.current?.scrollIntoView({ block: 'nearest' });
  }, [outcome]);
  const wrongUrl = isBaseUrl(baseUrl.trim()) ? null : words.baseUrlWrong;
  const preset = presetOf(baseUrl);

  function choosePreset(id: string): void {
    const chosen = chatPresets.find((each) => each.id === id);
    setBaseUrl(chosen?.baseUrl ?? '');
    setModel(chosen?.baseUrl === settings.chatBaseUrl ? settings.chatModel : (chosen?.model ?? ''));
    setOutcome(null);
    if (chosen?.keyPage === null) list.ask(chosen.baseUrl, key);
  }

  function askForModels(keyState: ChatKeyState): void {
    if (baseUrl.trim() !== '' && wrongUrl === null && (key.trim() !== '' || !lacksKey(baseUrl, keyState))) {
      list.ask(baseUrl, key);
    }
  }

  async function save(): Promise<ChatKeyState | null> {
    const patch = chatPatch(settings, { baseUrl, model });
    if (Object.keys(patch).length > 0 && !(await viewModel.app.updateSettings(patch))) return null;
    if (key.trim() === '') return chatKey;
    const result = await viewModel.app.setChatKey(key.trim());
    if (!result.ok) return null;
    setKey('');
    return result.value;
  }

  async function saveAndTest(): Promise<void> {
    setOutcome({ kind: 'testing' });
    const keyState = await save();
    if (keyState === null) {
      setOutcome(null);
    } else if (lacksKey(baseUrl, keyState) || baseUrl.trim() === '' || model.trim() === '') {
      setOutcome({ kind: 'incomplete' });
      askForModels(keyState);
    } else {
      askForModels(keyState);
      const tested = await viewModel.app.testChat();
      setOutcome('error' in tested ? { kind: 'failed', error: tested.error } : { kind: 'works', ...tested });
    }
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save().then((saved) => {
          setOutcome(saved === null ? null : { kind: 'saved' });
        });
      }}
    >
      <p className={styles.lead}>{words.chatLead}</p>
      <SelectField
        label={words.preset}
        value={preset?.id ?? 'own'}
        onChange={(event) => {
          choosePreset(event.target.value);
        }}
      >
        {chatPresets.map(({ id }) => (
          <option key={id} value={id}>
            {words.presets[id]}
          </option>
        ))}
        <option value="own">{words.presetOwn}</option>
      </SelectField>
      {preset !== null && (
        <p className={classNames(styles.hint, styles.beneath)}>
          {preset.keyPage === null ? (
            words.presetKeyless
          ) : (
            <a className={styles.link} href={preset.keyPage} target="_blank" rel="noreferrer">
              {words.presetKey(new URL(preset.keyPage).hostname)}
              <ExternalLink size="1em" aria-hidden />
            </a>
          )}
        </p>
      )}
      <TextField
        label={words.baseUrl}
        hint={words.baseUrlHint}
        wrong={wrongUrl}
        type="text"
        inputMode="url"
        placeholder="https://api.example.com/v1"
        value={baseUrl}
        onChange={(event) => {
          setBaseUrl(event.target.value);
        }}
      />
      <div className={styles.pair}>
        <ComboField
          label={words.model}
          listLabel={words.modelList}
          hint={words.modelHint(list.state)}
          placeholder="deepseek-v4-flash"
          maxLength={longestModelName}
          value={model}
          options={list.models}
          onValue={setModel}
          onFocus={() => {
            askForModels(chatKey);
          }}
        />
        <TextField
          label={words.key}
          hint={words.keyHint}
          type="password"
          autoComplete="new-password"
          placeholder={chatKey === 'none' ? 'sk-…' : words.keyReplace}
          maxLength={longestChatKey}
          value={key}
          onChange={(event) => {
            setKey(event.target.value);
          }}
        />
      </div>
      {chatKey !== 'none' && (
        <div className={classNames(styles.note, chatKey === 'session' && styles.session)}>
          <p>{chatKey === 'keyring' ? words.keyringNote : words.sessionNote}</p>
          <Button
            onClick={() => {
              void viewModel.app.setChatKey(null).then((result) => {
                if (result.ok) setOutcome({ kind: 'forgotten' });
              });
            }}
          >
            {words.keyForget}
          </Button>
        </div>
      )}
      <div className={styles.actions}>
        <Button type="submit" disabled={wrongUrl !== null}>
          {words.save}
        </Button>
        <Button
          look="primary"
          disabled={wrongUrl !== null || outcome?.kind === 'testing'}
          onClick={() => void saveAndTest()}
        >
          {words.saveAndTest}
        </Button>
      </div>
      <div role="status" ref={outcomeLine}>
        {outcome !== null && <OutcomeLine outcome={outcome} />}
      </div>
    </form>
  );
}

function OutcomeLine({ outcome }: { readonly outcome: Outcome }) {
  const messages = useMessages();
  const words = messages.settings;
  if (outcome.kind === 'works') {
    const ok = words.testOk(Math.round(outcome.latencyMs));
    return (
      <p className={classNames(styles.result, styles.good)}>
        {outcome.streams ? ok : messages.sentences(ok, words.testWhole)}
      </p>
    );
  }
  if (outcome.kind === 'failed') {
    return <p className={classNames(styles.result, styles.bad)}>{errorText(messages, outcome.error)}</p>;
  }
  const text = {
    saved: words.saved,
    forgotten: words.keyForgotten,
    testing: words.testing,
    incomplete: messages.sentences(words.saved, words.testScripted),
  }[outcome.kind];
  return <p className={styles.result}>{text}</p>;
}
