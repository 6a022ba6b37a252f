import { expect, test } from 'vitest';
import { downloadPercent, type DownloadView } from '../../shared/contract/models.js';
import { createFakeClient } from '../fake-client.js';
import { modelsView, modelView } from '../fake-models.js';
import { createModelsStore } from './models-store.js';
import { createNoticesStore } from './notices-store.js';

const model = modelView({ id: 'small', name: 'Whisper small', recommended: true });
const download = (state: DownloadView['state'], received: number): DownloadView => ({
  state,
  received,
  total: 100,
  bytesPerSecond: null,
  host: null,
  error: null,
});

test('a model that was downloaded and is used now is told once', () => {
  const fake = createFakeClient();
  const notices = createNoticesStore();
  const models = createModelsStore(fake.client, notices);
  const told = () => notices.store.getState().notices.map(({ kind }) => kind);
  const used = modelsView({ ...model, state: 'installed', chosen: true });
  // One that was used before the window was opened is no news.
  fake.emit('models.changed', used);
  expect(told()).toEqual([]);
  fake.emit('models.changed', modelsView({ ...model, download: download('unpacking', 100) }));
  fake.emit('models.changed', used);
  fake.emit('models.changed', used);
  expect(told()).toEqual(['model-ready']);
  expect(models.store.getState().view).toEqual(used);
});

test('what cannot be done is told', async () => {
  const fake = createFakeClient();
  const notices = createNoticesStore();
  const models = createModelsStore(fake.client, notices);
  fake.answer('models.install', () => ({ ok: false, error: { code: 'models/not-found' } }));
  expect(await models.install('small')).toBe(false);
  expect(notices.store.getState().notices).toMatchObject([{ kind: 'error', error: { code: 'models/not-found' } }]);
  expect(await models.use('small')).toBe(true);
  expect(fake.routes()).toEqual(['models.install', 'models.use']);
});

test('the downloads that are on their way are one number', () => {
  expect(downloadPercent(null)).toBeNull();
  expect(downloadPercent(modelsView(model, { ...model, download: download('paused', 50) }))).toBeNull();
  const going = [download('downloading', 50), download('waiting', 0), download('failed', 90)];
  expect(downloadPercent(modelsView(...going.map((each) => ({ ...model, download: each }))))).toBe(25);
});
