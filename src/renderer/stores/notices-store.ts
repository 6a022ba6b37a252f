import { createStore } from 'zustand/vanilla';
import type { ErrorView } from '../../shared/errors.js';

/** Things told in passing that are no errors. */
export type NoticeWord = 'micReady' | 'longest';

export type Notice =
  | { readonly id: number; readonly kind: 'error'; readonly error: ErrorView }
  | { readonly id: number; readonly kind: 'word'; readonly word: NoticeWord };

/** More than these at once would bury the conversation. */
const most = 3;

/** The same thing told twice is told once, anew. */
export function withNotice(notices: readonly Notice[], notice: Notice): readonly Notice[] {
  const others = notices.filter((other) =>
    other.kind === 'error' && notice.kind === 'error'
      ? other.error.code !== notice.error.code
      : other.kind === notice.kind && other.kind === 'word' && notice.kind === 'word'
        ? other.word !== notice.word
        : true,
  );
  return [...others, notice].slice(-most);
}

/** Short messages over the composer. */
export function createNoticesStore() {
  const store = createStore<{ readonly notices: readonly Notice[] }>(() => ({ notices: [] }));
  let lastId = 0;
  function add(notice: Notice): void {
    store.setState(({ notices }) => ({ notices: withNotice(notices, notice) }));
  }
  return {
    store,
    error(error: ErrorView): void {
      lastId += 1;
      add({ id: lastId, kind: 'error', error });
    },
    word(word: NoticeWord): void {
      lastId += 1;
      add({ id: lastId, kind: 'word', word });
    },
    dismiss(id: number): void {
      store.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }));
    },
  };
}

export type Notices = ReturnType<typeof createNoticesStore>;
