import { expect, test } from 'vitest';
import { zh } from '../../i18n/zh.js';
import { en } from '../../i18n/en.js';
import { sampleSync } from '../../stores/sample-views.js';
import { syncChip } from './sync-words.js';

test('the chip says the state in words, and how much waits', () => {
  const label = (change: Parameters<typeof sampleSync>[0]) => syncChip(sampleSync(change), zh).label;
  expect(label({})).toBe('本机');
  expect(label({ state: 'synced' })).toBe('已同步');
  expect(label({ state: 'pending', pending: 3 })).toBe('待上传 3');
  expect(label({ state: 'pending', pending: 0 })).toBe('待上传');
  expect(label({ state: 'syncing', pending: 3 })).toBe('同步中');
  expect(label({ state: 'offline', pending: 3 })).toBe('离线');
  expect(label({ state: 'signed-out' })).toBe('请重新登录');
  expect(syncChip(sampleSync({ state: 'pending', pending: 1 }), en).label).toBe('1 to upload');
});
