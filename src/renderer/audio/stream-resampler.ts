/** Takes a sound that goes on from one sample rate to a lower one. */
export interface StreamResampler {
  /** The samples that are complete now. */
  push(block: Float32Array): Float32Array;
}

/** Zero crossings of the filter on each side: what is above half the new rate is 60 dB down. */
const zeroCrossings = 16;

/**
 * A windowed sinc, moved along the sound (Smith, "Digital Audio Resampling Home Page", 2002). For browsers that do not
 * resample a microphone to the rate of an audio context: Firefox refuses to connect the two.
 */
export function createStreamResampler(fromHz: number, toHz: number): StreamResampler {
  const ratio = fromHz / toHz;
  const cutoff = Math.min(1, 1 / ratio) * 0.95;
  const reach = Math.ceil(zeroCrossings / cutoff);
  let held = new Float32Array(reach);
  /** Where the next sample lies, in samples of `held`. */
  let position = reach;

  const filter = (distance: number): number => {
    if (Math.abs(distance) >= reach) return 0;
    const window = 0.5 + 0.5 * Math.cos((Math.PI * distance) / reach);
    const x = Math.PI * distance * cutoff;
    return cutoff * window * (x === 0 ? 1 : Math.sin(x) / x);
  };

  return {
    push(block) {
      const sound = new Float32Array(held.length + block.length);
      sound.set(held);
      sound.set(block, held.length);
      const output: number[] = [];
      for (; position + reach < sound.length; position += ratio) {
        const first = Math.ceil(position - reach);
        let sum = 0;
        for (let index = first; index <= position + reach; index += 1)
          sum += (sound[index] ?? 0) * filter(index - position);
        output.push(sum);
      }
      const keepFrom = Math.max(0, Math.floor(position) - reach);
      held = sound.slice(keepFrom);
      position -= keepFrom;
      return Float32Array.from(output);
    },
  };
}
