import type { ModelsView, ModelView } from '../shared/contract/models.js';

/** A model as the core tells of it, for a test. */
export const modelView = (rest: Partial<ModelView> = {}): ModelView => ({
  id: 'a',
  kind: 'recogniser',
  name: 'A',
  bytes: 100,
  state: 'absent',
  demo: false,
  bundled: false,
  chosen: false,
  recommended: false,
  multilingual: true,
  accent: null,
  speakers: [],
  licence: 'MIT',
  download: null,
  error: null,
  ...rest,
});

/** All that the core tells of these models, for a test. */
export const modelsView = (...models: readonly ModelView[]): ModelsView => ({
  models,
  speaker: 0,
  folder: '/x',
  folderError: null,
  moving: null,
  mirrors: [],
  proxy: null,
});
