// The Node.js of this project: pinned in tools/node, installed there, used for everything else.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');

const toolFolder = join(root, 'tools/node');
const wanted = Object.values(
  JSON.parse(readFileSync(join(toolFolder, 'package.json'), 'utf8')).optionalDependencies,
)[0];

/** Where the pinned Node.js of this system lies, or will once it is installed. */
function pinnedPath() {
  const [platform, file] = process.platform === 'win32' ? ['win', 'bin/node.exe'] : [process.platform, 'bin/node'];
  return join(toolFolder, 'node_modules', `node-${platform}-${process.arch}`, file);
}

/** Installs the pinned Node.js when needed; answers the path of the Node.js to use. */
export function ensureNode() {
  const path = pinnedPath();
  if (existsSync(path) && spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout?.trim() === `v${wanted}`)
    return path;
  console.log(`Installing Node.js ${wanted} for this project …`);
  npm(process.execPath, ['ci', '--prefix', toolFolder]);
  if (existsSync(path)) return path;
  if (Number(process.versions.node.split('.')[0]) >= Number(wanted.split('.')[0])) return process.execPath;
  throw new Error(
    `No Node.js ${wanted} is packaged for ${process.platform}-${process.arch}. Install Node.js ${wanted} or newer yourself, then try again.`,
  );
}

/** Runs npm on the given Node.js, so that packages are chosen and their scripts run with it; in `cwd`, or the project. */
export function npm(node, args, { cwd = root } = {}) {
  // npm tells the scripts it starts where it is; without it, the npm on the PATH is as good.
  const cli = process.env.npm_execpath;
  const [command, rest] = cli?.endsWith('.js') ? [node, [cli, ...args]] : ['npm', args];
  run(command, rest, { cwd, env: nodeEnvironment(node), shell: command === 'npm' && process.platform === 'win32' });
}

/** An environment in which `node` is the given one. */
export function nodeEnvironment(node) {
  const environment = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}` };
  // What the npm that started us set for itself must not govern the one we start.
  for (const name of Object.keys(environment))
    if (/^npm_(config|package|lifecycle|command)/.test(name)) delete environment[name];
  return environment;
}

/** Runs a command to its end, showing what it prints. Throws when it fails. */
export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', cwd: root, ...options });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed (${String(status)})`);
}
