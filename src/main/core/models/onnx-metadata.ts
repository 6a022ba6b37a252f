import { appendFile, open, type FileHandle } from 'node:fs/promises';

// An ONNX file is one message of protocol buffers (onnx.proto3, ModelProto): fields of a number and a kind, each a varint, or
// a length and so many bytes. What a model says of itself is in fields of number 14, each with a key and a value.

const metadataField = 14;
const keyField = 1;
const valueField = 2;
/** ModelProto's fields that any model has: its version of the format, and its graph. */
const irVersionField = 1;
const graphField = 7;

const varint = 0;
const lengthDelimited = 2;
const fixed64 = 1;
const fixed32 = 5;

/** What is written there is short; a longer one is not read. */
const longestEntry = 65_536;

/**
 * What a model says of itself, without reading its weights; null where the file is no ONNX model. Rejects as the file
 * system does.
 */
export async function readOnnxMetadata(path: string): Promise<ReadonlyMap<string, string> | null> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const metadata = new Map<string, string>();
    const seen = new Set<number>();
    for (let at = 0; at < size;) {
      const field = await readField(file, at, size);
      if (field === null) return null;
      seen.add(field.number);
      if (field.number === metadataField && field.end - field.start <= longestEntry) {
        const bytes = Buffer.alloc(field.end - field.start);
        await file.read(bytes, 0, bytes.length, field.start);
        const entry = readEntry(bytes);
        if (entry) metadata.set(entry.key, entry.value);
      }
      at = field.end;
    }
    return seen.has(irVersionField) && seen.has(graphField) ? metadata : null;
  } finally {
    await file.close();
  }
}

/** Adds to what a model says of itself: fields may stand in any order, so they go to its end. */
export async function appendOnnxMetadata(path: string, metadata: Readonly<Record<string, string>>): Promise<void> {
  const entries = Object.entries(metadata).map(([key, value]) =>
    bytesField(
      metadataField,
      Buffer.concat([bytesField(keyField, Buffer.from(key)), bytesField(valueField, Buffer.from(value))]),
    ),
  );
  await appendFile(path, Buffer.concat(entries), { flush: true });
}

/** The field that begins at a place: where its content is. Null where there is none that could be. */
async function readField(file: FileHandle, at: number, size: number) {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(20), 0, 20, at);
  const head = buffer.subarray(0, bytesRead);
  const tag = readVarint(head, 0);
  if (tag === null) return null;
  const [number, kind] = [Math.floor(tag.value / 8), tag.value % 8];
  const next = readVarint(head, tag.end);
  if (number === 0 || next === null) return null;
  const start = kind === lengthDelimited ? at + next.end : at + tag.end;
  const end =
    kind === varint
      ? at + next.end
      : kind === lengthDelimited
        ? start + next.value
        : kind === fixed64
          ? start + 8
          : kind === fixed32
            ? start + 4
            : NaN;
  return end <= size ? { number, start, end } : null;
}

function readEntry(bytes: Buffer): { readonly key: string; readonly value: string } | null {
  const found: Record<number, string> = {};
  for (let at = 0; at < bytes.length;) {
    const tag = readVarint(bytes, at);
    const length = tag && readVarint(bytes, tag.end);
    if (!tag || !length || tag.value % 8 !== lengthDelimited) return null;
    const end = length.end + length.value;
    if (end > bytes.length) return null;
    found[Math.floor(tag.value / 8)] = bytes.subarray(length.end, end).toString('utf8');
    at = end;
  }
  return { key: found[keyField] ?? '', value: found[valueField] ?? '' };
}

/** Seven bits in each byte, the lowest first, as long as the eighth is set. */
function readVarint(bytes: Buffer, from: number): { readonly value: number; readonly end: number } | null {
  let value = 0;
  for (let at = from, factor = 1; at < bytes.length && at < from + 8; at += 1, factor *= 128) {
    const byte = bytes[at] ?? 0;
    value += (byte & 127) * factor;
    if (byte < 128) return { value, end: at + 1 };
  }
  return null;
}

function bytesField(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([writeVarint(number * 8 + lengthDelimited), writeVarint(bytes.length), bytes]);
}

function writeVarint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
}
