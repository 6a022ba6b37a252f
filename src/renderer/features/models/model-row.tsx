import { isGoing, type ModelView } from '../../../shared/contract/models.js';
import { errorText, useMessages } from '../../i18n/language.js';
import { useViewModel } from '../../view-model.js';
import { Button } from '../../ui/button.js';
import { classNames } from '../../ui/class-names.js';
import { downloadText, percentOf, sizeText } from './model-words.js';
import styles from './models.module.css';

/** One model: what it is, how far it is, and what can be done with it. */
export function ModelRow({ model, speaker }: { readonly model: ModelView; readonly speaker: number }) {
  const messages = useMessages();
  const { models: words } = messages;
  const { models } = useViewModel();
  const { download, error } = model;
  const told = error ?? download?.error ?? null;
  return (
    <li className={styles.model}>
      <div className={styles.head}>
        <h4 className={styles.name}>{model.name}</h4>
        {model.chosen && <span className={classNames(styles.badge, styles.good)}>{words.inUse}</span>}
        {model.recommended && <span className={styles.badge}>{words.recommended}</span>}
        {model.demo && <span className={styles.badge}>{words.demo}</span>}
        {model.bundled && !model.demo && <span className={styles.badge}>{words.bundled}</span>}
      </div>
      <p className={styles.facts}>{factsOf(words, model)}</p>
      {download !== null && <Progress download={download} name={model.name} />}
      {told !== null && (
        <p className={styles.error} role="alert">
          {errorText(messages, told)}
        </p>
      )}
      {model.chosen && model.speakers.length > 1 && (
        <label className={styles.speaker}>
          {words.speaker}
          <select
            value={speaker}
            onChange={(event) => {
              void models.setSpeaker(Number(event.target.value));
            }}
          >
            {model.speakers.map((name, index) => (
              <option key={name} value={index}>
                {words.speakerName(name)}
              </option>
            ))}
          </select>
        </label>
      )}
      <Actions model={model} />
    </li>
  );
}

function factsOf(words: ReturnType<typeof useMessages>['models'], model: ModelView): string {
  const { kind, demo, multilingual, accent, speakers, licence, bytes } = model;
  const about =
    kind === 'recogniser'
      ? [demo ? words.demoHears : multilingual ? words.bothLanguages : words.englishOnly]
      : [
          ...(accent === null ? [] : [words.accents[accent]]),
          ...(speakers.length > 1 ? [words.speakers(speakers.length)] : []),
        ];
  return [sizeText(bytes), ...about, ...(licence === null ? [] : [licence])].join(' · ');
}

function Progress({
  download,
  name,
}: {
  readonly download: NonNullable<ModelView['download']>;
  readonly name: string;
}) {
  const { models: words } = useMessages();
  const percent = percentOf(download);
  return (
    <div className={styles.progress}>
      <div
        role="progressbar"
        aria-label={words.downloading(name)}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        className={styles.track}
      >
        <div className={styles.fill} style={{ width: `${String(percent)}%` }} />
      </div>
      <p className={styles.facts}>{downloadText(words, download)}</p>
    </div>
  );
}

function Actions({ model }: { readonly model: ModelView }) {
  const { models: words, cancel } = useMessages();
  const { models } = useViewModel();
  const { id, name, state, download, chosen, demo, bundled } = model;
  const button = (
    label: string,
    act: (id: string) => Promise<unknown>,
    look: 'plain' | 'primary' | 'quiet' = 'plain',
  ) => (
    <Button
      look={look}
      // Several buttons of a list say the same: for which model each is, a screen reader tells.
      aria-label={`${label}: ${name}`}
      onClick={() => {
        void act(id);
      }}
    >
      {label}
    </Button>
  );
  const going = download !== null && isGoing(download);
  return (
    <div className={styles.actions}>
      {state === 'installed' && !chosen && button(words.use, models.use)}
      {state === 'absent' && !going && button(download === null ? words.download : words.goOn, models.install)}
      {going && button(words.pause, models.pause)}
      {download !== null && button(cancel, models.cancel, 'quiet')}
      {state === 'installed' && !demo && button(words.verify, models.verify, 'quiet')}
      {state === 'installed' && !bundled && button(words.remove, models.remove, 'quiet')}
    </div>
  );
}
