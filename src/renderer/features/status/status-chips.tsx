import type { StatusView } from '../../../shared/contract/app.js';
import { useStore } from 'zustand';
import { downloadPercent } from '../../../shared/contract/models.js';
import { useMessages } from '../../i18n/language.js';
import { useViewModel } from '../../view-model.js';
import { classNames } from '../../ui/class-names.js';
import { engineChip, partnerChip, type ChipWords } from './engine-words.js';
import styles from './status.module.css';

/** What listens, what speaks and who answers, as it really is. Each chip leads to an explanation. */
export function StatusChips({ status }: { readonly status: StatusView }) {
  const messages = useMessages();
  const { status: words } = messages;
  const recogniser = engineChip(status.recogniser, {
    starting: words.startingRecogniser,
    failed: words.failedRecogniser,
    stopped: words.stoppedRecogniser,
    demo: words.demoRecogniser,
  });
  const voice = engineChip(status.voice, {
    starting: words.startingVoice,
    failed: words.failedVoice,
    stopped: words.stoppedVoice,
    demo: words.demoVoice,
  });
  return (
    <div className={styles.chips}>
      <Chip name="recogniser" chip={recogniser} />
      <Chip name="voice" chip={voice} />
      <Chip name="partner" chip={partnerChip(status.partner, messages)} />
      <DownloadChip />
    </div>
  );
}

function Chip({ name, chip }: { readonly name: 'recogniser' | 'voice' | 'partner'; readonly chip: ChipWords }) {
  const { status } = useMessages();
  const viewModel = useViewModel();
  return (
    <button
      type="button"
      data-testid={`status-chip-${name}`}
      className={classNames(styles.chip, chip.health !== 'good' && styles[chip.health])}
      aria-haspopup="dialog"
      title={status.open(chip.label)}
      onClick={() => {
        viewModel.shell.show({ kind: 'status' });
      }}
    >
      <span>{chip.label}</span>
    </button>
  );
}

/** How far the downloads are; nothing where none runs. */
function DownloadChip() {
  const { models: words } = useMessages();
  const { models, shell } = useViewModel();
  const percent = useStore(models.store, ({ view }) => downloadPercent(view));
  if (percent === null) return null;
  return (
    <button
      type="button"
      className={classNames(styles.chip, styles.waiting)}
      aria-haspopup="dialog"
      onClick={() => {
        shell.show({ kind: 'models' });
      }}
    >
      <span>{words.chip(percent)}</span>
    </button>
  );
}
