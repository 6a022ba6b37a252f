import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bytesToPcm, floatToPcm, pcmToBytes, pcmToFloat, peakCount } from '../../../shared/audio-format.js';
import { createClipStore } from './clip-store.js';
import { loudestRms, peaksOf } from './loudness.js';
import { decodeWav } from './wav.js';

describe('samples', () => {
  it('survive bytes that are not aligned', () => {
    const bytes = new Uint8Array([0, ...pcmToBytes(Int16Array.of(-2, 30_000))]).subarray(1);
    expect([...bytesToPcm(bytes)]).toEqual([-2, 30_000]);
    expect([...bytesToPcm(Buffer.from([7, 1, 0]).subarray(1))]).toEqual([1]);
  });

  it('are clipped, not wrapped', () => {
    expect([...floatToPcm(Float32Array.of(2, -2, 0))]).toEqual([32767, -32767, 0]);
    expect([...pcmToFloat(Int16Array.of(-32768, 16384))]).toEqual([-1, 0.5]);
  });
});

describe('loudness', () => {
  it('is that of the loudest tenth of a second, so that one word in a long pause counts', () => {
    const samples = new Int16Array(160_000);
    samples.fill(3277, 80_000, 81_600);
    expect(loudestRms(samples, 16_000)).toBeCloseTo(0.1, 3);
  });

  it('has a bar for each stretch', () => {
    const samples = new Int16Array(4800).fill(-32768, 0, 100);
    expect(peaksOf(samples)).toEqual([100, ...Array.from({ length: peakCount - 1 }, () => 0)]);
    expect(peaksOf(new Int16Array(0))).toHaveLength(peakCount);
  });
});

describe('the clip store', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'botchat clips '));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const store = () => createClipStore(folder, { now: () => 7 });
  const sound = Int16Array.from({ length: 1600 }, (_, index) => index);

  it('names a sound by its content, once', async () => {
    const first = await store().save(sound, 16_000);
    const again = await store().save(sound, 16_000);
    expect(again.hash).toBe(first.hash);
    expect(first).toMatchObject({ duration_ms: 100, created_time: 7 });
    expect(decodeWav((await store().read(first.hash)) ?? new Uint8Array())).toEqual({
      samples: sound,
      sampleRateHz: 16_000,
    });
    const files = (await readdir(folder, { recursive: true })).filter((name) => /\.(wav|part)$/.test(name));
    expect(files).toHaveLength(1);
    await store().remove([first.hash]);
    expect(await store().read(first.hash)).toBeNull();
  });

  it('takes a damaged file for a missing one', async () => {
    const { hash } = await store().save(sound, 16_000);
    await writeFile(join(folder, hash.slice(0, 2), `${hash}.wav`), 'garbage');
    expect(await store().read(hash)).toBeNull();
  });

  it('says when it cannot write', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(createClipStore(join(folder, 'file'), { now: () => 0 }).save(sound, 16_000)).rejects.toMatchObject({
      code: 'profile/unwritable',
    });
  });
});
