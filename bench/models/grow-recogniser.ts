import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';

// The demo recogniser inside a model of a real one's size: as much work for an engine, and the same words out of it. With
// random weights instead, a decoder never ends by itself, and there is no text by which to tell whether speed was bought
// with errors.
//
// How: the demo's 64 numbers for each position stand side by side as often as the larger state has room for them, which
// leaves their mean and deviation (all that a layer norm looks at) as they are. What reads the state reads the first 64;
// what writes it writes all copies. An attention head, or the inner layer of a perceptron, has the demo's weights in its
// first rows and zeros in the others; layers that the demo does not have add nothing. A zero is multiplied like any other
// number, so the work is that of the real size.

/** Sizes of real models. */
const sizes = {
  tiny: { state: 384, layers: 4 },
  base: { state: 512, layers: 6 },
  small: { state: 768, layers: 12 },
} as const;
export type ModelSize = keyof typeof sizes;

/** All of Whisper's heads are this wide. */
const headWidth = 64;

/** Which of the demo's rows or columns stands at an index of the larger tensor; -1 for a zero. */
type Place = (index: number) => number;

interface Tensor {
  /** The fastest dimension first. */
  readonly dimensions: readonly number[];
  readonly isHalf: boolean;
  readonly data: Buffer;
}

interface Demo {
  /** Magic, hyperparameters. */
  readonly header: Int32Array;
  readonly filtersAndVocabulary: Buffer;
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/** Writes the demo model of `demoPath` in a larger size to `output`: f16, a ggml file as whisper.cpp reads it. */
export function growRecogniser(demoPath: string, output: string, size: ModelSize): void {
  const demo = readDemo(demoPath);
  const { state, layers } = sizes[size];
  const demoState = demo.header[3] ?? 0;
  if (state % demoState !== 0)
    throw new Error('the larger state does not hold the smaller one a whole number of times');
  const header = Int32Array.from(demo.header);
  header.set([state, state / headWidth, layers], 3);
  header.set([state, state / headWidth, layers], 7);

  const file = openSync(output, 'w');
  writeSync(file, Buffer.from(header.buffer));
  writeSync(file, demo.filtersAndVocabulary);
  for (const [name, tensor] of demo.tensors) {
    const [, part, layer, rest] = /^(encoder|decoder)\.blocks\.(\d+)\.(.*)$/.exec(name) ?? [];
    if (part === undefined || rest === undefined) {
      writeTensor(file, name, grown(name, tensor, demo, state, true));
      continue;
    }
    // The first layer also stands for those that the demo does not have.
    const own = part === 'encoder' ? (demo.header[5] ?? 0) : (demo.header[9] ?? 0);
    const more = layer === '0' ? Array.from({ length: layers - own }, (_, index) => own + index) : [];
    for (const at of [Number(layer), ...more]) {
      const speaks = at < own || !/(?:\.out|mlp\.2)\.(?:weight|bias)$/.test(rest);
      writeTensor(file, `${part}.blocks.${String(at)}.${rest}`, grown(name, tensor, demo, state, speaks));
    }
  }
  closeSync(file);
}

/** Which of the demo's numbers a larger tensor has, and where. */
interface Layout {
  readonly rows: Place;
  readonly columns: Place;
  readonly rowCount: number;
  readonly columnCount: number;
  /** How many the demo's tensor has. */
  readonly demoColumns: number;
  /** By what its numbers are multiplied. */
  readonly scale: number;
}

function layoutOf(name: string, { dimensions }: Tensor, demo: Demo, state: number): Layout {
  const demoState = demo.header[3] ?? 0;
  const heads = (name.startsWith('encoder') ? demo.header[4] : demo.header[8]) ?? 1;
  const width = demoState / heads;
  const outputs = dimensions.at(-1) ?? 0;
  const inputs = dimensions.slice(0, -1).reduce((product, each) => product * each, 1);
  const times = (count: number) => (count / demoState) * state;

  const same: Place = (index) => index;
  const tiled: Place = (index) => index % demoState;
  const first =
    (count: number): Place =>
    (index) =>
      index < count ? index : -1;
  const inHeads: Place = (index) => {
    const [head, at] = [Math.floor(index / headWidth), index % headWidth];
    return head < heads && at < width ? head * width + at : -1;
  };

  if (name.includes('embedding')) {
    return { rows: same, columns: tiled, rowCount: outputs, columnCount: state, demoColumns: inputs, scale: 1 };
  }
  if (name.endsWith('conv1.weight')) {
    return { rows: tiled, columns: same, rowCount: state, columnCount: inputs, demoColumns: inputs, scale: 1 };
  }
  const isPerHead = /\.(?:query|key|value)\.(?:weight|bias)$/.test(name);
  // Logits are sums over the whole state, which holds the demo's several times; a wider head divides its scores by more.
  const queryScale = name.includes('.query.') ? Math.sqrt(headWidth / width) : 1;
  const rows = {
    rows: isPerHead ? inHeads : name.includes('mlp.0') ? first(outputs) : tiled,
    rowCount: times(outputs),
    scale: name.startsWith('decoder.ln.') ? demoState / state : queryScale,
  };
  const isVector = dimensions.length === 1 || inputs === 1;
  if (isVector) return { ...rows, columns: same, columnCount: 1, demoColumns: 1 };
  const columns = name.endsWith('.out.weight') ? inHeads : first(inputs);
  return { ...rows, columns, columnCount: times(inputs), demoColumns: inputs };
}

/** One tensor in the larger size; all zeros where it is not to speak. */
function grown(name: string, tensor: Tensor, demo: Demo, state: number, speaks: boolean): Tensor {
  const { dimensions, isHalf, data } = tensor;
  const { rows, columns, rowCount, columnCount, demoColumns, scale } = layoutOf(name, tensor, demo, state);
  const source = numbersOf(data, isHalf).map(scale === 1 ? (bits) => bits : scaledBits(scale, isHalf));
  const target = isHalf ? new Uint16Array(rowCount * columnCount) : new Uint32Array(rowCount * columnCount);
  const fromColumns = Int32Array.from({ length: columnCount }, (_, index) => columns(index));
  for (let row = 0; speaks && row < rowCount; row += 1) {
    const from = rows(row);
    if (from < 0) continue;
    for (let column = 0; column < columnCount; column += 1) {
      const at = fromColumns[column] ?? -1;
      if (at >= 0) target[row * columnCount + column] = source[from * demoColumns + at] ?? 0;
    }
  }
  // A convolution's taps come before its inputs.
  const taps = dimensions.slice(0, -2);
  const inputs = columnCount / taps.reduce((product, each) => product * each, 1);
  return {
    dimensions: dimensions.length === 1 ? [rowCount] : [...taps, inputs, rowCount],
    isHalf,
    data: Buffer.from(target.buffer),
  };
}

const numbersOf = (data: Buffer, isHalf: boolean): Uint16Array | Uint32Array => {
  const bytes = new Uint8Array(data).buffer;
  return isHalf ? new Uint16Array(bytes) : new Uint32Array(bytes);
};

/** Multiplies a number that is given as its bits. */
function scaledBits(scale: number, isHalf: boolean): (bits: number) => number {
  const memory = new DataView(new ArrayBuffer(4));
  const bitsOf = (value: number) => {
    memory.setFloat32(0, value);
    return memory.getUint32(0);
  };
  return (bits) => {
    if (!isHalf) {
      memory.setUint32(0, bits);
      return bitsOf(memory.getFloat32(0) * scale);
    }
    const exponent = (bits >>> 10) & 31;
    const magnitude = exponent === 0 ? (bits & 1023) * 2 ** -24 : (1 + (bits & 1023) / 1024) * 2 ** (exponent - 15);
    // Rounded to 11 digits; smaller than the smallest normal half it becomes 0.
    const rounded = bitsOf(magnitude * scale) + 0x1000;
    const rebiased = (rounded >>> 23) - 112;
    return (bits & 0x8000) | (rebiased <= 0 ? 0 : (rebiased << 10) | ((rounded >>> 13) & 1023));
  };
}

function readDemo(path: string): Demo {
  const file = readFileSync(path);
  const header = Int32Array.from({ length: 12 }, (_, index) => file.readInt32LE(4 * index));
  const filters = 48;
  const vocabulary = filters + 8 + file.readInt32LE(filters) * file.readInt32LE(filters + 4) * 4;
  let at = vocabulary + 4;
  for (let left = file.readInt32LE(vocabulary); left > 0; left -= 1) at += 4 + file.readInt32LE(at);
  const filtersAndVocabulary = file.subarray(filters, at);
  const tensors = new Map<string, Tensor>();
  while (at < file.length) {
    const [rank, nameLength, type] = [file.readInt32LE(at), file.readInt32LE(at + 4), file.readInt32LE(at + 8)];
    const dimensions = Array.from({ length: rank }, (_, index) => file.readInt32LE(at + 12 + 4 * index));
    at += 12 + 4 * rank;
    const name = file.toString('utf8', at, at + nameLength);
    at += nameLength;
    const size = dimensions.reduce((product, each) => product * each, type === 1 ? 2 : 4);
    tensors.set(name, { dimensions, isHalf: type === 1, data: file.subarray(at, at + size) });
    at += size;
  }
  return { header, filtersAndVocabulary, tensors };
}

function writeTensor(file: number, name: string, { dimensions, isHalf, data }: Tensor): void {
  writeSync(file, Buffer.from(Int32Array.of(dimensions.length, name.length, isHalf ? 1 : 0, ...dimensions).buffer));
  writeSync(file, name);
  writeSync(file, data);
}
