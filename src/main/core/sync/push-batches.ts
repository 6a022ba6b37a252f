import type { Operation } from './account-store.js';

/** What a store takes in one call (resources/account-store/routines-sync.sql). */
export const maxBatchOperations = 500;
export const maxBatchBytes = 2 ** 20;

/**
 * An operation as the store's routine reads it: JSON, in a JSON string, so that one which cannot be read spoils only
 * itself. Halves of characters, which UTF-8 cannot carry, become U+FFFD.
 */
export function encodeOperation(operation: Operation): string {
  const { opId, kind, id, clock, parent } = operation;
  const text = JSON.stringify(
    {
      op_id: opId,
      kind,
      id,
      clock,
      ...(parent && { parent_kind: parent.kind, parent_id: parent.id }),
      ...('deleted' in operation ? { deleted: true } : { fields: operation.fields }),
    },
    (_name, value: unknown) => (typeof value === 'string' ? value.toWellFormed() : value),
  );
  return JSON.stringify(text);
}

export function encodeBatch(operations: readonly Operation[]): string {
  return `[${operations.map(encodeOperation).join(',')}]`;
}

/** Cuts operations into batches that fit into a call, in their order. One that is too long for any goes alone. */
export function splitIntoBatches<T extends Operation>(operations: readonly T[]): readonly (readonly T[])[] {
  const batches: T[][] = [];
  let batch: T[] = [];
  let bytes = 2;
  for (const operation of operations) {
    const size = Buffer.byteLength(encodeOperation(operation)) + 1;
    if (batch.length > 0 && (batch.length >= maxBatchOperations || bytes + size > maxBatchBytes)) {
      batches.push(batch);
      batch = [];
      bytes = 2;
    }
    batch.push(operation);
    bytes += size;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}
