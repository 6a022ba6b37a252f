import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHarness, type Harness } from '../testing/harness.js';

let app: Harness;

beforeEach(async () => {
  app = await createHarness();
  app.core.start();
  await app.event('app.status', ({ status }) => status.recogniser.state === 'ready' && status.voice.state === 'ready');
});
afterEach(() => app.close());

const recogniser = async () => (await app.ask('app.snapshot', {})).status.recogniser;

describe('the compute device', () => {
  it('is changed by starting the recogniser again, once, and nothing else', async () => {
    await app.ask('settings.update', { computeDevice: 'cpu' });
    await expect.poll(() => app.engines.starts.whisper).toBe(2);
    await expect.poll(async () => (await recogniser()).state).toBe('ready');
    await app.ask('settings.update', { computeDevice: 'cpu', theme: 'dark' });
    expect(app.engines.starts).toEqual({ whisper: 2, sherpa: 1 });
  });
});

describe('a restart that the learner asks for', () => {
  it.each([
    ['recogniser', 'whisper'],
    ['voice', 'sherpa'],
  ] as const)('starts the %s again', async (engine, worker) => {
    const other = worker === 'whisper' ? 'sherpa' : 'whisper';
    await app.ask('app.restartEngine', { engine });
    expect(app.engines.starts).toMatchObject({ [worker]: 2, [other]: 1 });
    expect((await app.ask('app.snapshot', {})).status[engine]).toMatchObject({ state: 'ready', error: null });
  });
});
