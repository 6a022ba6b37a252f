import { Component, type ContextType, type ReactNode } from 'react';
import styles from './app.module.css';
import { languageFor, messagesIn } from './i18n/language.js';
import { ViewModelContext } from './view-model.js';
import { Button } from './ui/button.js';

/**
 * What is there when a view throws: words, and a way on. Without it React takes everything away, and the window stays
 * empty. What was said is kept by the core, which this is not.
 */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, { readonly failed: boolean }> {
  static override contextType = ViewModelContext;
  declare context: ContextType<typeof ViewModelContext>;
  override state = { failed: false };

  static getDerivedStateFromError(): { readonly failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    // The provider of the words is one of what has been taken away.
    const setting = this.context?.app.store.getState().facts?.settings.interfaceLanguage ?? 'system';
    const { crash } = messagesIn(languageFor(setting, navigator.languages));
    return (
      <div className={styles.plain} role="alert">
        <h1>{crash.title}</h1>
        <p>{crash.words}</p>
        <Button
          look="primary"
          onClick={() => {
            window.location.reload();
          }}
        >
          {crash.reload}
        </Button>
      </div>
    );
  }
}
