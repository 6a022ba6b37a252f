import { useStore } from 'zustand';
import { useMessages } from '../../i18n/language.js';
import { useViewModel } from '../../view-model.js';
import { Button } from '../../ui/button.js';
import styles from './composer.module.css';

/** Stops the pause that would send what was said. There while one runs. */
export function HoldOnButton() {
  const { composer } = useMessages();
  const viewModel = useViewModel();
  const pausing = useStore(viewModel.talk.store, ({ listening }) => Boolean(listening?.pause));
  if (!pausing) return null;
  return (
    <Button
      className={styles.holdOn}
      aria-keyshortcuts="N"
      onClick={() => {
        viewModel.holdOn();
      }}
    >
      {composer.holdOn}
      <kbd>N</kbd>
    </Button>
  );
}
