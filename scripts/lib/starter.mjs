// The models that an installer can bring along (`npm run dist -- --with-starter`): what the app starts with then.
import { join } from 'node:path';
import { nodeEnvironment, run } from './node-runtime.mjs';

/**
 * What dist.mjs was given: whether the models are to be in the installer, what `npm run models` is told about where they
 * are to be had, and what is electron-builder's.
 */
export function readDistArguments(given) {
  const withStarter = given.includes('--with-starter');
  const forModels = [];
  const forBuilder = [];
  const rest = given.filter((each) => each !== '--with-starter');
  for (let index = 0; index < rest.length; index += 1) {
    const [name] = rest[index].split('=');
    if (!withStarter || !['--mirror', '--proxy'].includes(name)) forBuilder.push(rest[index]);
    else if (rest[index] !== name) forModels.push(rest[index]);
    else forModels.push(name, rest[(index += 1)] ?? '');
  }
  return { withStarter, forModels, forBuilder };
}

/**
 * Downloads the starter pair into a store of its own and reads all of it again; what is there already is kept. `script`:
 * the built out/main/models.js. Answers what electron-builder has to be told. Throws where a model cannot be had.
 */
export function fetchStarter({ node, script, folder, forModels = [] }) {
  const env = { ...nodeEnvironment(node), NODE_USE_ENV_PROXY: '1' };
  // Settings of whoever builds the installer have no say in what is in it.
  const where = ['--folder', folder, '--user-data', join(folder, 'user-data')];
  run(node, [script, 'starter', ...where, ...forModels], { env });
  run(node, [script, 'verify', ...where], { env });
  return ['linux', 'win', 'mac'].flatMap((platform) => [
    `-c.${platform}.extraResources.from=${join(folder, 'models')}`,
    `-c.${platform}.extraResources.to=resources/starter`,
  ]);
}
