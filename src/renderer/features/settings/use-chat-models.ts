import { useRef, useState } from 'react';
import { useViewModel } from '../../view-model.js';

/** What is known of an endpoint's models: nothing was asked, the answer is waited for, or how many there are. */
export type ModelListState = 'unasked' | 'asked' | { readonly count: number };

interface ChatModels {
  readonly models: readonly string[];
  readonly state: ModelListState;
  /** Asks for the models at an address, once for the same address and key. An empty key stands for the stored one. */
  ask(baseUrl: string, key: string): void;
}

/** The models that an endpoint offers, as suggestions. `onModels` is told of those of the address asked last. */
export function useChatModels(onModels: (models: readonly string[]) => void): ChatModels {
  const { app } = useViewModel();
  const [models, setModels] = useState<readonly string[]>([]);
  const [state, setState] = useState<ModelListState>('unasked');
  const last = useRef('');

  return {
    models,
    state,
    ask(baseUrl, typedKey) {
      const key = typedKey.trim();
      const question = JSON.stringify([baseUrl.trim(), key]);
      if (question === last.current) return;
      last.current = question;
      setModels([]);
      setState('asked');
      void app.chatModels(baseUrl, key === '' ? null : key).then((found) => {
        if (question !== last.current) return;
        // A server that was not started yet is asked again.
        if (found.length === 0) last.current = '';
        setModels(found);
        setState({ count: found.length });
        onModels(found);
      });
    },
  };
}
