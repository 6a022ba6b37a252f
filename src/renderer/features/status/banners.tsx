import { useStore } from 'zustand';
import type { EngineView } from '../../../shared/contract/app.js';
import type { ErrorCode } from '../../../shared/errors.js';
import { errorText, useMessages } from '../../i18n/language.js';
import { useViewModel } from '../../view-model.js';
import { Button } from '../../ui/button.js';
import { classNames } from '../../ui/class-names.js';
import styles from './status.module.css';

/** What stands in the way of the whole app: a lost connection, or an engine that does not run. */
export function Banners() {
  const viewModel = useViewModel();
  const connection = useStore(viewModel.app.store, (state) => state.connection);
  const recogniser = useStore(viewModel.app.store, (state) => state.facts?.status.recogniser);
  const voice = useStore(viewModel.app.store, (state) => state.facts?.status.voice);
  return (
    <div role="status">
      {connection === 'lost' && <LostBanner />}
      {connection === 'taken' && <TakenBanner />}
      {connection === 'open' && (
        <>
          <EngineBanner name="recogniser" engine={recogniser} />
          <EngineBanner name="voice" engine={voice} />
        </>
      )}
    </div>
  );
}

/** Here the words say what to do about the engine. What those for other codes advise is for a single take or reply. */
const aboutEngine: ReadonlySet<ErrorCode> = new Set([
  'recogniser/not-installed',
  'recogniser/model-missing',
  'recogniser/model-damaged',
  'voice/not-installed',
  'voice/model-missing',
  'recogniser/out-of-memory',
  'recogniser/stopped',
  'voice/stopped',
]);

function LostBanner() {
  const { connection } = useMessages();
  return (
    <div className={styles.banner}>
      <p>{connection.lost}</p>
    </div>
  );
}

function TakenBanner() {
  const { connection } = useMessages();
  const viewModel = useViewModel();
  return (
    <div className={styles.banner}>
      <p>{connection.taken}</p>
      <Button
        onClick={() => {
          viewModel.client.takeBack();
        }}
      >
        {connection.takeBack}
      </Button>
    </div>
  );
}

function EngineBanner(props: { readonly name: 'recogniser' | 'voice'; readonly engine: EngineView | undefined }) {
  const messages = useMessages();
  const viewModel = useViewModel();
  const { name, engine } = props;
  if (engine?.state !== 'failed' && engine?.state !== 'stopped') return null;
  const code = engine.error?.code ?? (name === 'recogniser' ? 'recogniser/failed' : 'voice/failed');
  return (
    <div className={classNames(styles.banner, styles.bad)}>
      <p>{aboutEngine.has(code) ? errorText(messages, { code }) : messages.errors[code].what}</p>
      <Button
        onClick={() => {
          void viewModel.app.restartEngine(name);
        }}
      >
        {messages.status.restart}
      </Button>
    </div>
  );
}
