import { copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

// The demo voice with the work of a real one: what it says, it says with a chain of convolutions over the finished sound
// behind it, like those in which a Piper voice spends its time, whose result counts for nothing. The voice by itself only
// joins recorded words, and takes no time that could be measured.

const channels = 64;
const taps = 7;
/**
 * So many convolutions of 64 to 64 channels at the full rate make, with one thread of the 2-core machine of
 * docs/benchmarks.md when it is idle, about 0.11 s of work for a second of speech: a Piper voice's (design/speech.md).
 * The factor that was really measured is in every row.
 */
const layers = 10;

/** Writes the demo voice of `demoFolder`, with more to do, to `folder`. */
export function growVoice(demoFolder: string, folder: string): void {
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(demoFolder, 'tokens.txt'), join(folder, 'tokens.txt'));
  cpSync(join(demoFolder, 'espeak-ng-data'), join(folder, 'espeak-ng-data'), { recursive: true });
  const model = fieldsOf(readFileSync(join(demoFolder, 'model.onnx')));
  writeFileSync(
    join(folder, 'model.onnx'),
    message(model.map((each) => (each.number === graphField ? bytesField(graphField, grown(each.bytes)) : each.raw))),
  );
}

/** The graph whose last result, `output`, is what it was, plus nothing that took work. */
function grown(graph: Buffer): Buffer {
  let found = 0;
  const fields = fieldsOf(graph).map((field) => {
    if (field.number !== nodeField) return field.raw;
    const parts = fieldsOf(field.bytes);
    if (!parts.some((part) => part.number === nodeOutput && part.bytes.toString() === 'output')) return field.raw;
    found += 1;
    return bytesField(
      nodeField,
      message(parts.map((part) => (part.number === nodeOutput ? stringField(nodeOutput, 'spoken') : part.raw))),
    );
  });
  if (found !== 1) throw new Error('the voice has another graph than it had');
  const names = Array.from({ length: layers }, (_, index) => `work${String(index)}`);
  return message([
    ...fields,
    convolution('spoken', 'weights-in', 'work'),
    ...names.map((name, index) => convolution(index === 0 ? 'work' : (names[index - 1] ?? ''), 'weights', name)),
    convolution(names.at(-1) ?? 'work', 'weights-out', 'nothing'),
    node('Add', ['spoken', 'nothing'], 'output'),
    weights('weights-in', [channels, 1, taps], 1 / taps),
    weights('weights', [channels, channels, taps], 1 / (channels * taps)),
    weights('weights-out', [1, channels, taps], 0),
  ]);
}

// ONNX is protocol buffers: fields of a number and a kind, either a number or bytes.

const graphField = 7;
const nodeField = 1;
const initializerField = 5;
const nodeInput = 1;
const nodeOutput = 2;
const nodeType = 4;
const nodeAttribute = 5;
const float32 = 1;
const integersAttribute = 7;

interface Field {
  readonly number: number;
  /** Empty where the field is a number. */
  readonly bytes: Buffer;
  /** With its key. */
  readonly raw: Buffer;
}

function fieldsOf(buffer: Buffer): readonly Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = buffer[at] ?? 0;
      at += 1;
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  };
  while (at < buffer.length) {
    const start = at;
    const key = varint();
    const kind = key & 7;
    let bytes: Buffer = Buffer.alloc(0);
    if (kind === 0) varint();
    else if (kind === 2) {
      const length = varint();
      bytes = buffer.subarray(at, at + length);
      at += length;
    } else at += kind === 1 ? 8 : 4;
    fields.push({ number: key >>> 3, bytes, raw: buffer.subarray(start, at) });
  }
  return fields;
}

const message = (fields: readonly Buffer[]): Buffer => Buffer.concat(fields);

function varintOf(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
}

const numberField = (number: number, value: number): Buffer => message([varintOf(number * 8), varintOf(value)]);
const bytesField = (number: number, bytes: Buffer): Buffer =>
  message([varintOf(number * 8 + 2), varintOf(bytes.length), bytes]);
const stringField = (number: number, text: string): Buffer => bytesField(number, Buffer.from(text));

function node(type: string, inputs: readonly string[], output: string, attributes: readonly Buffer[] = []): Buffer {
  return bytesField(
    nodeField,
    message([
      ...inputs.map((name) => stringField(nodeInput, name)),
      stringField(nodeOutput, output),
      stringField(nodeType, type),
      ...attributes.map((each) => bytesField(nodeAttribute, each)),
    ]),
  );
}

/** Along the sound, as long as it was. */
function convolution(input: string, weightsName: string, output: string): Buffer {
  const integers = (name: string, values: readonly number[]) =>
    message([
      stringField(1, name),
      ...values.map((value) => numberField(8, value)),
      numberField(20, integersAttribute),
    ]);
  const side = (taps - 1) / 2;
  return node('Conv', [input, weightsName], output, [integers('kernel_shape', [taps]), integers('pads', [side, side])]);
}

/** Weights around 0, the same every time. */
function weights(name: string, dimensions: readonly number[], size: number): Buffer {
  const values = Float32Array.from(
    { length: dimensions.reduce((product, each) => product * each, 1) },
    (_, index) => size * Math.sin(index * index + 1),
  );
  return bytesField(
    initializerField,
    message([
      ...dimensions.map((each) => numberField(1, each)),
      numberField(2, float32),
      stringField(8, name),
      bytesField(9, Buffer.from(values.buffer)),
    ]),
  );
}
