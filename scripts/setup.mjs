// Makes the project ready: Node.js, packages, the whisper addon, the built app. Each step is skipped when up to date.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildWhisper } from './build-whisper.mjs';
import { ensureNode, nodeEnvironment, npm, root, run } from './lib/node-runtime.mjs';
import { hashOf, isCurrent, writeStamp } from './lib/stamp.mjs';

/** Answers the Node.js to run the project with. */
export async function setUp() {
  const node = ensureNode();
  installPackages(node);
  await buildWhisper();
  buildApp(node);
  return node;
}

/** The same without the recogniser, for what does not listen. */
export function setUpApp() {
  const node = ensureNode();
  installPackages(node);
  buildApp(node);
  return node;
}

function installPackages(node) {
  const stamp = join(root, 'node_modules/.botchat-packages');
  const hash = hashOf([join(root, 'package-lock.json'), join(root, '.npmrc')], root);
  if (isCurrent(stamp, hash)) return;
  console.log('Installing packages …');
  npm(node, ['ci']);
  writeStamp(stamp, hash);
}

function buildApp(node) {
  const stamp = join(root, 'out/.botchat-build');
  const sources = ['src', 'electron.vite.config.ts', 'package-lock.json'].map((path) => join(root, path));
  const hash = hashOf(sources, root);
  if (isCurrent(stamp, hash) && existsSync(join(root, 'out/renderer/index.html'))) return;
  console.log('Building the app …');
  run(node, [join(root, 'node_modules/electron-vite/bin/electron-vite.js'), 'build', '--logLevel', 'warn'], {
    env: nodeEnvironment(node),
  });
  writeStamp(stamp, hash);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    await setUp();
    console.log('Ready.');
  } catch (error) {
    console.error(`\n${error.message}`);
    process.exit(1);
  }
}
