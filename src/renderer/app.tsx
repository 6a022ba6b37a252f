import { useEffect } from 'react';
import { useStore } from 'zustand';
import { AppDialogs } from './app-dialogs.js';
import styles from './app.module.css';
import { errorText, languageFor, LanguageProvider, messagesIn, useMessages } from './i18n/language.js';
import { useViewModel } from './view-model.js';
import { Shell } from './shell.js';
import type { AppFacts } from './stores/app-store.js';
import { Button } from './ui/button.js';

/** The whole interface, once there is something to show. */
export function App() {
  const viewModel = useViewModel();
  const facts = useStore(viewModel.app.store, (state) => state.facts);
  const language = languageFor(facts?.settings.interfaceLanguage ?? 'system', navigator.languages);
  const messages = messagesIn(language);
  useAppearance(facts, messages.locale);
  return (
    <LanguageProvider messages={messages}>
      {facts === null ? (
        <Starting />
      ) : (
        <>
          <Shell facts={facts} />
          <AppDialogs facts={facts} />
        </>
      )}
    </LanguageProvider>
  );
}

function Starting() {
  const messages = useMessages();
  const viewModel = useViewModel();
  const error = useStore(viewModel.app.store, (state) => state.startError);
  const connection = useStore(viewModel.app.store, (state) => state.connection);
  if (error !== null) {
    return (
      <div className={styles.plain} role="alert">
        <h1>{messages.connection.startFailed}</h1>
        <p>{errorText(messages, error)}</p>
        <Button look="primary" onClick={() => void viewModel.reload()}>
          {messages.retry}
        </Button>
      </div>
    );
  }
  if (connection === 'taken') {
    return (
      <div className={styles.plain} role="alert">
        <p>{messages.connection.taken}</p>
        <Button
          look="primary"
          onClick={() => {
            viewModel.client.takeBack();
          }}
        >
          {messages.connection.takeBack}
        </Button>
      </div>
    );
  }
  return (
    <p className={styles.plain} role="status">
      {connection === 'lost' ? messages.connection.lost : messages.loading}
    </p>
  );
}

/** Language, theme and text size belong to the root element: everything is measured and coloured by it. */
function useAppearance(facts: AppFacts | null, locale: string): void {
  const theme = facts?.settings.theme ?? 'system';
  const textScalePercent = facts?.settings.textScalePercent ?? 100;
  useEffect(() => {
    const root = document.documentElement;
    root.lang = locale;
    root.style.fontSize = textScalePercent === 100 ? '' : `${String(textScalePercent)}%`;
    if (theme === 'system') delete root.dataset.theme;
    else root.dataset.theme = theme;
  }, [theme, textScalePercent, locale]);
}
