import { Lock } from 'lucide-react';
import { useMessages } from '../../i18n/language.js';
import { DemoHint } from './demo-hint.js';
import { SceneChoices } from './scene-choices.js';
import styles from './welcome.module.css';

/** What a newcomer sees: one click on a scene, and somebody speaks to them. */
export function Welcome() {
  const { welcome } = useMessages();
  return (
    <section className={styles.welcome}>
      <div className={styles.inner}>
        <h1 className={styles.title} tabIndex={-1} data-home>
          {welcome.title}
        </h1>
        <p className={styles.lead}>{welcome.lead}</p>
        <h2 className={styles.pick}>{welcome.pick}</h2>
        <SceneChoices onCreated={() => undefined} />
        <DemoHint />
        <p className={styles.privacy}>
          <Lock size="1em" aria-hidden />
          {welcome.privacy}
        </p>
      </div>
    </section>
  );
}
