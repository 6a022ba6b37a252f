import { useStore } from 'zustand';
import { useMessages } from '../../i18n/language.js';
import { useViewModel } from '../../view-model.js';
import { Button } from '../../ui/button.js';
import styles from './welcome.module.css';

/** While the demo hears: that there is more to be had. */
export function DemoHint() {
  const { models: words } = useMessages();
  const { app, shell } = useViewModel();
  const isDemo = useStore(app.store, (state) => state.facts?.status.recogniser.demo === true);
  if (!isDemo) return null;
  return (
    <div className={styles.demo}>
      <p>{words.demoLead}</p>
      <Button
        onClick={() => {
          shell.show({ kind: 'models' });
        }}
      >
        {words.better}
      </Button>
    </div>
  );
}
