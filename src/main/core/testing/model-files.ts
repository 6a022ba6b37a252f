import { createHash } from 'node:crypto';
import type { CatalogueEntry } from '../models/catalogue.js';

/** A recogniser that can be had from one address, for a test. */
export function catalogueEntry(
  content: Buffer,
  url: string,
  rest: Partial<CatalogueRecogniser> = {},
): CatalogueRecogniser {
  return {
    kind: 'recogniser',
    id: 'test',
    name: 'Test',
    file: 'test.bin',
    bytes: content.length,
    sha256: [createHash('sha256').update(content).digest('hex')],
    checksums: null,
    urls: [{ host: 'test', url }],
    licence: 'MIT',
    creditRequired: false,
    size: 'tiny',
    multilingual: true,
    quantisation: 'f16',
    ...rest,
  };
}

type CatalogueRecogniser = Extract<CatalogueEntry, { readonly kind: 'recogniser' }>;

/** The smallest file that says of itself what an ONNX model of a voice says: it cannot speak. */
export function tinyOnnx(metadata: Readonly<Record<string, string>>): Buffer {
  const field = (number: number, bytes: Buffer) => Buffer.concat([Buffer.from([number * 8 + 2, bytes.length]), bytes]);
  const entries = Object.entries(metadata).map(([key, value]) =>
    field(14, Buffer.concat([field(1, Buffer.from(key)), field(2, Buffer.from(value))])),
  );
  // The version of the format, and a graph with a name.
  return Buffer.concat([Buffer.from([8, 8]), field(7, field(2, Buffer.from('graph'))), ...entries]);
}

/** The head of a whisper.cpp model, and as much behind it: it cannot hear. */
export function tinyWhisper({ vocabulary = 51865, type = 1, bytes = 1000 } = {}): Buffer {
  const head = Buffer.alloc(48 + bytes);
  head.writeUInt32LE(0x67676d6c, 0);
  const fields = [vocabulary, 1500, 384, 6, 4, 448, 384, 6, 4, 80, type];
  for (const [index, value] of fields.entries()) head.writeInt32LE(value, 4 + 4 * index);
  return head;
}
