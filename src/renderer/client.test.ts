import { expect, test } from 'vitest';
import type { ContractBridge } from '../shared/contract/bridge.js';
import { createBridgeClient } from './client.js';

test('the bridge client sends requests and spreads events by name', async () => {
  const sent: unknown[] = [];
  let tell: (name: string, payload: unknown) => void = () => undefined;
  const bridge: ContractBridge = {
    request: (route, input) => {
      sent.push([route, input]);
      return Promise.resolve({ ok: true, value: null });
    },
    on: (listener) => {
      tell = listener;
      return () => undefined;
    },
  };
  const client = createBridgeClient(bridge);
  const removed: string[] = [];
  const off = client.on('topic.removed', ({ topicId }) => removed.push(topicId));

  expect(await client.request('turn.heard', { turnId: 'a' })).toEqual({ ok: true, value: null });
  expect(sent).toEqual([['turn.heard', { turnId: 'a' }]]);
  tell('topic.removed', { topicId: 'x' });
  tell('take.removed', { topicId: 'not this' });
  off();
  tell('topic.removed', { topicId: 'y' });
  expect(removed).toEqual(['x']);
});

test('a failing channel is an error value, and the bridge is always open', async () => {
  const client = createBridgeClient({
    request: () => Promise.reject(new Error('no handler')),
    on: () => () => undefined,
  });
  const states: string[] = [];
  client.onConnection((state) => states.push(state));
  const result = await client.request('app.snapshot', {});
  expect(result.ok ? null : result.error.code).toBe('app/internal');
  expect(states).toEqual(['open']);
});
