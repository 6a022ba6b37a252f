// Builds native/whisper into native/whisper/build/botchat_whisper.node. Needs only CMake and a C++ compiler;
// nothing is downloaded. A build that is up to date is recognised in about 0.1 s.
//
//   node scripts/build-whisper.mjs [--cli] [--force] [-DNAME=VALUE …]
//     --cli     also build whisper-cli from the same tree (native/whisper/build/bin/whisper-cli), for benchmarks
//     --force   build although nothing changed
//     -D…       CMake options, e.g. -DBOTCHAT_BACKEND_DL=ON -DGGML_VULKAN=ON (see native/whisper/CMakeLists.txt)
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createWriteStream, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const source = path.join(root, 'native', 'whisper');
const build = path.join(source, 'build');
const modules = path.join(root, 'node_modules');
const logFile = path.join(build, 'build.log');
const executable = process.platform === 'win32' ? '.exe' : '';

export const addonFile = path.join(build, 'botchat_whisper.node');
export const whisperCliFile = path.join(build, 'bin', `whisper-cli${executable}`);

/** A reason to stop that the user can do something about; its message is all there is to say. */
class BuildError extends Error {}

/**
 * @param {{ cli?: boolean, force?: boolean, defines?: readonly string[], say?: (line: string) => void }} [options]
 * @returns {Promise<{ addon: string, cli: string | null, built: boolean }>}
 */
export async function buildWhisper({ cli = false, force = false, defines = [], say = console.log } = {}) {
  const result = { addon: addonFile, cli: cli ? whisperCliFile : null };
  // A build with whisper-cli is also one without it.
  const stampFiles = (cli ? ['stamp-cli.txt', 'stamp.txt'] : ['stamp.txt']).map((name) => path.join(build, name));
  const stamp = describeInputs(defines);
  const outputs = cli ? [addonFile, whisperCliFile] : [addonFile];
  if (
    !force &&
    outputs.every(existsSync) &&
    existsSync(stampFiles[0]) &&
    readFileSync(stampFiles[0], 'utf8') === stamp
  ) {
    say(`whisper: up to date (${path.relative(root, addonFile)})`);
    return { ...result, built: false };
  }

  requireTools();
  const startMs = Date.now();
  discardForeignTree();
  mkdirSync(build, { recursive: true });
  for (const name of ['stamp.txt', 'stamp-cli.txt']) rmSync(path.join(build, name), { force: true }); // nothing is up to date until this succeeds
  writeFileSync(logFile, '');

  say(`whisper: configuring (log: ${path.relative(root, logFile)})`);
  const configure = ['-S', source, '-B', build, '-DCMAKE_BUILD_TYPE=Release', `-DBOTCHAT_NODE_MODULES=${modules}`];
  // Once wanted, the target stays in the tree: taking it away would configure everything again.
  if (cli) configure.push('-DBOTCHAT_CLI=ON');
  // Without ccache ggml prints a warning about it, and with it nobody's build is the same twice.
  configure.push('-DGGML_CCACHE=OFF', ...defines.map((define) => `-D${define}`));
  await run('cmake', configure);

  const jobs = availableParallelism();
  say(`whisper: compiling on ${jobs} cores; minutes the first time`);
  const targets = ['botchat_whisper', ...(cli ? ['whisper-cli'] : [])];
  await run(
    'cmake',
    ['--build', build, '--config', 'Release', '--parallel', String(jobs), '--target', ...targets],
    (percent) => say(`whisper: ${percent} %`),
  );

  const missing = outputs.find((file) => !existsSync(file));
  if (missing) throw new BuildError(`whisper: the build succeeded, but there is no ${missing}`);
  for (const file of stampFiles) writeFileSync(file, stamp);
  say(`whisper: built ${path.relative(root, addonFile)} in ${Math.round((Date.now() - startMs) / 1000)} s`);
  return { ...result, built: true };
}

/** Everything a build depends on, as a hash. The packages are pinned by the lock file, so their versions say enough. */
function describeInputs(defines) {
  const hash = createHash('sha256');
  const files = [
    'CMakeLists.txt',
    ...readdirSync(path.join(source, 'src'))
      .sort()
      .map((name) => path.join('src', name)),
  ];
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(readFileSync(path.join(source, file)))
      .update('\0');
  for (const name of ['nodejs-whisper', 'node-addon-api', 'node-api-headers'])
    hash.update(`${name}@${packageVersion(name)}\0`);
  hash.update(JSON.stringify([...defines].sort()));
  hash.update(`${process.platform}-${process.arch}\0`);
  return hash.digest('hex');
}

function packageVersion(name) {
  const file = path.join(modules, name, 'package.json');
  if (!existsSync(file)) throw new BuildError(`whisper: the package ${name} is missing; run npm ci first`);
  return JSON.parse(readFileSync(file, 'utf8')).version;
}

function requireTools() {
  const works = (command) => spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0;
  const missing = [];
  if (!works('cmake')) missing.push('CMake');
  // On Windows CMake finds Visual Studio by itself, in places that are not on the PATH.
  if (process.platform !== 'win32') {
    const compilers = process.env['CXX'] ? [process.env['CXX']] : ['c++', 'g++', 'clang++'];
    if (!compilers.some(works)) missing.push('a C++ compiler');
  }
  if (missing.length === 0) return;
  throw new BuildError(
    [
      `whisper: ${missing.join(' and ')} not found. The speech recogniser is compiled here, which takes CMake ≥ 3.18 and a C++20 compiler:`,
      '  Debian, Ubuntu:  sudo apt install cmake g++',
      '  Fedora:          sudo dnf install cmake gcc-c++',
      '  macOS:           xcode-select --install, and CMake from https://cmake.org/download',
      '  Windows:         Visual Studio Build Tools with the workload "Desktop development with C++" (it brings CMake;',
      '                   run this from its "Developer PowerShell", or put CMake on the PATH)',
    ].join('\n'),
  );
}

/** A CMake tree remembers where it was made and refuses to work elsewhere, as after a checkout was moved. */
function discardForeignTree() {
  const cache = path.join(build, 'CMakeCache.txt');
  if (!existsSync(cache)) return;
  const home = /^CMAKE_HOME_DIRECTORY:INTERNAL=(.*)$/m.exec(readFileSync(cache, 'utf8'))?.[1];
  if (home && path.resolve(home) !== source) rmSync(build, { recursive: true, force: true });
}

/** Runs with all output in the log. `onProgress` hears of each quarter that a Makefile build announces. */
function run(command, args, onProgress = () => {}) {
  return new Promise((resolve, reject) => {
    const log = createWriteStream(logFile, { flags: 'a' });
    log.write(`$ ${command} ${args.join(' ')}\n`);
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let announced = 0;
    const take = (chunk) => {
      log.write(chunk);
      for (const [, percent] of String(chunk).matchAll(/^\[ *(\d+)%\]/gm)) {
        const quarter = Math.floor(Number(percent) / 25) * 25;
        if (quarter > announced && quarter < 100) onProgress((announced = quarter));
      }
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', (error) => reject(new BuildError(`whisper: ${command} could not be started: ${error.message}`)));
    child.on('close', (code) =>
      log.end(() => {
        if (code === 0) return resolve();
        const tail = readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-40).join('\n');
        reject(
          new BuildError(`${tail}\n\nwhisper: ${command} failed (${code}); the lines above are the end of ${logFile}`),
        );
      }),
    );
  });
}

if (process.argv[1] && import.meta.url === pathToFileURL(path.resolve(process.argv[1])).href) {
  const args = process.argv.slice(2);
  const unknown = args.find((arg) => arg !== '--cli' && arg !== '--force' && !/^-D[^=]+=/.test(arg));
  try {
    if (unknown)
      throw new BuildError(`whisper: unknown argument ${unknown}; see the head of scripts/build-whisper.mjs`);
    await buildWhisper({
      cli: args.includes('--cli'),
      force: args.includes('--force'),
      defines: args.filter((arg) => arg.startsWith('-D')).map((arg) => arg.slice(2)),
    });
  } catch (error) {
    console.error(error instanceof BuildError ? error.message : error);
    process.exitCode = 1;
  }
}
