import { expect, test } from 'vitest';
import type { EngineView } from '../../../shared/contract/app.js';
import { zh } from '../../i18n/zh.js';
import { engineChip, partnerChip } from './engine-words.js';

const words = { starting: 'starting', failed: 'failed', demo: 'demo' };
const engine: EngineView = { state: 'ready', model: 'base-q5_1', demo: false, device: 'CPU', error: null };

test('a chip says what an engine really is, its troubles first', () => {
  expect(engineChip(engine, words)).toEqual({ label: 'base-q5_1', health: 'good' });
  expect(engineChip({ ...engine, demo: true }, words)).toEqual({ label: 'demo', health: 'demo' });
  expect(engineChip({ ...engine, demo: true, state: 'starting' }, words).health).toBe('waiting');
  expect(engineChip({ ...engine, state: 'failed' }, words)).toEqual({ label: 'failed', health: 'bad' });
});

test('the scripted partner is never shown as a model', () => {
  expect(partnerChip({ kind: 'scripted' }, zh)).toEqual({ label: '脚本伙伴', health: 'demo' });
  expect(partnerChip({ kind: 'endpoint', model: 'm' }, zh)).toEqual({ label: 'm', health: 'good' });
});
