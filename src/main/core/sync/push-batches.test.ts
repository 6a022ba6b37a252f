import { describe, expect, it } from 'vitest';
import type { SetOperation } from './account-store.js';
import { encodeBatch, encodeOperation, maxBatchBytes, maxBatchOperations, splitIntoBatches } from './push-batches.js';

function operation(theme: string, opId = 'op-1'): SetOperation {
  return { opId, kind: 'topic', id: 'topic-1', clock: '000000000000-0000-0000000000000000', fields: { theme } };
}

describe('batches', () => {
  it('carry operations as the routine reads them', () => {
    const [text] = JSON.parse(encodeBatch([{ ...operation('a "b" \\'), parent: { kind: 'k', id: 'p' } }])) as [string];
    expect(JSON.parse(text)).toEqual({
      op_id: 'op-1',
      kind: 'topic',
      id: 'topic-1',
      clock: '000000000000-0000-0000000000000000',
      parent_kind: 'k',
      parent_id: 'p',
      fields: { theme: 'a "b" \\' },
    });
    const { fields, ...deletion } = operation('');
    expect(encodeOperation({ ...deletion, deleted: true })).toContain('\\"deleted\\":true');
    expect(fields).toBeDefined();
  });

  it('hold no halves of characters', () => {
    expect(encodeOperation(operation('x\ud83d'))).toContain('x\ufffd');
  });

  it('stay within what a call takes, and keep the order', () => {
    const operations = Array.from({ length: 2100 }, (_, n) => operation('é'.repeat((n * 37) % 3000), String(n)));
    const batches = splitIntoBatches(operations);
    expect(batches.flat()).toEqual(operations);
    for (const batch of batches) {
      expect(batch.length).toBeLessThanOrEqual(maxBatchOperations);
      expect(Buffer.byteLength(encodeBatch(batch))).toBeLessThanOrEqual(maxBatchBytes);
    }
    expect(batches.length).toBeLessThan(20);
    expect(splitIntoBatches([])).toEqual([]);
  });

  it('let one that is too long for any go alone', () => {
    const batches = splitIntoBatches([operation('a'), operation('x'.repeat(maxBatchBytes)), operation('b')]);
    expect(batches.map((batch) => batch.length)).toEqual([1, 1, 1]);
  });
});
