// Microsoft's C++ runtime, which ready-made natives import and a fresh Windows may lack. It is shipped beside BotChat.exe,
// where Windows looks first; its licence allows that ("Redistributing Visual C++ files", learn.microsoft.com).
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { shippedRuntime } from './imports.mjs';

/**
 * The folder of Visual Studio's that holds them: of the developer prompt that this runs in, or else of the newest
 * installation that the installer's own `vswhere` tells. Throws where there is none, with what to install.
 */
export function findVcRuntime(env = process.env, tellInstallation = askVsWhere) {
  const installation = env.VCToolsRedistDir ? null : tellInstallation(env);
  const versions = env.VCToolsRedistDir
    ? [env.VCToolsRedistDir]
    : foldersIn(installation && join(installation, 'VC', 'Redist', 'MSVC'))
        .filter((folder) => /[\\/]\d[\d.]+$/.test(folder))
        .sort(new Intl.Collator('en', { numeric: true }).compare)
        .reverse();
  const found = versions
    .flatMap((version) => foldersIn(join(version, 'x64')))
    .filter((folder) => /Microsoft\.VC\d+\.CRT$/.test(folder))
    .find((folder) => shippedRuntime.every((name) => existsSync(join(folder, name))));
  if (!found)
    throw new Error(
      `${shippedRuntime.join(', ')} were not found. Install the Visual Studio Build Tools with "Desktop development with C++", or name their folder in BOTCHAT_VC_RUNTIME.`,
    );
  return found;
}

function foldersIn(folder) {
  if (!folder || !existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(folder, entry.name));
}

/** Null where Visual Studio was never installed. */
function askVsWhere(env) {
  const vsWhere = join(env['ProgramFiles(x86)'] ?? '', 'Microsoft Visual Studio', 'Installer', 'vswhere.exe');
  if (!existsSync(vsWhere)) return null;
  const wanted = 'Microsoft.VisualStudio.Component.VC.Tools.x86.x64';
  const args = ['-latest', '-products', '*', '-requires', wanted, '-property', 'installationPath'];
  return execFileSync(vsWhere, args, { encoding: 'utf8' }).trim() || null;
}
