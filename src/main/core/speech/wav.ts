import { bytesToPcm, pcmToBytes } from '../../../shared/audio-format.js';
import { AppError } from '../../../shared/errors.js';

export const wavHeaderBytes = 44;

/** The header of a 16-bit mono WAV file that holds `dataBytes` of sound. */
export function wavHeader(dataBytes: number, sampleRateHz: number): Buffer {
  const header = Buffer.alloc(wavHeaderBytes);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(dataBytes + wavHeaderBytes - 8, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20); // PCM
  header.writeUInt16LE(1, 22); // mono
  header.writeUInt32LE(sampleRateHz, 24);
  header.writeUInt32LE(sampleRateHz * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(dataBytes, 40);
  return header;
}

export function encodeWav(samples: Int16Array, sampleRateHz: number): Buffer {
  const bytes = pcmToBytes(samples);
  return Buffer.concat([wavHeader(bytes.byteLength, sampleRateHz), bytes]);
}

/** Sounds of ours lie between these; a rate outside of them is damage, and would make nonsense of every duration. */
const lowestSampleRateHz = 8_000;
const highestSampleRateHz = 192_000;

/** The length of a chunk that was never completed, in the two ways in which programs say so. */
const unknownLengths: readonly number[] = [0, 0xffffffff];

/**
 * Reads a 16-bit mono WAV file. Where the length in its header was never completed, or is more than there is, the
 * sound is read to the end of the file: a recording that a crash cut short is read whole. Allocates no more than the
 * file's own size, whatever its header says. Throws `clip/missing` for a file that is no such recording.
 */
export function decodeWav(file: Uint8Array): { readonly samples: Int16Array; readonly sampleRateHz: number } {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const has = (at: number, mark: string) => at + mark.length <= file.byteLength && markAt(file, at) === mark;
  if (!has(0, 'RIFF') || !has(8, 'WAVE')) throw noRecording('no WAV file');
  let sampleRateHz: number | null = null;
  for (let at = 12; at + 8 <= file.byteLength;) {
    const stated = view.getUint32(at + 4, true);
    const start = at + 8;
    if (has(at, 'fmt ')) sampleRateHz = sampleRateOf(view, start, stated);
    if (has(at, 'data')) {
      if (sampleRateHz === null) throw noRecording('sound of an unknown format');
      const whole = unknownLengths.includes(stated) || start + stated > file.byteLength;
      return { samples: bytesToPcm(file.subarray(start, whole ? file.byteLength : start + stated)), sampleRateHz };
    }
    // Chunks begin at even places.
    at = start + stated + (stated % 2);
  }
  throw noRecording('no sound in it');
}

/** The sample rate in a `fmt ` chunk, where that describes sound as we write it. */
function sampleRateOf(view: DataView, at: number, length: number): number {
  if (length < 16 || at + 16 > view.byteLength) throw noRecording('format cut short');
  const [format, channels, bits] = [
    view.getUint16(at, true),
    view.getUint16(at + 2, true),
    view.getUint16(at + 14, true),
  ];
  const sampleRateHz = view.getUint32(at + 4, true);
  const ours = format === 1 && channels === 1 && bits === 16;
  if (!ours || sampleRateHz < lowestSampleRateHz || sampleRateHz > highestSampleRateHz) {
    throw noRecording(`format ${[format, channels, bits, sampleRateHz].join('/')}`);
  }
  return sampleRateHz;
}

function markAt(file: Uint8Array, at: number): string {
  return String.fromCharCode(...file.subarray(at, at + 4));
}

function noRecording(detail: string): AppError {
  return new AppError('clip/missing', detail);
}
