// Child process of bench/speech/recognition.bench.ts: loads the model, transcribes the audio twice, prints both results as JSON.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const [model, wav, options] = process.argv.slice(2);
const addon = createRequire(import.meta.url)('../../native/whisper/build/botchat_whisper.node');
const bytes = readFileSync(wav);
const pcm = Float32Array.from({ length: (bytes.length - 44) / 2 }, (_, i) => bytes.readInt16LE(44 + 2 * i) / 32_768);

const loaded = await addon.load({ modelPath: model });
const runs = [];
for (let i = 0; i < 2; ++i) {
  const { text, timings, backend } = await loaded.transcribe(pcm, JSON.parse(options));
  runs.push({ text, ...timings, backend });
}
console.log(JSON.stringify(runs));
