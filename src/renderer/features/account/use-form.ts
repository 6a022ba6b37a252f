import { useState } from 'react';
import { useMessages } from '../../i18n/language.js';
import type { Problem, Problems } from './account-form.js';

/**
 * The fields of a form and what is wrong with them, which is told from the first try to send it on, and not while
 * somebody is still typing for the first time.
 */
export function useForm<Field extends string, Checked extends string>(
  initial: Readonly<Record<Field, string>>,
  check: (fields: Readonly<Record<Field, string>>) => Problems<Checked>,
) {
  const { account: words } = useMessages();
  const [fields, setFields] = useState(initial);
  const [tried, setTried] = useState(false);
  const problems = check(fields);
  return {
    fields,
    set: (field: Field) => (value: string) => {
      setFields((before) => ({ ...before, [field]: value }));
    },
    wrong(field: Checked): string | null {
      const problem: Problem | undefined = tried ? problems[field] : undefined;
      return problem === undefined ? null : words[problem];
    },
    /** Whether it can be sent; what is wrong is told from now on. */
    isReady(): boolean {
      const ready = Object.keys(problems).length === 0;
      setTried(!ready);
      return ready;
    },
    clear(): void {
      setFields(initial);
      setTried(false);
    },
  };
}
