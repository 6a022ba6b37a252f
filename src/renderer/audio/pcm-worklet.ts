import { recordingSampleRateHz, vadWindowSamples } from '../../shared/audio-format.js';
import { createPcmChunker } from './pcm-chunker.js';
import { createStreamResampler } from './stream-resampler.js';

// The audio thread's own scope, which TypeScript's DOM library does not describe.
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
/** Of the context, Hz. */
declare const sampleRate: number;
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;

/**
 * Posts the microphone's sound window by window, as the speech detector looks at it: somebody who interrupts a reply
 * waits for each. They are cloned, never transferred: Electron silently loses
 * messages with transferred buffers. A message to it asks for what has been gathered; `null` follows as its answer.
 */
class PcmProcessor extends AudioWorkletProcessor {
  private readonly chunker = createPcmChunker(vadWindowSamples, (chunk) => {
    this.port.postMessage(chunk);
  });

  private readonly resampler =
    sampleRate === recordingSampleRateHz ? null : createStreamResampler(sampleRate, recordingSampleRateHz);

  constructor() {
    super();
    this.port.onmessage = () => {
      this.chunker.flush();
      this.port.postMessage(null);
    };
  }

  process(inputs: readonly (readonly Float32Array[])[]): boolean {
    const block = inputs[0]?.[0];
    if (block !== undefined) this.chunker.push(this.resampler === null ? block : this.resampler.push(block));
    return true;
  }
}

registerProcessor('pcm', PcmProcessor);
