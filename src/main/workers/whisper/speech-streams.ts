import type { SpeechDetector } from '../sherpa/speech-detector.js';

/** A detector for each recording that is listened to. */
export interface SpeechStreams {
  /** The stream's own detector, which remembers what came before in it and nothing of any other. */
  of(stream: string): SpeechDetector;
}

/** One that is being said, one that is heard again, and a few whose end nobody told. A detector takes some 2 MB. */
const mostDetectors = 4;

/**
 * Streams end without a word: the detector of the one that was silent for longest is taken for a new one. The first is
 * made at once, so that the first recording does not wait for it and what is wrong with its model is told now.
 */
export function createSpeechStreams(create: () => SpeechDetector): SpeechStreams {
  let spare: SpeechDetector | null = create();
  /** The least recently used first. */
  const detectors = new Map<string, SpeechDetector>();

  function take(): SpeechDetector {
    if (spare) {
      const first = spare;
      spare = null;
      return first;
    }
    const oldest = detectors.entries().next().value;
    if (detectors.size < mostDetectors || oldest === undefined) return create();
    const [stream, detector] = oldest;
    detectors.delete(stream);
    detector.reset();
    return detector;
  }

  return {
    of(stream) {
      const detector = detectors.get(stream) ?? take();
      detectors.delete(stream);
      detectors.set(stream, detector);
      return detector;
    },
  };
}
