import { fork } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { recordingSampleRateHz } from '../../../shared/audio-format.js';
import { decodeWav } from '../speech/wav.js';
import type { Recorded } from '../testing/endless-take.js';
import { createHarness, memorySecrets, tone } from '../testing/harness.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'botchat 测试 '));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Records in another process until so many seconds are on disk, and kills it with no warning. */
async function recordAndKill(seconds: number): Promise<Recorded> {
  // Node.js itself cannot load our TypeScript; Vite can, in that process too.
  const vite = pathToFileURL(resolve('node_modules/vite/dist/node/index.js')).href;
  const recorder = resolve(import.meta.dirname, '../testing/endless-take.ts');
  const main = join(folder, 'main.mjs');
  await writeFile(
    main,
    `import { runnerImport } from ${JSON.stringify(vite)};\nawait runnerImport(${JSON.stringify(recorder)});\n`,
  );
  const child = fork(main, { env: { ...process.env, RECORDING_FOLDER: join(folder, 'user data') }, execArgv: [] });
  const ended = new Promise<NodeJS.Signals | null>((exit) => {
    child.once('exit', (_, signal) => {
      exit(signal);
    });
  });
  const recorded = await new Promise<Recorded>((found, failed) => {
    child.on('message', (message) => {
      const told = message as Recorded;
      if (told.seconds === seconds) found(told);
    });
    child.once('exit', (code) => {
      failed(new Error(`the recording ended by itself: ${String(code)}`));
    });
  });
  child.kill('SIGKILL');
  expect(await ended).toBe('SIGKILL');
  return recorded;
}

it('killed at minute 9, a take is offered again with 8:59 of it or more, and becomes a turn', async () => {
  const { topicId, takeId } = await recordAndKill(9 * 60);
  const app = await createHarness({ folder: join(folder, 'user data'), secrets: memorySecrets() });
  const { takes } = await app.ask('topic.open', { topicId, beforeTurnId: null });
  expect(takes).toMatchObject([{ id: takeId, state: 'failed', error: { code: 'take/interrupted' } }]);
  expect(takes[0]?.durationMs).toBeGreaterThanOrEqual((8 * 60 + 59) * 1000);

  // Every second of it is what was said.
  const { samples, sampleRateHz } = decodeWav((await app.ask('take.read', { takeId })).wav);
  expect(sampleRateHz).toBe(recordingSampleRateHz);
  const said = Buffer.from(tone(1, recordingSampleRateHz).buffer);
  for (let second = 0; second < 8 * 60 + 59; second += 1) {
    const start = second * recordingSampleRateHz;
    const kept = Buffer.from(samples.slice(start, start + recordingSampleRateHz).buffer);
    expect(kept.equals(said), `second ${String(second)}`).toBe(true);
  }

  await app.ask('take.transcribe', { takeId });
  const { turn } = await app.event('turn.changed');
  expect(turn.prompt?.clip?.durationMs).toBe(takes[0]?.durationMs);
  await app.close();
});
