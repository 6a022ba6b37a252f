import { useCallback, useEffect, useRef, useState } from 'react';
import type { StoreView } from '../../../shared/contract/account.js';
import type { ErrorView } from '../../../shared/errors.js';
import { useViewModel } from '../../view-model.js';

export type Tested =
  | { readonly state: 'untested' | 'testing' }
  | { readonly state: 'reached'; readonly store: StoreView }
  | { readonly state: 'failed'; readonly error: ErrorView };

/**
 * Which account store is signed in to: the one used last, or one whose connection string is pasted. The former is
 * tried by itself, so that what is in the way is known before a password is typed.
 */
export function useStoreChoice(storeHost: string | null) {
  const { account } = useViewModel();
  const [text, setText] = useState('');
  const [pasting, setPasting] = useState(storeHost === null);
  const [tested, setTested] = useState<Tested>({ state: storeHost === null ? 'untested' : 'testing' });
  /** Counts the tests, so that only the last one counts. */
  const tests = useRef(0);
  const begun = useRef(false);

  const ask = useCallback(
    async (connectionString: string | null): Promise<void> => {
      tests.current += 1;
      const mine = tests.current;
      const result = await account.test(connectionString);
      if (mine !== tests.current) return;
      setTested(result.ok ? { state: 'reached', store: result.value } : { state: 'failed', error: result.error });
    },
    [account],
  );
  async function test(connectionString: string | null): Promise<void> {
    setTested({ state: 'testing' });
    await ask(connectionString);
  }

  useEffect(() => {
    if (begun.current || storeHost === null) return;
    begun.current = true;
    void ask(null);
  }, [ask, storeHost]);

  return {
    text,
    pasting,
    tested,
    /** What to sign in with; null: the store used last. */
    connectionString: pasting ? text : null,
    /** A store to sign in to is chosen. */
    chosen: !pasting || tested.state === 'reached',
    type(typed: string): void {
      tests.current += 1;
      setText(typed);
      setTested({ state: 'untested' });
    },
    test: () => test(pasting ? text : null),
    pasteAnother(): void {
      tests.current += 1;
      setPasting(true);
      setTested({ state: 'untested' });
    },
    useLast(): void {
      setPasting(false);
      void test(null);
    },
  };
}

export type StoreChoice = ReturnType<typeof useStoreChoice>;
