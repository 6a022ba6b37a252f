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

/**
 * Reads a WAV file of ours. Its length is the file's, not the header's, so a recording whose header was never
 * completed is read whole. Throws `clip/missing` for a file that is no such recording.
 */
export function decodeWav(file: Uint8Array): { readonly samples: Int16Array; readonly sampleRateHz: number } {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.byteLength < wavHeaderBytes || view.getUint32(0) !== 0x52494646 || view.getUint32(36) !== 0x64617461) {
    throw new AppError('clip/missing', 'not a recording of ours');
  }
  return { samples: bytesToPcm(file.subarray(wavHeaderBytes)), sampleRateHz: view.getUint32(24, true) };
}
