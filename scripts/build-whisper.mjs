// Builds the speech recogniser's addon (native/whisper) for this machine's system. Needs CMake and a C++ compiler, and
// for a GPU what `kinds` says below; nothing is downloaded. An up-to-date build is recognised in about 0.1 s.
//
//   node scripts/build-whisper.mjs [KIND] [--with vulkan|cuda]… [--cli] [--force] [-DNAME=VALUE …]
//     native    (default) for this machine's processor alone, in one file: what tests and `npm start` use
//     release   to be shipped: CPU libraries for all processors; the best is chosen at run time
//     vulkan    for trying a GPU: Vulkan (AMD, Intel, NVIDIA) beside one CPU library, for processors with AVX2
//     cuda      the same with CUDA (NVIDIA), for the GPU in this machine
//     windows   for Windows, on Linux with mingw-w64: what `npm run test:windows` runs under wine
//     --with    add a GPU's library to `release`; a machine without its driver uses what else there is
//     --cli     also build whisper-cli from the same tree, for benchmarks
//     --force   build although nothing changed
//     -D…       more CMake options, e.g. -DCMAKE_CUDA_ARCHITECTURES=89
//
// Each kind has a folder of its own: see `kinds`. docs/gpu.md is the user's side of this.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createWriteStream, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const source = path.join(root, 'native', 'whisper');
const modules = path.join(root, 'node_modules');
const windows = process.platform === 'win32';

const plugins = ['BOTCHAT_BACKEND_DL=ON'];
const gpus = {
  vulkan: {
    defines: ['GGML_VULKAN=ON'],
    tool: 'glslc',
    needs: [
      'Vulkan also needs its headers, the SPIR-V headers and the shader compiler glslc:',
      '  Debian, Ubuntu:  sudo apt install libvulkan-dev spirv-headers glslc',
      '  Fedora:          sudo dnf install vulkan-headers vulkan-loader-devel spirv-headers-devel glslc',
      '  Windows:         the Vulkan SDK from https://vulkan.lunarg.com (it sets VULKAN_SDK; open a new terminal after it)',
    ],
  },
  cuda: {
    defines: ['GGML_CUDA=ON'],
    tool: 'nvcc',
    needs: [
      'CUDA also needs NVIDIA\'s CUDA toolkit ≥ 12 with nvcc and cuBLAS (its "devel" parts) and, on Windows, Visual Studio:',
      '  all systems:     https://developer.nvidia.com/cuda-downloads, then a new terminal with its bin folder on the PATH',
      "  On Linux, installed in parts: nvcc, libcudart-dev, libcublas-dev and the driver's stub (cuda-driver-dev).",
    ],
  },
};
const kinds = {
  native: { folder: 'build', defines: [], gpus: [] },
  release: { folder: 'build/release', defines: [...plugins, 'BOTCHAT_CPU_VARIANTS=ON'], gpus: [] },
  vulkan: { folder: 'build/vulkan', defines: plugins, gpus: ['vulkan'] },
  // Without it ggml takes every generation of NVIDIA GPUs that it knows, which is for shipping.
  // With mingw-w64, for tests under wine (scripts/windows), on processors with AVX2.
  windows: {
    folder: 'build/windows',
    defines: [`CMAKE_TOOLCHAIN_FILE=${path.join(source, 'mingw-w64.cmake')}`, 'GGML_NATIVE=OFF', 'GGML_OPENMP=OFF'],
    gpus: [],
    compiler: 'x86_64-w64-mingw32-g++-posix',
  },
  cuda: { folder: 'build/cuda', defines: [...plugins, 'CMAKE_CUDA_ARCHITECTURES=native'], gpus: ['cuda'] },
};

/** Where a kind's addon comes to lie. With separate backends, their libraries lie beside it. */
export function addonFileOf(kind) {
  const separate = kinds[kind].defines.includes(plugins[0]);
  return path.join(source, kinds[kind].folder, separate ? 'bin' : '', 'botchat_whisper.node');
}
export function whisperCliOf(kind) {
  return path.join(source, kinds[kind].folder, 'bin', `whisper-cli${windows ? '.exe' : ''}`);
}
export const addonFile = addonFileOf('native');

/** A reason to stop that the user can do something about; its message is all there is to say. */
class BuildError extends Error {}

/**
 * @param {{ kind?: keyof typeof kinds, gpus?: readonly (keyof typeof gpus)[], cli?: boolean, force?: boolean,
 *   defines?: readonly string[], say?: (line: string) => void }} [options] `gpus`: more than the kind has
 * @returns {Promise<{ addon: string, cli: string | null, built: boolean }>}
 */
export async function buildWhisper({
  kind = 'native',
  gpus: moreGpus = [],
  cli = false,
  force = false,
  defines = [],
  say = console.log,
} = {}) {
  const build = path.join(source, kinds[kind].folder);
  const logFile = path.join(build, 'build.log');
  const addon = addonFileOf(kind);
  const wantedGpus = Object.keys(gpus).filter((gpu) => kinds[kind].gpus.includes(gpu) || moreGpus.includes(gpu));
  // What is not wanted is switched off: a CMake tree remembers.
  const gpuDefines = Object.keys(gpus).flatMap((gpu) =>
    wantedGpus.includes(gpu) ? gpus[gpu].defines : gpus[gpu].defines.map((define) => define.replace(/ON$/, 'OFF')),
  );
  const allDefines = [...kinds[kind].defines, ...gpuDefines, ...defines];
  const result = { addon, cli: cli ? whisperCliOf(kind) : null };
  // A build with whisper-cli is also one without it.
  const stampFiles = (cli ? ['stamp-cli.txt', 'stamp.txt'] : ['stamp.txt']).map((name) => path.join(build, name));
  const stamp = describeInputs(allDefines);
  const outputs = cli ? [addon, result.cli] : [addon];
  if (
    !force &&
    outputs.every(existsSync) &&
    existsSync(stampFiles[0]) &&
    readFileSync(stampFiles[0], 'utf8') === stamp
  ) {
    say(`whisper: up to date (${path.relative(root, addon)})`);
    return { ...result, built: false };
  }

  requireTools(wantedGpus, kinds[kind].compiler);
  const startMs = Date.now();
  discardForeignTree(build);
  mkdirSync(build, { recursive: true });
  for (const name of ['stamp.txt', 'stamp-cli.txt']) rmSync(path.join(build, name), { force: true }); // nothing is up to date until this succeeds
  if (kind !== 'native') removeLibraries(path.dirname(addon));
  writeFileSync(logFile, '');

  say(`whisper: configuring (log: ${path.relative(root, logFile)})`);
  const configure = ['-S', source, '-B', build, '-DCMAKE_BUILD_TYPE=Release', `-DBOTCHAT_NODE_MODULES=${modules}`];
  // Once wanted, the target stays in the tree: taking it away would configure everything again.
  if (cli) configure.push('-DBOTCHAT_CLI=ON');
  // Without ccache ggml prints a warning about it, and with it nobody's build is the same twice.
  configure.push('-DGGML_CCACHE=OFF', ...allDefines.map((define) => `-D${define}`));
  await run(logFile, 'cmake', configure).catch((error) => {
    for (const gpu of wantedGpus) error.message += `\n\n${gpus[gpu].needs.join('\n')}`;
    throw error;
  });

  const jobs = availableParallelism();
  say(`whisper: compiling on ${jobs} cores; minutes the first time`);
  const targets = ['botchat_whisper', ...(cli ? ['whisper-cli'] : [])];
  await run(
    logFile,
    'cmake',
    ['--build', build, '--config', 'Release', '--parallel', String(jobs), '--target', ...targets],
    (percent) => say(`whisper: ${percent} %`),
  );

  const missing = outputs.find((file) => !existsSync(file));
  if (missing) throw new BuildError(`whisper: the build succeeded, but there is no ${missing}`);
  for (const file of stampFiles) writeFileSync(file, stamp);
  say(`whisper: built ${path.relative(root, addon)} in ${Math.round((Date.now() - startMs) / 1000)} s`);
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

function requireTools(wantedGpus, compiler) {
  const works = (command) => spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0;
  for (const gpu of wantedGpus) {
    const { tool, needs } = gpus[gpu];
    const inSdk =
      process.env['VULKAN_SDK'] && works(path.join(process.env['VULKAN_SDK'], windows ? 'Bin' : 'bin', tool));
    if (!works(tool) && !inSdk) throw new BuildError([`whisper: ${tool} not found.`, ...needs].join('\n'));
  }
  const missing = [];
  if (!works('cmake')) missing.push('CMake');
  // On Windows CMake finds Visual Studio by itself, in places that are not on the PATH.
  if (!windows) {
    const compilers = compiler ? [compiler] : process.env['CXX'] ? [process.env['CXX']] : ['c++', 'g++', 'clang++'];
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
function discardForeignTree(build) {
  const cache = path.join(build, 'CMakeCache.txt');
  if (!existsSync(cache)) return;
  const home = /^CMAKE_HOME_DIRECTORY:INTERNAL=(.*)$/m.exec(readFileSync(cache, 'utf8'))?.[1];
  if (home && path.resolve(home) !== source) rmSync(build, { recursive: true, force: true });
}

/** An earlier build's libraries: one that this build does not make would be shipped, and loaded, with it. */
function removeLibraries(folder) {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) if (/\.(?:so|dll|dylib)$/.test(name)) rmSync(path.join(folder, name));
}

/** Runs with all output in the log. `onProgress` hears of each quarter that a Makefile build announces. */
function run(logFile, command, args, onProgress = () => {}) {
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

function readArguments() {
  const { values, positionals } = parseArgs({
    args: process.argv.slice(2).filter((arg) => !arg.startsWith('-D')),
    allowPositionals: true,
    options: {
      with: { type: 'string', multiple: true, default: [] },
      cli: { type: 'boolean', default: false },
      force: { type: 'boolean', default: false },
    },
  });
  const [kind = 'native', ...rest] = positionals;
  if (!Object.hasOwn(kinds, kind) || rest.length > 0) throw new Error(`no such kind: ${positionals.join(' ')}`);
  const unknown = values.with.find((gpu) => !Object.hasOwn(gpus, gpu));
  if (unknown !== undefined) throw new Error(`--with takes one of: ${Object.keys(gpus).join(', ')}`);
  if (kind === 'native' && values.with.length > 0) throw new Error('--with goes with release');
  const defines = process.argv.filter((arg) => arg.startsWith('-D')).map((arg) => arg.slice(2));
  return { kind, gpus: values.with, cli: values.cli, force: values.force, defines };
}

if (process.argv[1] && import.meta.url === pathToFileURL(path.resolve(process.argv[1])).href) {
  let options;
  try {
    options = readArguments();
  } catch (error) {
    console.error(`whisper: ${error.message}\nSee the head of scripts/build-whisper.mjs.`);
    process.exit(2);
  }
  try {
    await buildWhisper(options);
  } catch (error) {
    console.error(error instanceof BuildError ? error.message : error);
    process.exitCode = 1;
  }
}
