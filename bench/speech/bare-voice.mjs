// Child process of memory.bench.ts: says a text with sherpa-onnx-node as its documentation shows it, and prints the most
// memory that this took, in MiB.
import { createRequire } from 'node:module';
import path from 'node:path';

const [folder, text] = process.argv.slice(2);
const { OfflineTts } = createRequire(import.meta.url)('sherpa-onnx-node');
const file = (name) => path.join(folder, name);
const voice = new OfflineTts({
  model: {
    vits: { model: file('model.onnx'), tokens: file('tokens.txt'), dataDir: file('espeak-ng-data') },
    numThreads: 1,
    provider: 'cpu',
    debug: false,
  },
  maxNumSentences: 1,
});
voice.generate({ text, sid: 0, speed: 1 });
process.stdout.write(String(process.resourceUsage().maxRSS / 1024));
