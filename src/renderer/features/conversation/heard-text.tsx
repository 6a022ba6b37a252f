import type { PromptView } from '../../../shared/contract/turn.js';
import { useMessages } from '../../i18n/language.js';
import { heardStretches } from './spoken-words.js';
import styles from './turn-item.module.css';

/** What the learner said, with the words that the machine was unsure of underlined: about its hearing, not their speech. */
export function HeardText({ prompt }: { readonly prompt: PromptView }) {
  const { conversation } = useMessages();
  return (
    <p className={styles.said} lang={prompt.language === 'en' ? 'en' : 'zh'} dir="auto">
      {heardStretches(prompt.text, prompt.words ?? []).map(({ text, unsure }, index) =>
        unsure ? (
          <span
            key={index}
            role="mark"
            className={styles.unsure}
            title={conversation.unsureWord}
            aria-description={conversation.unsureWord}
          >
            {text}
          </span>
        ) : (
          text
        ),
      )}
    </p>
  );
}
