import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCatalogue } from './catalogue.js';
import { recommend, starterPair } from './recommend.js';

const catalogue = await readCatalogue(resolve(import.meta.dirname, '../../../../resources'));
const GiB = 2 ** 30;
const laptop = { cores: 8, memoryBytes: 16 * GiB, gpu: null, freeBytes: 100 * GiB };

describe('the catalogue', () => {
  it('offers every model once, from somewhere, and nothing without a hash or a list of hashes', () => {
    expect(catalogue.models.length).toBeGreaterThan(40);
    expect(new Set(catalogue.models.map(({ id }) => id)).size).toBe(catalogue.models.length);
    for (const { id, sha256, checksums } of catalogue.models) {
      expect(sha256.length > 0 || checksums !== null, id).toBe(true);
    }
  });

  it('has what a learner may want: both accents, several speakers, every size of Whisper', () => {
    const voices = catalogue.models.filter((entry) => entry.kind === 'voice');
    expect(new Set(voices.map(({ accent }) => accent))).toEqual(new Set(['US', 'GB', null]));
    expect(voices.some(({ speakers }) => speakers.count > 1)).toBe(true);
    const sizes = catalogue.models.flatMap((entry) => (entry.kind === 'recogniser' ? [entry.size] : []));
    expect([...new Set(sizes)]).toEqual(['tiny', 'base', 'small', 'medium', 'large-v3', 'large-v3-turbo']);
  });

  it('knows the archive that was replaced under its address by both of its hashes', () => {
    expect(catalogue.find('kokoro-multi-lang-v1_0')?.sha256).toHaveLength(2);
  });

  it('answers null for what it does not have', () => {
    expect(catalogue.find('../x')).toBeNull();
  });
});

describe('a recommendation', () => {
  it.each([
    ['a laptop without a GPU', laptop, 'whisper-small-q5_1'],
    ['two processors', { ...laptop, cores: 2 }, starterPair.recogniser],
    ['little memory', { ...laptop, memoryBytes: 4 * GiB }, starterPair.recogniser],
    ['a card of 8 GB', { ...laptop, gpu: { memoryBytes: 8 * GiB } }, 'whisper-large-v3-turbo-q8_0'],
    ['a card of 4 GB', { ...laptop, gpu: { memoryBytes: 4 * GiB } }, 'whisper-large-v3-turbo-q5_0'],
    ['a card whose memory is not known', { ...laptop, gpu: { memoryBytes: null } }, 'whisper-large-v3-turbo-q5_0'],
    ['a full disk', { ...laptop, gpu: { memoryBytes: 8 * GiB }, freeBytes: GiB }, starterPair.recogniser],
    ['a disk of unknown size', { ...laptop, freeBytes: null }, 'whisper-small-q5_1'],
  ] as const)('for %s', (_, machine, recogniser) => {
    expect(recommend(machine).recogniser).toBe(recogniser);
  });

  it('is in the catalogue, with known hashes, whatever the machine', () => {
    for (const cores of [2, 8])
      for (const gpu of [null, { memoryBytes: null }, { memoryBytes: 24 * GiB }])
        for (const freeBytes of [0, 3 * GiB, null]) {
          const { recogniser, voice } = recommend({ ...laptop, cores, gpu, freeBytes });
          expect(catalogue.find(recogniser)).toMatchObject({ kind: 'recogniser', multilingual: true });
          expect(catalogue.find(voice)).toMatchObject({ kind: 'voice' });
          expect(catalogue.find(voice)?.sha256).not.toEqual([]);
        }
  });

  it('of the smallest kind is about 80 MB', () => {
    const bytes = [starterPair.recogniser, starterPair.voice].map((id) => catalogue.find(id)?.bytes ?? NaN);
    expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThan(85e6);
  });
});
