import { describe, expect, it } from 'vitest';
import type { SpeechDetector } from '../sherpa/speech-detector.js';
import { createSpeechStreams } from './speech-streams.js';

/** Remembers how much it has heard since it was new. */
function countingDetector(): SpeechDetector {
  let samples = 0;
  return {
    detect(more) {
      samples += more.length;
      return Array<boolean>(samples).fill(true);
    },
    reset() {
      samples = 0;
    },
  };
}

describe('speech streams', () => {
  it('know nothing of each other, however their calls mingle', () => {
    const streams = createSpeechStreams(countingDetector);
    const heard = (stream: string) => streams.of(stream).detect(new Int16Array(1)).length;
    expect([heard('live'), heard('again'), heard('live'), heard('again'), heard('live')]).toEqual([1, 1, 2, 2, 3]);
  });

  it('end by themselves: the one that is in use is never taken for a new one', () => {
    let created = 0;
    const streams = createSpeechStreams(() => {
      created += 1;
      return countingDetector();
    });
    const heard = (stream: string) => streams.of(stream).detect(new Int16Array(1)).length;
    for (let again = 1; again <= 20; again += 1) {
      expect(heard('live')).toBe(again);
      expect(heard(`again ${String(again)}`)).toBe(1);
    }
    expect(created).toBe(4);
  });
});
