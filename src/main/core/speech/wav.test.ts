import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pcmToBytes, samplesToMs } from '../../../shared/audio-format.js';
import { loudestRms } from './loudness.js';
import { decodeWav, encodeWav, wavHeader, wavHeaderBytes } from './wav.js';

describe('WAV', () => {
  it('gives back what was put in', () => {
    fc.assert(
      fc.property(
        fc.int16Array({ maxLength: 200 }),
        fc.constantFrom(16_000, 22_050, 24_000),
        (samples, sampleRateHz) => {
          const decoded = decodeWav(encodeWav(samples, sampleRateHz));
          expect(decoded).toEqual({ samples, sampleRateHz });
        },
      ),
    );
  });

  it('reads a recording whose header was never completed, whole', () => {
    const samples = Int16Array.of(1, 2, 3);
    const file = Buffer.concat([wavHeader(0, 16_000), pcmToBytes(samples), Buffer.of(9)]);
    expect(decodeWav(file).samples).toEqual(samples);
  });

  it.each([
    [Buffer.alloc(0)],
    [Buffer.from('not a recording at all, but long enough to be one')],
    [Buffer.from('RIFF')],
  ])('refuses what is no recording', (file) => {
    expect(() => decodeWav(file)).toThrow(expect.objectContaining({ code: 'clip/missing' }));
  });
});

describe('a malformed WAV', () => {
  const samples = Int16Array.of(1, -2, 3, -4);
  const good = encodeWav(samples, 16_000);

  /** A copy in which some bytes are others. */
  function changed(...changes: readonly (readonly [at: number, ...bytes: number[]])[]): Buffer {
    const copy = Buffer.from(good);
    for (const [at, ...bytes] of changes) copy.set(bytes, at);
    return copy;
  }

  it('with other chunks around its sound is read', () => {
    const list = Buffer.concat([Buffer.from('LIST'), Buffer.of(3, 0, 0, 0), Buffer.from('abc'), Buffer.of(0)]);
    const file = Buffer.concat([good.subarray(0, 36), list, good.subarray(36), list]);
    expect(decodeWav(file)).toEqual({ samples, sampleRateHz: 16_000 });
  });

  it.each([
    ['says that it is longer than it is', changed([40, 0xff, 0xff, 0xff, 0x7f]), samples],
    ['says that its length is not known', changed([40, 0xff, 0xff, 0xff, 0xff]), samples],
    ['ends in half a sample', Buffer.concat([changed([40, 0, 0, 0, 0]), Buffer.of(9)]), samples],
    ['is a header alone', good.subarray(0, wavHeaderBytes), new Int16Array(0)],
  ])('that %s is read as far as it goes', (_, file, heard) => {
    expect(decodeWav(file).samples).toEqual(heard);
  });

  it.each([
    ['stereo', changed([22, 2])],
    ['without a channel', changed([22, 0])],
    ['of 8 bits', changed([34, 8])],
    ['of 32 bits', changed([34, 32])],
    ['of floats', changed([20, 3])],
    ['at 0 Hz', changed([24, 0, 0, 0, 0])],
    ['at 4 GHz', changed([24, 0xff, 0xff, 0xff, 0xff])],
    ['whose format is cut short', good.subarray(0, 30)],
    ['whose format says that it is short', changed([16, 4, 0, 0, 0])],
    ['whose sound comes before its format', Buffer.concat([good.subarray(0, 12), good.subarray(36)])],
    ['without sound', changed([36, 0x4c, 0x49, 0x53, 0x54])],
  ])('%s is refused', (_, file) => {
    expect(() => decodeWav(file)).toThrow(expect.objectContaining({ code: 'clip/missing' }));
  });

  it('mutated 5,000 times gives a sound or a typed error, and never more sound than there are bytes', () => {
    const counts = { heard: 0, refused: 0 };
    const place = fc.nat({ max: good.length - 1 });
    const mutation = fc.oneof(
      // Mostly in the header: bytes, whole fields, cuts, insertions.
      fc.record({ kind: fc.constant('byte'), at: fc.nat({ max: 45 }), bytes: fc.uint8Array({ maxLength: 1 }) }),
      fc.record({ kind: fc.constant('byte'), at: fc.nat({ max: 43 }), bytes: fc.uint8Array({ maxLength: 4 }) }),
      fc.record({ kind: fc.constant('cut'), at: place, bytes: fc.constant(new Uint8Array()) }),
      fc.record({ kind: fc.constant('insert'), at: place, bytes: fc.uint8Array({ maxLength: 40 }) }),
    );
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
        let file = Buffer.from(good);
        for (const { kind, at, bytes } of mutations) {
          if (kind === 'cut') file = file.subarray(0, at);
          else if (kind === 'insert') file = Buffer.concat([file.subarray(0, at), bytes, file.subarray(at)]);
          else if (at + bytes.length <= file.length) file.set(bytes, at);
        }
        try {
          const sound = decodeWav(file);
          counts.heard += 1;
          expect(sound.samples.byteLength).toBeLessThanOrEqual(file.length);
          expect(samplesToMs(sound.samples.length, sound.sampleRateHz)).toBeLessThan(100);
          expect(loudestRms(sound.samples, sound.sampleRateHz)).toBeLessThan(1);
        } catch (error) {
          counts.refused += 1;
          expect(error).toMatchObject({ name: 'AppError', code: 'clip/missing' });
        }
      }),
      { numRuns: 5_000 },
    );
    // Both really happened, and often.
    expect(Math.min(counts.heard, counts.refused)).toBeGreaterThan(500);
  });
});
