// Writes a ggml whisper model of a true size with random weights: the arithmetic of the real thing, no sense.
//   node bench/whisper-stock/make-model.mjs OUTPUT [tiny|base|small|large-v3-turbo]
// Mel filters and vocabulary are the demo model's. The same numbers every time. All weights are f16, so a file is as
// large as its namesake: 78 MB, 148 MB, 488 MB and 1.6 GB.
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const demoModel = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../resources/demo/micro-whisper.bin');

const shapes = {
  tiny: { state: 384, heads: 6, layers: 4 },
  base: { state: 512, heads: 8, layers: 6 },
  small: { state: 768, heads: 12, layers: 12 },
  'large-v3-turbo': { state: 1280, heads: 20, layers: 32, textLayers: 4, mels: 128, vocabularySize: 51_866 },
};
const audioContext = 1500;
const textContext = 448;
const f32 = 0;
const f16 = 1;

/** The demo file's part between hyperparameters and weights: filters (some twice, where more are wanted), vocabulary. */
function filtersAndVocabulary(mels) {
  const file = readFileSync(demoModel);
  const start = 48; // magic and 11 hyperparameters
  const [have, bins] = [file.readInt32LE(start), file.readInt32LE(start + 4)];
  const filter = (i) => file.subarray(start + 8 + i * bins * 4, start + 8 + (i + 1) * bins * 4);
  const filters = Array.from({ length: mels }, (_, i) => filter(Math.floor((i * have) / mels)));
  const vocabulary = start + 8 + have * bins * 4;
  const count = file.readInt32LE(vocabulary);
  let end = vocabulary + 4;
  for (let i = 0; i < count; ++i) end += 4 + file.readInt32LE(end);
  return Buffer.concat([Buffer.from(Int32Array.of(mels, bins).buffer), ...filters, file.subarray(vocabulary, end)]);
}

/** [name, shape with the fastest dimension first, type, value]; value 'random', or what every element is. */
function* tensors({ state, layers, textLayers, mels, vocabularySize }) {
  const vector = (name, value, size = state) => [name, [size], f32, value];
  const matrix = (name, columns, rows) => [name, [columns, rows], f16, 'random'];
  const norm = (name) => [vector(`${name}.weight`, 1), vector(`${name}.bias`, 0)];
  const linear = (name, columns, rows, bias = true) => [
    matrix(`${name}.weight`, columns, rows),
    ...(bias ? [vector(`${name}.bias`, 'random', rows)] : []),
  ];
  const attention = (name) => [
    ...norm(`${name}_ln`),
    ...linear(`${name}.query`, state, state),
    ...linear(`${name}.key`, state, state, false),
    ...linear(`${name}.value`, state, state),
    ...linear(`${name}.out`, state, state),
  ];
  const mlp = (name) => [
    ...norm(`${name}.mlp_ln`),
    ...linear(`${name}.mlp.0`, state, 4 * state),
    ...linear(`${name}.mlp.2`, 4 * state, state),
  ];

  yield ['encoder.positional_embedding', [state, audioContext], f32, 'random'];
  yield ['encoder.conv1.weight', [3, mels, state], f16, 'random'];
  yield ['encoder.conv1.bias', [1, state], f32, 'random'];
  yield ['encoder.conv2.weight', [3, state, state], f16, 'random'];
  yield ['encoder.conv2.bias', [1, state], f32, 'random'];
  yield* norm('encoder.ln_post');
  for (let i = 0; i < layers; ++i) {
    yield* attention(`encoder.blocks.${i}.attn`);
    yield* mlp(`encoder.blocks.${i}`);
  }
  yield ['decoder.positional_embedding', [state, textContext], f32, 'random'];
  yield matrix('decoder.token_embedding.weight', state, vocabularySize);
  yield* norm('decoder.ln');
  for (let i = 0; i < textLayers; ++i) {
    yield* attention(`decoder.blocks.${i}.attn`);
    yield* attention(`decoder.blocks.${i}.cross_attn`);
    yield* mlp(`decoder.blocks.${i}`);
  }
}

/** 4096 numbers around 0 with a deviation of 0.03, as f32 and as f16 bits. */
function randomTable(next) {
  const singles = Float32Array.from(
    { length: 4096 },
    () => (next() / 2 ** 32 - 0.5 + (next() / 2 ** 32 - 0.5)) * 0.0735,
  );
  const bits = new Uint32Array(singles.buffer);
  const halves = Uint16Array.from(bits, (each) => {
    const exponent = ((each >>> 23) & 255) - 112; // rebiased from 127 to 15
    const sign = (each >>> 16) & 0x8000;
    return exponent <= 0 ? sign : sign | (exponent << 10) | ((each >>> 13) & 1023); // tiny ones become 0
  });
  return { [f32]: singles, [f16]: halves };
}

export function makeModel(output, size) {
  if (!Object.hasOwn(shapes, size)) throw new Error(`No such size: ${size}`);
  const shape = { mels: 80, vocabularySize: 51_865, textLayers: shapes[size].layers, ...shapes[size] };
  let seed = 0x2545f491;
  const next = () => {
    seed ^= seed << 13;
    seed ^= seed >>> 17;
    seed ^= seed << 5;
    return (seed >>>= 0);
  };
  const table = randomTable(next);

  const file = openSync(output, 'w');
  const { state, heads, layers, textLayers, mels, vocabularySize } = shape;
  writeSync(
    file,
    Int32Array.of(
      0x67676d6c,
      vocabularySize,
      audioContext,
      state,
      heads,
      layers,
      textContext,
      state,
      heads,
      textLayers,
      mels,
      f16,
    ),
  );
  writeSync(file, filtersAndVocabulary(mels));
  for (const [name, dimensions, type, value] of tensors(shape)) {
    writeSync(file, Int32Array.of(dimensions.length, name.length, type, ...dimensions));
    writeSync(file, name);
    // In pieces: no tensor is ever whole in memory.
    const Numbers = type === f16 ? Uint16Array : Float32Array;
    let left = dimensions.reduce((product, each) => product * each, 1);
    while (left > 0) {
      const piece = new Numbers(Math.min(left, 1 << 18));
      if (value === 'random') {
        for (let i = 0; i < piece.length; ++i) piece[i] = table[type][next() >>> 20];
      } else {
        piece.fill(value);
      }
      writeSync(file, piece);
      left -= piece.length;
    }
  }
  closeSync(file);
}

if (process.argv[1] && import.meta.url === pathToFileURL(path.resolve(process.argv[1])).href) {
  const [output, size = 'tiny'] = process.argv.slice(2);
  makeModel(output, size);
}
