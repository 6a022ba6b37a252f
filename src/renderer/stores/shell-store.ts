import { createStore } from 'zustand/vanilla';

export type Dialog =
  | { readonly kind: 'new-topic' }
  | { readonly kind: 'rename-topic'; readonly topicId: string }
  | { readonly kind: 'delete-topic'; readonly topicId: string }
  | { readonly kind: 'settings'; readonly section: 'chat' | 'speaking' | 'look' }
  | { readonly kind: 'status' }
  | { readonly kind: 'models' }
  | { readonly kind: 'sync' }
  | { readonly kind: 'account' };

export interface ShellState {
  readonly dialog: Dialog | null;
  /** The side columns, where the window is too narrow to show them always. */
  readonly topicsOpen: boolean;
  /** Whether the learner wants the help rail; null until they say, and then the width decides. */
  readonly railOpen: boolean | null;
  /** What is being typed, by topic. */
  readonly drafts: Readonly<Record<string, string>>;
  /** Counts the wishes to put the focus into the text box. */
  readonly focusTyping: number;
}

/** What is open around the conversation, and what is being typed. */
export function createShellStore() {
  const store = createStore<ShellState>(() => ({
    dialog: null,
    topicsOpen: false,
    railOpen: null,
    drafts: {},
    focusTyping: 0,
  }));
  return {
    store,
    show(dialog: Dialog): void {
      store.setState({ dialog, topicsOpen: false });
    },
    closeDialog(): void {
      store.setState({ dialog: null });
    },
    /** Drops what belongs to topics that are no longer shown: somebody else uses the app now. */
    forgetTopics(): void {
      store.setState(({ dialog }) => ({
        drafts: {},
        dialog: dialog?.kind === 'rename-topic' || dialog?.kind === 'delete-topic' ? null : dialog,
      }));
    },
    setTopicsOpen(topicsOpen: boolean): void {
      store.setState({ topicsOpen });
    },
    setRailOpen(railOpen: boolean | null): void {
      store.setState({ railOpen });
    },
    setDraft(topicId: string, text: string): void {
      store.setState(({ drafts }) => ({ drafts: { ...drafts, [topicId]: text } }));
    },
    /** Puts a line into the text box and the focus behind it. */
    fill(topicId: string, text: string): void {
      store.setState(({ drafts, focusTyping }) => ({
        drafts: { ...drafts, [topicId]: text },
        focusTyping: focusTyping + 1,
      }));
    },
  };
}

export type Shell = ReturnType<typeof createShellStore>;
