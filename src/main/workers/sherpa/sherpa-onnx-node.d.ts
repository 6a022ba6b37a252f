/**
 * The part of sherpa-onnx-node's interface that is used here; the package has no types of its own. (The voice uses the
 * native part directly, see sherpa-addon.ts.)
 */
declare module 'sherpa-onnx-node' {
  /** Silero's detector, fed window by window. */
  export class Vad {
    constructor(
      config: {
        readonly sileroVad: {
          readonly model: string;
          /** Probability from which on a window counts as speech. */
          readonly threshold: number;
          /** Seconds. */
          readonly minSilenceDuration: number;
          readonly minSpeechDuration: number;
          readonly maxSpeechDuration: number;
          /** Samples. */
          readonly windowSize: number;
        };
        readonly sampleRate: number;
        readonly numThreads: number;
        readonly debug: boolean;
      },
      bufferSeconds: number,
    );
    acceptWaveform(samples: Float32Array): void;
    isDetected(): boolean;
    isEmpty(): boolean;
    pop(): void;
    reset(): void;
  }
}
