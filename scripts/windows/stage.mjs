// The project as it lies on a Windows machine: its files, Windows' packages, the built app and the addon for Windows.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { addonFileOf } from '../build-whisper.mjs';
import { root } from '../lib/node-runtime.mjs';

/**
 * @param {string} folder made by this
 * @param {(args: readonly string[], options: { cwd: string }) => void} npm runs npm
 */
export function stageForWindows(folder, npm) {
  const list = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root });
  for (const file of list.toString().split('\0').filter(Boolean)) {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    cpSync(join(root, file), join(folder, file));
  }
  cpSync(join(root, 'out'), join(folder, 'out'), { recursive: true });
  const addon = join(folder, 'native/whisper/build/botchat_whisper.node');
  mkdirSync(dirname(addon), { recursive: true });
  cpSync(addonFileOf('windows'), addon);
  // No scripts: those of another system's packages would run here.
  npm(['ci', '--os=win32', '--cpu=x64', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder });
}
