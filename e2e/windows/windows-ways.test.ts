import { fork } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, toNamespacedPath } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { patiently, removePatiently, renamePatiently } from '../../src/main/core/data/patient-files.js';
import { createHarness, memorySecrets } from '../../src/main/core/testing/harness.js';
import { createWhisperHandlers } from '../../src/main/workers/whisper/handlers.js';
import { createSherpaHandlers } from '../../src/main/workers/sherpa/handlers.js';
import { realWorkers, root } from '../support/real-workers.js';

/** What only Windows does, run by `npm run test:windows` under wine. */

const demo = join(root, 'resources/demo');
const never = new AbortController().signal;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'botchat 张 三 '));
});
afterEach(() => removePatiently(folder));

/** Another process that has a file open as SQLite opens it: whoever wants to rename or remove it must wait. */
async function holdOpen(file: string): Promise<() => Promise<void>> {
  const script = join(folder, 'holder.cjs');
  const sqlite = JSON.stringify(join(root, 'node_modules/better-sqlite3'));
  await writeFile(
    script,
    `const db = new (require(${sqlite}))(${JSON.stringify(file)});
    db.exec('CREATE TABLE IF NOT EXISTS t (x); BEGIN IMMEDIATE');
    process.send('open');
    process.on('message', () => { db.close(); process.exit(0) });`,
  );
  const child = fork(script);
  await new Promise((open) => child.once('message', open));
  return async () => {
    const gone = new Promise((ended) => child.once('exit', ended));
    child.send('close');
    await gone;
  };
}

describe.runIf(process.platform === 'win32')('Windows', () => {
  it.each([
    ['renamed', (file: string) => rename(file, `${file} elsewhere`)],
    ['removed', (file: string) => rm(file)],
  ])('a file that another process has open is %s once it is closed', async (_, work) => {
    const file = join(folder, 'held.db');
    const letGo = await holdOpen(file);
    let refusals = 0;
    await patiently(
      () => work(file),
      async () => {
        refusals += 1;
        if (refusals === 2) await letGo();
      },
    );
    expect(refusals).toBeGreaterThanOrEqual(2);
    expect(await readdir(folder)).not.toContain('held.db');
  });

  it('a folder is renamed over a file’s old place, and read again', async () => {
    await mkdir(join(folder, 'a'));
    await writeFile(join(folder, 'a', 'x'), 'kept');
    await renamePatiently(join(folder, 'a'), join(folder, 'b'));
    expect(await readFile(join(folder, 'b', 'x'), 'utf8')).toBe('kept');
  });

  it('the profile is the same one however its path is written, and open once', async () => {
    const secrets = memorySecrets();
    const app = await createHarness({ folder: join(folder, 'User Data'), secrets });
    await app.ask('topic.create', { sceneId: null, theme: 'kept' });
    await expect(createHarness({ folder: join(folder, 'USER DATA'), secrets })).rejects.toMatchObject({
      code: 'profile/in-use',
    });
    await app.core.dispose();
    const again = await createHarness({ folder: join(folder, 'uSER dATA'), secrets });
    expect((await again.ask('app.snapshot', {})).topics.map(({ theme }) => theme)).toContain('kept');
    await again.close();
  });

  it('a profile works at a path of more than 260 characters', async () => {
    const deep = join(folder, ...Array.from({ length: 10 }, (_, level) => `文件夹 ${String(level)} ${'x'.repeat(20)}`));
    expect(deep.length).toBeGreaterThan(300);
    const app = await createHarness({ folder: deep, secrets: memorySecrets() });
    await app.ask('topic.create', { sceneId: null, theme: 'deep' });
    await app.core.dispose();
    const again = await createHarness({ folder: deep, secrets: memorySecrets() });
    expect((await again.ask('app.snapshot', {})).topics.map(({ theme }) => theme)).toContain('deep');
    await again.close();
  });

  it.each(['CON', 'nul', 'LPT1', 'trailing dot.', 'a:b'])(
    'a data folder that Windows has no such name for is refused in words, or works: %s',
    async (name) => {
      const opened = await createHarness({ folder: join(folder, name), secrets: memorySecrets() }).then(
        async (app) => {
          await app.ask('topic.create', { sceneId: null, theme: 'odd' });
          await app.core.dispose();
          return 'works';
        },
        (error: unknown) => (error as { readonly code?: string }).code,
      );
      expect(['works', 'profile/unwritable']).toContain(opened);
    },
  );

  // Code page 936 has the first two. No code page but UTF-8 has all of the third.
  it.each(['张 三', '李 四 Ünï', '한국어 😀 ไทย'])('models are read from a folder named %s', async (name) => {
    const place = join(folder, name);
    await cp(demo, place, { recursive: true });
    const whisper = createWhisperHandlers();
    const vad = join(place, 'silero-v5.onnx');
    await cp(join(root, 'resources/vad/silero-v5.onnx'), vad);
    const { device } = await whisper.load(
      {
        addonPath: join(root, 'native/whisper/build/botchat_whisper.node'),
        modelPath: join(place, 'micro-whisper.bin'),
        vadModelPath: vad,
        threads: 1,
        useGpu: false,
      },
      never,
    );
    expect(device.kind).toBe('cpu');
    const voice = join(place, 'micro-voice');
    const sherpa = createSherpaHandlers();
    await sherpa.load(
      {
        files: {
          form: 'piper',
          model: join(voice, 'model.onnx'),
          tokens: join(voice, 'tokens.txt'),
          dataDir: join(voice, 'espeak-ng-data'),
        },
        threads: 1,
        packFolder: null,
      },
      never,
    );
    const { samples } = await sherpa.synthesise({ text: 'Nice to meet you.', speaker: 0, speed: 1 }, never);
    expect(samples.length).toBeGreaterThan(1000);
  });

  it('a long path in its other form names the same file', async () => {
    const file = join(folder, 'x');
    await writeFile(file, 'same');
    expect(toNamespacedPath(file)).toMatch(/^\\\\\?\\/);
    expect(await readFile(toNamespacedPath(file), 'utf8')).toBe('same');
    expect(basename(toNamespacedPath(file))).toBe('x');
  });

  it('a worker ends at once although there are no signals', async () => {
    const workers = realWorkers();
    const worker = workers.spawn('whisper');
    const ended = new Promise((resolve) => {
      worker.onExit(resolve);
    });
    expect(workers.alive('whisper')).toHaveLength(1);
    worker.kill();
    await ended;
    expect(workers.alive('whisper')).toEqual([]);
  });
});
