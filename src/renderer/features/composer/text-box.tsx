import { ArrowUp } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { longestPrompt } from '../../../shared/contract/turn.js';
import { useMessages } from '../../i18n/language.js';
import { useViewModel } from '../../view-model.js';
import { enterSends } from '../../stores/keys.js';
import { IconButton } from '../../ui/button.js';
import styles from './composer.module.css';

/** Typing in place of talking. What was typed stays until the core has taken it. */
export function TextBox({ topicId }: { readonly topicId: string }) {
  const { composer } = useMessages();
  const viewModel = useViewModel();
  const draft = useStore(viewModel.shell.store, (state) => state.drafts[topicId] ?? '');
  const focusTyping = useStore(viewModel.shell.store, (state) => state.focusTyping);
  const ready = useStore(viewModel.conversation.store, (state) => state.load === 'ready');
  const [sending, setSending] = useState(false);
  const box = useRef<HTMLTextAreaElement>(null);

  useEffect(() => {
    if (focusTyping === 0) return;
    box.current?.focus();
    box.current?.setSelectionRange(box.current.value.length, box.current.value.length);
  }, [focusTyping]);

  async function send(): Promise<void> {
    const text = draft.trim();
    if (text === '' || sending || !ready) return;
    setSending(true);
    const taken = await viewModel.type(text);
    setSending(false);
    // What was typed meanwhile is not what was sent.
    if (taken && viewModel.shell.store.getState().drafts[topicId] === draft) viewModel.shell.setDraft(topicId, '');
  }

  return (
    <form
      className={styles.typing}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <textarea
        ref={box}
        className={styles.box}
        aria-label={composer.typeLabel}
        placeholder={composer.typeHere}
        rows={1}
        maxLength={longestPrompt}
        dir="auto"
        value={draft}
        onChange={(event) => {
          viewModel.shell.setDraft(topicId, event.target.value);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && !event.nativeEvent.isComposing) event.currentTarget.blur();
          if (!enterSends(event.nativeEvent)) return;
          event.preventDefault();
          void send();
        }}
      />
      <IconButton
        type="submit"
        label={composer.send}
        keys="Enter"
        className={styles.send}
        disabled={draft.trim() === '' || sending || !ready}
      >
        <ArrowUp size="1.125em" aria-hidden />
      </IconButton>
    </form>
  );
}
