// Runs a script, or a package's command, with the project's own Node.js: node scripts/run.mjs <file.mjs | command> [arguments]
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { spawnSync } from 'node:child_process';
import { ensureNode, nodeEnvironment, root } from './lib/node-runtime.mjs';

const [target, ...args] = process.argv.slice(2);
const node = ensureNode();
const { status } = spawnSync(node, [scriptOf(target), ...args], {
  stdio: 'inherit',
  cwd: root,
  env: nodeEnvironment(node),
});
process.exit(status ?? 1);

function scriptOf(name) {
  if (/\.m?js$/.test(name)) return resolve(root, name);
  const folder = join(root, 'node_modules', name);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(folder, typeof bin === 'string' ? bin : (bin[name] ?? Object.values(bin)[0]));
}
