// Child process of backends.test.ts and bench/gpu/check.mjs: recognises clips with a backend of its own, because a
// process that has started a GPU's driver keeps it. Reports on standard output, as one object of JSON.
// Argument: JSON { addon, backends?, gpu?, model, load?, options?, clips: [{ file, language }], detect? }
//   backends  the folder for loadBackends, gpu its option
//   load      LoadOptions, options: TranscribeOptions, detect: also tell each clip's language
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const {
  addon: addonFile,
  backends,
  gpu,
  model,
  load = {},
  options = {},
  clips,
  detect = false,
} = JSON.parse(process.argv[2]);
const addon = createRequire(import.meta.url)(addonFile);
const unused = backends === undefined ? [] : addon.loadBackends(backends, { gpu });
const devices = addon.devices();

const loaded = await addon.load({ modelPath: model, ...load });
const results = [];
for (const { file, language } of clips) {
  // 16-bit mono PCM after a plain header, which is what the clips are.
  const bytes = readFileSync(file);
  const pcm = Float32Array.from({ length: (bytes.length - 44) / 2 }, (_, i) => bytes.readInt16LE(44 + 2 * i) / 32_768);
  const { text, timings, backend } = await loaded.transcribe(pcm, { ...options, language });
  const languages = detect ? await loaded.detectLanguage(pcm, { candidateLanguages: ['en', 'zh'] }) : null;
  results.push({ text, timings, backend, languages });
}
const { backend, gpuFailure } = loaded;
await loaded.release();
console.log(JSON.stringify({ unused, devices, backend, gpuFailure, results }));
