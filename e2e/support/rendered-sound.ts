/** What a page has let be heard, as its output device got it. */
export interface RenderedSound {
  readonly sampleRateHz: number;
  /** Loudness (RMS, 0..1) of consecutive blocks of `blockMs`. */
  readonly blocks: readonly number[];
  readonly blockMs: number;
}

declare global {
  var renderedSound: () => RenderedSound;
}

/**
 * Runs in the page before its own scripts: whatever is connected to an audio output is also measured, after the whole
 * graph before it. Nothing of the app knows of it.
 */
export function listenToPage(): void {
  const blockSamples = 1024;
  const blocks: number[] = [];
  let sampleRateHz = 48_000;
  const meters = new WeakMap<BaseAudioContext, ScriptProcessorNode>();
  // The prototype's own method, to be called on whichever node is meant.
  const connect = AudioNode.prototype.connect as (this: AudioNode, ...args: unknown[]) => AudioNode;

  function meterOf(context: BaseAudioContext): ScriptProcessorNode {
    const known = meters.get(context);
    if (known) return known;
    const meter = context.createScriptProcessor(blockSamples, 1, 1);
    sampleRateHz = context.sampleRate;
    meter.onaudioprocess = (event) => {
      const samples = event.inputBuffer.getChannelData(0);
      blocks.push(Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length));
    };
    connect.call(meter, context.destination);
    meters.set(context, meter);
    return meter;
  }

  AudioNode.prototype.connect = function (this: AudioNode, ...args: unknown[]) {
    if (args[0] instanceof AudioDestinationNode && this.context.sampleRate > 16_000)
      connect.call(this, meterOf(this.context));
    return connect.call(this, ...args);
  };

  globalThis.renderedSound = () => ({ sampleRateHz, blocks, blockMs: (blockSamples * 1000) / sampleRateHz });
}

/** How long sound was heard, from the first to the last loud block in each stretch, in ms. */
export function heardMs({ blocks, blockMs }: RenderedSound): number {
  return blocks.filter((rms) => rms > 0.005).length * blockMs;
}
