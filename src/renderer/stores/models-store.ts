import { createStore } from 'zustand/vanilla';
import type { Input, Route } from '../../shared/contract/contract.js';
import type { ModelsView, ModelView } from '../../shared/contract/models.js';
import type { Client } from '../client.js';
import type { Notices } from './notices-store.js';

type WithId = Extract<
  Route,
  'models.install' | 'models.pause' | 'models.cancel' | 'models.remove' | 'models.use' | 'models.verify'
>;

/** The models on this machine, and what is on its way to it. */
export function createModelsStore(client: Client, notices: Notices) {
  const store = createStore<{ readonly view: ModelsView | null }>(() => ({ view: null }));

  client.on('models.changed', (view) => {
    for (const model of taken(store.getState().view, view)) notices.tell({ kind: 'model-ready', name: model.name });
    store.setState({ view });
  });

  async function ask<R extends Route>(route: R, input: Input<R>): Promise<boolean> {
    const result = await client.request(route, input);
    if (!result.ok) notices.error(result.error);
    return result.ok;
  }
  const withId = (route: WithId) => (id: string) => ask(route, { id });

  return {
    store,
    async load(): Promise<void> {
      const result = await client.request('models.list', {});
      if (result.ok) store.setState({ view: result.value });
      else notices.error(result.error);
    },
    /** Downloads it, or goes on with that; it is used as soon as it is here. */
    install: withId('models.install'),
    pause: withId('models.pause'),
    cancel: withId('models.cancel'),
    remove: withId('models.remove'),
    use: withId('models.use'),
    verify: withId('models.verify'),
    setSpeaker: (speaker: number) => ask('models.setSpeaker', { speaker }),
    import: (path: string) => ask('models.import', { path }),
    move: (folder: string) => ask('models.move', { folder }),
    /** Empty for the system's. */
    setProxy: (text: string) => ask('models.setProxy', { proxy: text.trim() === '' ? null : text }),
    setMirrors: (mirrors: readonly string[]) => ask('models.setMirrors', { mirrors: [...mirrors] }),
  };
}

/** What has come by a download between two views, and is used from now on. */
function taken(before: ModelsView | null, after: ModelsView): readonly ModelView[] {
  return after.models.filter(({ id, state, chosen }) => {
    const then = before?.models.find((model) => model.id === id);
    return state === 'installed' && chosen && then?.state === 'absent';
  });
}

export type Models = ReturnType<typeof createModelsStore>;
