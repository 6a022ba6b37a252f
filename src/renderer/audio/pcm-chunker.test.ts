import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPcmChunker } from './pcm-chunker.js';

test('chunks have one length, and nothing is lost or changed on the way', () => {
  fc.assert(
    fc.property(fc.array(fc.float32Array({ min: -1, max: 1, noNaN: true, maxLength: 40 })), (blocks) => {
      const chunks: Int16Array[] = [];
      const chunker = createPcmChunker(16, (chunk) => chunks.push(chunk));
      for (const block of blocks) chunker.push(block);
      expect(chunks.every((chunk) => chunk.length === 16)).toBe(true);
      chunker.flush();
      chunker.flush();
      const expected = blocks.flatMap((block) => [...block].map((sample) => Math.round(sample * 32767)));
      expect(chunks.flatMap((chunk) => [...chunk])).toEqual(expected.map((sample) => sample + 0));
    }),
  );
});

test('too loud a sample is clipped, not wrapped', () => {
  const chunks: Int16Array[] = [];
  createPcmChunker(2, (chunk) => chunks.push(chunk)).push(Float32Array.of(1.5, -3));
  expect(chunks).toEqual([Int16Array.of(32767, -32767)]);
});

test('a chunk that was handed out is not written to again', () => {
  const chunks: Int16Array[] = [];
  const chunker = createPcmChunker(2, (chunk) => chunks.push(chunk));
  chunker.push(Float32Array.of(0.5, 0.5, 0, 0));
  expect(chunks[0]).toEqual(Int16Array.of(16384, 16384));
});
