import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requests } from '../../shared/contract/contract.js';
import { errorCodes } from '../../shared/errors.js';
import { createHarness, type Harness } from './testing/harness.js';

let app: Harness;

beforeAll(async () => {
  app = await createHarness();
});

afterAll(() => app.close());

const routes = Object.keys(requests);

/** Inputs of the wrong shape, and of nearly the right one. */
const input = fc.oneof(
  fc.anything({
    withBigInt: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
    withNullPrototype: true,
    withSparseArray: true,
  }),
  fc.record(
    {
      topicId: fc.oneof(fc.uuid(), fc.string(), fc.constant('../../etc/passwd')),
      turnId: fc.oneof(fc.uuid(), fc.string()),
      takeId: fc.oneof(fc.uuid(), fc.string()),
      theme: fc.string(),
      text: fc.oneof(fc.string(), fc.constant('x'.repeat(5000))),
      sceneId: fc.oneof(fc.constant(null), fc.constant('free-talk'), fc.string()),
      beforeTurnId: fc.oneof(fc.constant(null), fc.uuid()),
      sequence: fc.oneof(fc.integer(), fc.double()),
      heardMs: fc.double(),
      rung: fc.string(),
      part: fc.constantFrom('prompt', 'bridge', 'response', '__proto__'),
      pcm: fc.oneof(fc.uint8Array(), fc.string(), fc.constant(new Uint8Array(70_000))),
      __proto__: fc.anything(),
    },
    { requiredKeys: [] },
  ),
);

describe('the router', () => {
  it('answers 10,000 malformed requests with typed errors, and lives', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.constantFrom(...routes), fc.string(), fc.constant('constructor')),
        input,
        async (route, value) => {
          const result = await app.core.router.dispatch(route, value);
          if (!result.ok) expect(errorCodes).toContain(result.error.code);
          if (!result.ok) expect(result.error.code).not.toBe('app/internal');
        },
      ),
      { numRuns: 10_000 },
    );
    expect((await app.request('app.snapshot', {})).ok).toBe(true);
  });

  it.each([['unknown'], ['__proto__'], [null], [{}], [7]])('refuses the route %s', async (route) => {
    expect(await app.core.router.dispatch(route, {})).toMatchObject({ ok: false, error: { code: 'app/bad-request' } });
  });

  it('says where an input is wrong, and never what it held', async () => {
    const result = await app.core.router.dispatch('settings.setChatKey', { key: 'sk-secret', extra: 'sk-other' });
    expect(result).toMatchObject({ ok: false, error: { code: 'app/bad-request' } });
    expect(JSON.stringify(result)).not.toContain('sk-');
  });
});
