// Fetches Electron's runtime, showing how far it is: node scripts/run.mjs scripts/fetch-electron.mjs
import { fetchElectron } from './lib/electron-runtime.mjs';

const stallMs = 60_000;
/** On a terminal the line is rewritten; elsewhere there is a line for each tenth. */
const rewrites = process.stdout.isTTY;
let told = -1;

function show(received, total) {
  const size = (bytes) => `${(bytes / 2 ** 20).toFixed(0)} MB`;
  const tenths = total === null ? Math.floor(received / (10 * 2 ** 20)) : Math.floor((10 * received) / total);
  if (!rewrites && tenths === told) return;
  told = tenths;
  const line = `  ${size(received)}${total === null ? '' : ` of ${size(total)}`}`;
  process.stdout.write(rewrites ? `\r${line} ` : `${line}\n`);
}

try {
  await fetchElectron({ stallMs, onProgress: show });
  if (rewrites) process.stdout.write('\n');
} catch (error) {
  console.error(`\nThe Electron runtime cannot be fetched: ${error.message}.`);
  console.error('Where its host cannot be reached, name a mirror of it in ELECTRON_MIRROR and run npm start again.');
  process.exitCode = 1;
}
