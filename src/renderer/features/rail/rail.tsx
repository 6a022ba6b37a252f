import { X } from 'lucide-react';
import { useStore } from 'zustand';
import { useMessages } from '../../i18n/language.js';
import { useViewModel } from '../../view-model.js';
import { Button, IconButton } from '../../ui/button.js';
import styles from './rail.module.css';

interface RailProps {
  readonly topicId: string;
  readonly onClose: () => void;
  /** A line was put into the text box. */
  readonly onFilled: () => void;
}

/** What helps somebody who does not know what to say. */
export function Rail({ topicId, onClose, onFilled }: RailProps) {
  const messages = useMessages();
  const viewModel = useViewModel();
  const suggestions = useStore(viewModel.conversation.store, (state) => state.suggestions);
  const demoPhrases = useStore(viewModel.app.store, (state) => state.facts?.status.demoPhrases ?? null);
  const { rail } = messages;

  function fill(text: string): void {
    viewModel.shell.fill(topicId, text);
    onFilled();
  }

  return (
    <div className={styles.rail}>
      <section>
        <div className={styles.head}>
          <h2 className={styles.title}>{rail.stuck}</h2>
          <IconButton label={messages.nav.hideHelp} onClick={onClose}>
            <X size="1.125em" aria-hidden />
          </IconButton>
        </div>
        {suggestions.length === 0 ? (
          <p className={styles.hint}>{rail.noSuggestions}</p>
        ) : (
          <>
            <h3 className={styles.subtitle}>{rail.suggestions}</h3>
            <p className={styles.hint}>{rail.suggestionHint}</p>
            <ul className={styles.lines} aria-label={rail.suggestions}>
              {suggestions.map(({ english, chinese }) => (
                <li key={english}>
                  <button
                    type="button"
                    className={styles.line}
                    onClick={() => {
                      fill(english);
                    }}
                  >
                    <span lang="en">{english}</span>
                    <small lang="zh">{chinese}</small>
                  </button>
                </li>
              ))}
            </ul>
          </>
        )}
      </section>
      {demoPhrases !== null && (
        <details className={styles.demo}>
          <summary>{rail.demoTitle}</summary>
          <p className={styles.hint}>{rail.demoHint(demoPhrases.length)}</p>
          <Button
            onClick={() => {
              viewModel.shell.show({ kind: 'models' });
            }}
          >
            {messages.models.better}
          </Button>
          <ul className={styles.lines} aria-label={rail.demoTitle}>
            {demoPhrases.map((phrase) => (
              <li key={phrase}>
                <button
                  type="button"
                  className={styles.phrase}
                  dir="auto"
                  onClick={() => {
                    fill(phrase);
                  }}
                >
                  {phrase}
                </button>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
