import { useState } from 'react';
import { useStore } from 'zustand';
import { longestTheme } from '../../../shared/contract/topic.js';
import { useMessages } from '../../i18n/language.js';
import { useViewModel } from '../../view-model.js';
import { Button } from '../../ui/button.js';
import { Dialog, DialogActions } from '../../ui/dialog.js';
import { TextField } from '../../ui/field.js';
import { SceneChoices } from './scene-choices.js';
import styles from './topic-dialogs.module.css';

/** A new topic: a scene or a blank one. */
export function NewTopicDialog(props: { readonly onClose: () => void }) {
  const { topics } = useMessages();
  return (
    <Dialog title={topics.chooseTitle} wide onClose={props.onClose}>
      <p className={styles.hint}>{topics.chooseHint}</p>
      <SceneChoices onCreated={props.onClose} />
    </Dialog>
  );
}

/** Another name for a topic. */
export function RenameTopicDialog(props: { readonly topicId: string; readonly onClose: () => void }) {
  const messages = useMessages();
  const viewModel = useViewModel();
  const before = useStore(viewModel.topics.store, (state) => state.topics.find((topic) => topic.id === props.topicId));
  const [theme, setTheme] = useState(before?.theme ?? '');
  return (
    <Dialog title={messages.topics.renameTitle} focusTitle={false} onClose={props.onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void viewModel.topics.rename(props.topicId, theme.trim()).then((renamed) => {
            if (renamed) props.onClose();
          });
        }}
      >
        <TextField
          label={messages.topics.renameLabel}
          data-autofocus
          required
          maxLength={longestTheme}
          value={theme}
          onFocus={(event) => {
            event.target.select();
          }}
          onChange={(event) => {
            setTheme(event.target.value);
          }}
        />
        <DialogActions>
          <Button onClick={props.onClose}>{messages.cancel}</Button>
          <Button type="submit" look="primary" disabled={theme.trim() === ''}>
            {messages.topics.save}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

/** Asks before a topic is gone for good. */
export function DeleteTopicDialog(props: { readonly topicId: string; readonly onClose: () => void }) {
  const messages = useMessages();
  const viewModel = useViewModel();
  const signedIn = useStore(viewModel.app.store, (state) => (state.facts?.account.account ?? null) !== null);
  const [theme] = useState(
    () => viewModel.topics.store.getState().topics.find((topic) => topic.id === props.topicId)?.theme ?? '',
  );
  return (
    <Dialog title={messages.topics.removeTitle} focusTitle={false} onClose={props.onClose}>
      <p>{signedIn ? messages.topics.removeWarningEverywhere(theme) : messages.topics.removeWarning(theme)}</p>
      <DialogActions>
        <Button data-autofocus onClick={props.onClose}>
          {messages.cancel}
        </Button>
        <Button
          look="danger"
          onClick={() => {
            void viewModel.topics.delete(props.topicId).then(props.onClose);
          }}
        >
          {messages.topics.removeConfirm}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
