import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPreRoll } from './pre-roll.js';

test('it holds exactly the newest samples', () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 7 })), (chunks) => {
      const preRoll = createPreRoll(10);
      for (const chunk of chunks) preRoll.push(Int16Array.from(chunk));
      const drained = preRoll.drain().flatMap((chunk) => [...chunk]);
      expect(drained).toEqual(chunks.flat().slice(-10));
      expect(preRoll.drain()).toEqual([]);
    }),
  );
});
