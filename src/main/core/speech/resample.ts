import { recordingSampleRateHz } from '../../../shared/audio-format.js';
import type { Sound } from './voice.js';

/** Zero crossings of the filter on each side: enough that what is left of mirrored sound is 60 dB down. */
const crossings = 12;

/** A sound at the recogniser's rate, mono as before; itself where it has that rate already. */
export function forRecogniser({ samples, sampleRateHz }: Sound): Int16Array {
  if (sampleRateHz === recordingSampleRateHz) return samples;
  const divisor = greatestCommonDivisor(sampleRateHz, recordingSampleRateHz);
  const step = sampleRateHz / divisor;
  const phases = recordingSampleRateHz / divisor;
  // Frequencies above half of the lower rate must go.
  const cutoff = Math.min(1, recordingSampleRateHz / sampleRateHz);
  const reach = Math.ceil(crossings / cutoff);
  const filters = Array.from({ length: phases }, (_, phase) => lowPass(cutoff, reach, phase / phases));

  const output = new Int16Array(Math.floor((samples.length * phases) / step));
  for (let index = 0; index < output.length; index += 1) {
    const position = Math.floor((index * step) / phases);
    const filter = filters[(index * step) % phases] ?? new Float64Array();
    let sum = 0;
    for (let tap = 0; tap < filter.length; tap += 1) {
      sum += (filter[tap] ?? 0) * (samples[position + tap - reach + 1] ?? 0);
    }
    output[index] = Math.round(Math.max(-32768, Math.min(32767, sum)));
  }
  return output;
}

/** The weights of the samples around a place that lies a `fraction` of a sample behind the middle one. */
function lowPass(cutoff: number, reach: number, fraction: number): Float64Array {
  const weights = Float64Array.from({ length: 2 * reach }, (_, tap) => {
    const distance = tap - reach + 1 - fraction;
    const window = 0.5 + 0.5 * Math.cos((Math.PI * distance) / reach);
    return Math.abs(distance) >= reach ? 0 : sinc(cutoff * distance) * window;
  });
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

function greatestCommonDivisor(one: number, other: number): number {
  return other === 0 ? one : greatestCommonDivisor(other, one % other);
}
