import { Download } from 'lucide-react';
import { useEffect, useId, useState } from 'react';
import { useStore } from 'zustand';
import type { ModelsView, ModelView } from '../../../shared/contract/models.js';
import { errorText, useMessages } from '../../i18n/language.js';
import { useViewModel } from '../../view-model.js';
import { Button } from '../../ui/button.js';
import { Dialog } from '../../ui/dialog.js';
import { TextField } from '../../ui/field.js';
import { ModelRow } from './model-row.js';
import { sizeText, sortedModels, wantedOf } from './model-words.js';
import styles from './models.module.css';

/** Which models hear and speak here, and how to get better ones. */
export function ModelsDialog({ onClose }: { readonly onClose: () => void }) {
  const { models: words, loading } = useMessages();
  const { models } = useViewModel();
  const view = useStore(models.store, (state) => state.view);
  useEffect(() => {
    void models.load();
  }, [models]);
  return (
    <Dialog title={words.title} wide onClose={onClose}>
      <p className={styles.lead}>{words.lead}</p>
      {view === null ? (
        <p className={styles.facts}>{loading}</p>
      ) : (
        <>
          <Recommended view={view} />
          <Kind view={view} kind="recogniser" title={words.recognisers} />
          <Kind view={view} kind="voice" title={words.voices} />
          <details className={styles.more}>
            <summary>{words.otherWays}</summary>
            <Import />
            <Mirrors key={view.mirrors.join('\n')} mirrors={view.mirrors} />
            <Proxy proxy={view.proxy ?? ''} />
            <Folder view={view} />
          </details>
        </>
      )}
    </Dialog>
  );
}

/** One button, and the app hears and speaks as well as this machine can. */
function Recommended({ view }: { readonly view: ModelsView }) {
  const { models: words } = useMessages();
  const { models } = useViewModel();
  const wanted = wantedOf(view).filter(({ download }) => download === null || download.state === 'paused');
  if (wanted.length === 0) return null;
  const bytes = wanted.reduce((sum, model) => sum + (model.state === 'absent' ? model.bytes : 0), 0);

  async function install(): Promise<void> {
    for (const { id, state } of wanted) await (state === 'absent' ? models.install(id) : models.use(id));
  }

  return (
    <section className={styles.recommended}>
      <h3>{words.forThisMachine}</h3>
      <p>{wanted.map(({ name }) => name).join(' + ')}</p>
      <Button look="primary" onClick={() => void install()}>
        <Download size="1em" aria-hidden />
        {bytes === 0 ? words.use : words.downloadAll(sizeText(bytes))}
      </Button>
      <p className={styles.facts}>{words.meanwhile}</p>
    </section>
  );
}

interface KindProps {
  readonly view: ModelsView;
  readonly kind: ModelView['kind'];
  readonly title: string;
}

function Kind({ view, kind, title }: KindProps) {
  const { models: words } = useMessages();
  const { near, others } = sortedModels(view, kind);
  const list = (models: readonly ModelView[], label: string) => (
    <ul className={styles.models} aria-label={label}>
      {models.map((model) => (
        <ModelRow key={model.id} model={model} speaker={view.speaker} />
      ))}
    </ul>
  );
  return (
    <section className={styles.kind}>
      <h3>{title}</h3>
      {list(near, title)}
      {others.length > 0 && (
        <details className={styles.more}>
          <summary>{words.others(others.length)}</summary>
          {list(others, words.others(others.length))}
        </details>
      )}
    </section>
  );
}

function Import() {
  const { models: words } = useMessages();
  const { models } = useViewModel();
  const [path, setPath] = useState('');
  const [busy, setBusy] = useState(false);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        setBusy(true);
        void models.import(path).then((ok) => {
          setBusy(false);
          if (ok) setPath('');
        });
      }}
    >
      <TextField
        label={words.import}
        hint={words.importHint}
        value={path}
        onChange={(event) => {
          setPath(event.target.value);
        }}
      />
      <div className={styles.actions}>
        <Button type="submit" disabled={busy || path.trim() === ''}>
          {busy ? words.importing : words.importNow}
        </Button>
      </div>
    </form>
  );
}

/** Where the models are, and how to have them elsewhere. */
function Folder({ view }: { readonly view: ModelsView }) {
  const messages = useMessages();
  const { models: words } = messages;
  const { models } = useViewModel();
  const [folder, setFolder] = useState('');
  const { moving, folderError } = view;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void models.move(folder).then((ok) => {
          if (ok) setFolder('');
        });
      }}
    >
      <TextField
        label={words.move}
        hint={words.folder(view.folder)}
        wrong={folderError === null ? null : errorText(messages, folderError)}
        value={folder}
        onChange={(event) => {
          setFolder(event.target.value);
        }}
      />
      <div className={styles.actions}>
        <Button type="submit" disabled={moving !== null || folder.trim() === ''}>
          {moving === null ? words.moveNow : words.moving(sizeText(moving.moved), sizeText(moving.total))}
        </Button>
      </div>
    </form>
  );
}

function Proxy({ proxy }: { readonly proxy: string }) {
  const { models: words } = useMessages();
  const { models } = useViewModel();
  /** What is being entered; what is kept shows no password. */
  const [text, setText] = useState<string | null>(null);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void models.setProxy(text ?? '').then((ok) => {
          if (ok) setText(null);
        });
      }}
    >
      <TextField
        label={words.proxy}
        hint={words.proxyHint}
        value={text ?? proxy}
        onChange={(event) => {
          setText(event.target.value);
        }}
      />
      <div className={styles.actions}>
        <Button type="submit" disabled={text === null || text.trim() === proxy}>
          {words.save}
        </Button>
      </div>
    </form>
  );
}

function Mirrors({ mirrors }: { readonly mirrors: readonly string[] }) {
  const { models: words } = useMessages();
  const { models } = useViewModel();
  const [text, setText] = useState(mirrors.join('\n'));
  const id = useId();
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return (
    <form
      className={styles.mirrors}
      onSubmit={(event) => {
        event.preventDefault();
        void models.setMirrors(lines);
      }}
    >
      <label htmlFor={id}>{words.mirrors}</label>
      <textarea
        id={id}
        rows={2}
        spellCheck={false}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
        }}
      />
      <p className={styles.facts}>{words.mirrorsHint}</p>
      <div className={styles.actions}>
        <Button type="submit" disabled={lines.join('\n') === mirrors.join('\n')}>
          {words.save}
        </Button>
      </div>
    </form>
  );
}
