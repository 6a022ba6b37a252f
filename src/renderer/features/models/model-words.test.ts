import { expect, test } from 'vitest';
import type { DownloadView, ModelView } from '../../../shared/contract/models.js';
import { modelsView, modelView } from '../../fake-models.js';
import { en } from '../../i18n/en.js';
import { downloadText, percentOf, sizeText, sortedModels, wantedOf } from './model-words.js';

const download: DownloadView = {
  state: 'downloading',
  received: 45e6,
  total: 190e6,
  bytesPerSecond: 3.2e6,
  host: 'x',
  error: null,
};
const model = modelView({ kind: 'voice', bytes: 1, multilingual: false, licence: null });

test.each([
  [0, '0 MB'],
  [1, '1 MB'],
  [32_152_673, '32 MB'],
  [999_400_000, '999 MB'],
  [1_624_555_275, '1.6 GB'],
])('%d bytes are %s', (bytes, text) => {
  expect(sizeText(bytes)).toBe(text);
});

test('a download is told in words, whatever its state', () => {
  const say = (patch: Partial<DownloadView>) => downloadText(en.models, { ...download, ...patch });
  expect(say({})).toBe('45 MB / 190 MB · 3 MB/s · 45 s left');
  expect(say({ bytesPerSecond: 0.5e6 })).toBe('45 MB / 190 MB · 1 MB/s · 5 min left');
  expect(say({ bytesPerSecond: null })).toBe('45 MB / 190 MB');
  expect(say({ bytesPerSecond: 0 })).toBe('45 MB / 190 MB');
  expect(say({ state: 'paused' })).toBe('Paused: 45 MB / 190 MB');
  expect(say({ state: 'failed' })).toBe('Stopped: 45 MB / 190 MB');
  expect(say({ state: 'waiting' })).toBe(en.models.waiting);
  expect(percentOf(download)).toBe(23);
  expect(percentOf({ ...download, total: 0 })).toBe(0);
});

test('what is here, on its way or recommended comes first; what is in use is not offered again', () => {
  const [here, coming, good, other] = [
    { ...model, id: 'here', state: 'installed' as const },
    { ...model, id: 'coming', download },
    { ...model, id: 'good', recommended: true },
    { ...model, id: 'other' },
  ];
  const ids = (models: readonly ModelView[]) => models.map(({ id }) => id);
  const { near, others } = sortedModels(
    modelsView(other, here, coming, good, { ...other, kind: 'recogniser' }),
    'voice',
  );
  expect(ids(near)).toEqual(['here', 'coming', 'good']);
  expect(ids(others)).toEqual(['other']);
  expect(ids(wantedOf(modelsView(here, good, { ...good, id: 'used', chosen: true })))).toEqual(['good']);
});
