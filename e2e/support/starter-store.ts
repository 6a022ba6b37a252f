import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const starter = pathToFileURL(resolve(import.meta.dirname, '../../scripts/lib/starter.mjs')).href;

/**
 * Has `npm run dist -- --with-starter` fetch its models, up to its call of electron-builder; answers what it would add to
 * that. It waits for its children without listening to anybody: hosts of a test need a process that is not theirs.
 */
export async function fetchStarter(
  appRoot: string,
  folder: string,
  forModels: readonly string[] = [],
): Promise<readonly string[]> {
  const options = { node: process.execPath, script: join(appRoot, 'out/main/models.js'), folder, forModels };
  const script = `const { fetchStarter } = await import(${JSON.stringify(starter)});
    console.log('\\n' + JSON.stringify(fetchStarter(${JSON.stringify(options)})));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as readonly string[];
}
