import { createStore } from 'zustand/vanilla';
import type { ErrorView } from '../../shared/errors.js';

/** Things told in passing that are no errors. */
export type NoticeWord = 'micReady' | 'longest' | 'nobodySpoke';

/** What can be told: an error, or something in passing. */
export type NoticeContent =
  | { readonly kind: 'error'; readonly error: ErrorView }
  | { readonly kind: 'word'; readonly word: NoticeWord }
  /** The open topic was deleted on another device. */
  | { readonly kind: 'topic-gone'; readonly theme: string }
  | { readonly kind: 'history-taken'; readonly topics: number }
  /** The chosen microphone is not there; this one listens. An empty name is one that the browser does not tell. */
  | { readonly kind: 'other-microphone'; readonly label: string }
  /** A model that was downloaded is used from now on. */
  | { readonly kind: 'model-ready'; readonly name: string };

export type Notice = NoticeContent & { readonly id: number };

/** More than these at once would bury the conversation. */
const most = 3;

/** What is said of one short press or another: the newest of it replaces the others. */
const aboutPress: ReadonlySet<string> = new Set(['take/too-short', 'take/silent', 'micReady']);

/** What a notice is about: an error's code, or what is told. */
export function subject(content: NoticeContent): string {
  if (content.kind === 'error') return content.error.code;
  if (content.kind === 'word') return content.word;
  if (content.kind === 'model-ready') return `model-ready ${content.name}`;
  return content.kind;
}

/** Which notices the newest of them replaces. */
function group(content: NoticeContent): string {
  const told = subject(content);
  return aboutPress.has(told) ? 'press' : told;
}

/** The same thing told twice is told once, anew. */
export function withNotice(notices: readonly Notice[], notice: Notice): readonly Notice[] {
  return [...notices.filter((other) => group(other) !== group(notice)), notice].slice(-most);
}

/** Short messages over the composer. */
export function createNoticesStore() {
  const store = createStore<{ readonly notices: readonly Notice[] }>(() => ({ notices: [] }));
  let lastId = 0;
  function tell(content: NoticeContent): void {
    lastId += 1;
    const notice = { ...content, id: lastId };
    store.setState(({ notices }) => ({ notices: withNotice(notices, notice) }));
  }
  return {
    store,
    tell,
    error(error: ErrorView): void {
      tell({ kind: 'error', error });
    },
    word(word: NoticeWord): void {
      tell({ kind: 'word', word });
    },
    dismiss(id: number): void {
      store.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }));
    },
    clear(): void {
      store.setState({ notices: [] });
    },
  };
}

export type Notices = ReturnType<typeof createNoticesStore>;
