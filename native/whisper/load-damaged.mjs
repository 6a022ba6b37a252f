// Child process of addon.test.ts: loads damaged copies of a model, one after another, and reports each
// outcome as a line of JSON. Had one of them crashed the process, the lines after it would be missing.
// Arguments: the model, a scratch file, and a JSON list of damages:
//   { kind: 'truncate', at } | { kind: 'flip', at, bit } | { kind: 'content', text }
import { closeSync, copyFileSync, openSync, readSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';

const [modelFile, scratchFile, list] = process.argv.slice(2);
const addon = createRequire(import.meta.url)('./build/botchat_whisper.node');

async function outcome() {
  let model;
  try {
    model = await addon.load({ modelPath: scratchFile });
  } catch (error) {
    return error.code ?? String(error);
  }
  // What loads must also run: this is where wrong numbers would reach past their arrays.
  await model.transcribe(new Float32Array(16_000), { threads: 1, maxTokens: 5, temperatureIncrement: 0 });
  await model.release();
  return 'loaded';
}

copyFileSync(modelFile, scratchFile);
for (const damage of JSON.parse(list)) {
  let repair = () => {};
  if (damage.kind === 'truncate') {
    truncateSync(scratchFile, damage.at); // the list goes from long to short
  } else if (damage.kind === 'content') {
    writeFileSync(scratchFile, damage.text);
  } else {
    const invert = () => {
      const file = openSync(scratchFile, 'r+');
      const byte = Buffer.alloc(1);
      readSync(file, byte, 0, 1, damage.at);
      byte[0] ^= 1 << damage.bit;
      writeSync(file, byte, 0, 1, damage.at);
      closeSync(file);
    };
    invert();
    repair = invert;
  }
  process.stdout.write(`${JSON.stringify({ ...damage, outcome: await outcome() })}\n`);
  repair();
}
