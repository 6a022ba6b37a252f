import { expect, test } from 'vitest';
import type { EngineView } from '../../../shared/contract/app.js';
import { zh } from '../../i18n/zh.js';
import { canBeTriedAgain, deviceText, engineChip, partnerChip, voiceSpeedText } from './engine-words.js';

const words = { starting: 'starting', failed: 'failed', stopped: 'stopped', demo: 'demo' };
const engine: EngineView = {
  state: 'ready',
  modelId: 'whisper-base-q5_1',
  model: 'base-q5_1',
  demo: false,
  device: { kind: 'cpu', name: 'Intel Xeon' },
  fallback: null,
  error: null,
};

test('a chip says what an engine really is, its troubles first', () => {
  expect(engineChip(engine, words)).toEqual({ label: 'base-q5_1', health: 'good' });
  expect(engineChip({ ...engine, demo: true }, words)).toEqual({ label: 'demo', health: 'demo' });
  expect(engineChip({ ...engine, demo: true, state: 'starting' }, words).health).toBe('waiting');
  expect(engineChip({ ...engine, state: 'failed' }, words)).toEqual({ label: 'failed', health: 'bad' });
  expect(engineChip({ ...engine, demo: true, state: 'stopped' }, words)).toEqual({ label: 'stopped', health: 'bad' });
});

test('a device is shown with what it is and its own name', () => {
  expect(deviceText({ kind: 'cpu', name: 'Intel Xeon' })).toBe('CPU · Intel Xeon');
  expect(deviceText({ kind: 'vulkan', name: 'llvmpipe' })).toBe('Vulkan · llvmpipe');
  expect(deviceText({ kind: 'cpu', name: 'CPU' })).toBe('CPU');
  expect(deviceText({ kind: 'other', name: '' })).toBe('GPU');
});

test('an engine can be tried again where it does not run, or not as well as it might', () => {
  expect(canBeTriedAgain(engine)).toBe(false);
  expect(canBeTriedAgain({ ...engine, state: 'failed' })).toBe(true);
  expect(canBeTriedAgain({ ...engine, state: 'stopped' })).toBe(true);
  const fallback = { code: 'recogniser/gpu-failed' } as const;
  expect(canBeTriedAgain({ ...engine, fallback })).toBe(true);
  expect(canBeTriedAgain({ ...engine, fallback, state: 'starting' })).toBe(false);
});

test('the scripted partner is never shown as a model', () => {
  expect(partnerChip({ kind: 'scripted' }, zh)).toEqual({ label: '脚本伙伴', health: 'demo' });
  expect(partnerChip({ kind: 'endpoint', model: 'm' }, zh)).toEqual({ label: 'm', health: 'good' });
});

test('a voice is as fast as it was measured, and one that is slow is said to be', () => {
  expect(voiceSpeedText(zh.status, 0.1137)).toBe('1 秒语音用 0.11 秒');
  expect(voiceSpeedText(zh.status, 1.12)).toContain('比较慢');
});
