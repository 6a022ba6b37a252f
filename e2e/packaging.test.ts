import { extractAll, extractFile, listPackage } from '@electron/asar';
import { execFile } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Output } from '../src/shared/contract/contract.js';
import type { Result } from '../src/shared/errors.js';
import { starterPair } from '../src/main/core/models/recommend.js';
import { outFolder, startHost } from './electron-double/host-process.js';
import { appRootWithCatalogue } from './support/app-root.js';
import { startDemoCatalogue } from './support/demo-catalogue.js';
import { fetchStarter } from './support/starter-store.js';

/**
 * What electron-builder.yml really packs. Electron's runtime is replaced by a stand-in that has nothing but its place
 * for fuses; the packed app is then unpacked far from this checkout and started over the double of Electron.
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const run = promisify(execFile);
const scratch = mkdtempSync(join(tmpdir(), 'botchat-package-'));
const release = join(scratch, 'release');
const packed = join(release, 'linux-unpacked');
const resources = join(packed, 'resources');
const archive = join(resources, 'app.asar');
// The build with separate libraries, like the one that is shipped; where there is none, the developer's.
const vulkanBuild = 'native/whisper/build/vulkan/bin';
const whisperFolder = existsSync(join(root, vulkanBuild, 'botchat_whisper.node'))
  ? vulkanBuild
  : 'native/whisper/build';

/** Electron's mark before its fuses; then a version, their number and one byte for each, here all the wrong way. */
const fuseMark = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const wrongFuses = '10110011';

function makeStandInRuntime(): string {
  const folder = join(scratch, 'runtime');
  mkdirSync(join(folder, 'locales'), { recursive: true });
  for (const locale of ['de', 'en-US', 'zh-CN']) writeFileSync(join(folder, 'locales', `${locale}.pak`), '');
  const executable = join(folder, 'electron');
  writeFileSync(
    executable,
    Buffer.concat([Buffer.from(fuseMark), Buffer.from([1, wrongFuses.length]), Buffer.from(wrongFuses)]),
  );
  chmodSync(executable, 0o755);
  return folder;
}

/** As `npm run dist -- --with-starter` does, from hosts of this machine. */
async function fetchStarterPair(): Promise<readonly string[]> {
  const hosts = await startDemoCatalogue();
  const appRoot = appRootWithCatalogue(hosts.catalogue);
  try {
    return await fetchStarter(appRoot, join(scratch, 'starter'));
  } finally {
    await hosts.close();
    rmSync(appRoot, { recursive: true, force: true });
  }
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

// Windows has another runtime and other libraries, and is packed on Windows.
describe.runIf(process.platform === 'linux')('the packed app', () => {
  let listed: string[] = [];

  beforeAll(async () => {
    for (const needed of [join(outFolder, 'main', 'index.js'), join(outFolder, 'renderer', 'index.html')]) {
      if (!existsSync(needed)) throw new Error(`${needed} is missing: build the app first (npm run build)`);
    }
    const builder = join(root, 'node_modules', 'electron-builder', 'cli.js');
    const options = [
      ...['--linux', 'dir', `-c.electronDist=${makeStandInRuntime()}`, `-c.directories.output=${release}`],
      ...(await fetchStarterPair()),
    ];
    const env = { ...process.env, NODE_OPTIONS: '', BOTCHAT_WHISPER_FOLDER: whisperFolder };
    await run(process.execPath, [builder, ...options], { cwd: root, env });
    listed = listPackage(archive, { isPack: false }).map((path) => path.slice(1));
  });

  afterAll(() => {
    rmSync(scratch, { recursive: true, force: true });
  });

  it('has the built app and its native packages in its archive, and nothing else', () => {
    const tops = new Set(listed.map((path) => path.split('/').slice(0, 2).join('/')));
    expect([...tops].sort()).toStrictEqual([
      'node_modules',
      'node_modules/@napi-rs',
      'node_modules/better-sqlite3',
      `node_modules/sherpa-onnx-linux-${process.arch}`,
      'node_modules/sherpa-onnx-node',
      'out',
      'out/main',
      'out/preload',
      'out/renderer',
      'package.json',
    ]);
    expect(listed).toEqual(
      expect.arrayContaining([
        'out/main/index.js',
        'out/main/whisper-worker.js',
        'out/main/sherpa-worker.js',
        'out/preload/index.cjs',
        'out/renderer/index.html',
      ]),
    );
  });

  it('ships no sources, tests, maps or the web host', () => {
    const unwanted =
      /\.(?:[mc]?tsx?|map|test\.\w+|c|cc|cpp|h|py|md|env|pem|key|sqlite|db)$|(?:^|\/)(?:src|e2e|test|tests|bench|scripts|\.git\w*|\.env.*|web\.js)(?:\/|$)/;
    expect([...listed, ...filesBelow(resources)].filter((path) => unwanted.test(path))).toStrictEqual([]);
  });

  it('tells nothing of the machine it was built on, and no key', () => {
    const bytes = readFileSync(archive);
    for (const trace of [root, scratch, 'BEGIN PRIVATE KEY', 'BEGIN RSA PRIVATE KEY', 'sourceMappingURL=data:']) {
      expect({ trace, found: bytes.includes(trace) }).toStrictEqual({ trace, found: false });
    }
    expect(/\bsk-[A-Za-z0-9_-]{20,}/.test(bytes.toString('latin1'))).toBe(false);
  });

  it('is known to the desktop by one name, wherever that is asked', () => {
    const config = readFileSync(join(root, 'electron-builder.yml'), 'utf8');
    const setting = (name: string) => new RegExp(`^ *${name}: (.+)$`, 'm').exec(config)?.[1];
    const manifest = JSON.parse(extractFile(archive, 'package.json').toString()) as Record<string, unknown>;
    // The menu entry's file, by which Linux finds the icon of a window.
    expect(manifest.desktopName).toBe(`${setting('executableName') ?? ''}.desktop`);
    // A deb is not made without it.
    expect(manifest.homepage).toMatch(/^https:/);
    // Windows groups a window with the shortcut that has the same id.
    const main = extractFile(archive, 'out/main/index.js').toString();
    expect(main).toContain(`setAppUserModelId("${setting('appId') ?? ''}")`);
  });

  it('keeps its native code outside the archive, one build of each', () => {
    const native = filesBelow(`${archive}.unpacked`).filter((path) => /\.(?:node|so)(?:\.|$)/.test(path));
    const platform = `linux-${process.arch}`;
    expect(native).toStrictEqual([
      `node_modules/@napi-rs/keyring-${platform}-gnu/keyring.${platform}-gnu.node`,
      `node_modules/better-sqlite3/prebuilds/${platform}.node`,
      `node_modules/sherpa-onnx-${platform}/libonnxruntime.so`,
      `node_modules/sherpa-onnx-${platform}/libsherpa-onnx-c-api.so`,
      `node_modules/sherpa-onnx-${platform}/libsherpa-onnx-cxx-api.so`,
      `node_modules/sherpa-onnx-${platform}/sherpa-onnx.node`,
    ]);
  });

  it('has the demo models and the recogniser beside the archive', () => {
    const libraries = ['libggml-base.so', 'libggml-cpu.so', 'libggml-vulkan.so', 'libggml.so', 'libgomp.so.1'];
    expect(filesBelow(join(resources, 'native'))).toStrictEqual([
      'botchat_whisper.node',
      ...(whisperFolder === vulkanBuild ? libraries : []),
    ]);
    expect(filesBelow(join(resources, 'resources'))).toEqual(
      expect.arrayContaining(['demo/micro-whisper.bin', 'demo/micro-voice/model.onnx', 'demo/phrases.json']),
    );
    expect(filesBelow(join(packed, 'locales'))).toStrictEqual(['en-US.pak', 'zh-CN.pak']);
  });

  it('has its fuses set', () => {
    const executable = readFileSync(join(packed, 'botchat'));
    const start = executable.indexOf(fuseMark) + fuseMark.length + 2;
    // run as Node, cookie encryption, NODE_OPTIONS, --inspect, archive integrity, archive only, own V8 snapshot (left
    // as it was), power for file:.
    expect(executable.subarray(start).toString()).toBe('01001110');
  });

  it('starts far from this checkout, and both engines get ready', async () => {
    const app = join(scratch, 'elsewhere');
    extractAll(archive, app);
    const userData = join(scratch, 'data');
    const host = startHost({
      env: { BOTCHAT_USER_DATA: userData },
      packed: { entry: join(app, 'out', 'main', 'index.js'), resourcesPath: resources },
    });
    try {
      await host.started();
      expect((await host.call('window')).options.webPreferences).toMatchObject({ devTools: false });
      expect(await host.call('fetch', 'app://botchat/')).toMatchObject({ status: 200 });
      const deadline = performance.now() + 300_000;
      for (;;) {
        const result = (await host.call('request', 'app.snapshot', {})) as Result<Output<'app.snapshot'>>;
        if (!result.ok) throw new Error(result.error.code);
        const { recogniser, voice } = result.value.status;
        if (recogniser.state !== 'starting' && voice.state !== 'starting') {
          // With the pair that the installer brought along.
          expect({ recogniser, voice }).toMatchObject({
            recogniser: { state: 'ready', modelId: starterPair.recogniser },
            voice: { state: 'ready', modelId: starterPair.voice },
          });
          break;
        }
        if (performance.now() > deadline) throw new Error('the engines are still starting');
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    } finally {
      host.kill();
      await host.exit;
    }
  });
});
