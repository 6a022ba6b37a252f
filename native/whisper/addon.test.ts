// The addon as it was built (scripts/build-whisper.mjs), with the demo model: real inference.
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir, totalmem } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Segment, TranscribeOptions, WhisperAddon, WhisperError, WhisperModel } from './index.d.ts';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, '../..');
const addonFile = path.join(here, 'build/botchat_whisper.node');
const modelPath = path.join(root, 'resources/demo/micro-whisper.bin');
const clipsFolder = path.join(root, 'e2e/fixtures/clips');

const addon = createRequire(import.meta.url)(addonFile) as WhisperAddon;
const clips = JSON.parse(readFileSync(path.join(clipsFolder, 'clips.json'), 'utf8')) as {
  file: string;
  text: string;
  language: string;
}[];
const scratch = mkdtempSync(path.join(tmpdir(), 'botchat-whisper-'));

// Greedy and without fallbacks: what the clips test is plumbing, and the machine may be slow.
const quick: TranscribeOptions = { beamSize: 1, bestOf: 1, temperatureIncrement: 0, threads: 2 };

/** 16-bit mono PCM after a plain 44-byte header, which is what the clips are. */
function samplesOf(file: string): Float32Array {
  const bytes = readFileSync(path.join(clipsFolder, file));
  expect([bytes.toString('latin1', 36, 40), bytes.readUInt32LE(24), bytes.readUInt16LE(22)]).toEqual([
    'data',
    16_000,
    1,
  ]);
  const count = bytes.readUInt32LE(40) / 2;
  return Float32Array.from({ length: count }, (_, i) => bytes.readInt16LE(44 + 2 * i) / 32_768);
}

/** Clips one after another, with half a second between them. */
function joined(...files: string[]): Float32Array {
  const parts = files.flatMap((file) => [samplesOf(file), new Float32Array(8_000)]);
  const all = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Audio that keeps the recogniser busy for seconds: ten minutes of one clip every 30 s. */
function longAudio(): Float32Array {
  const all = new Float32Array(600 * 16_000);
  const clip = samplesOf('en-31.wav');
  for (let at = 0; at + clip.length < all.length; at += 30 * 16_000) all.set(clip, at);
  return all;
}

const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'resolved',
    (error: unknown) => {
      expect(error).toBeInstanceOf(Error);
      expect((error as WhisperError).message).not.toBe('');
      return (error as WhisperError).code;
    },
  );

function runNode(args: string[]): Promise<{ code: number | null; signal: string | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('close', (code, signal) => resolve({ code, signal, output }));
  });
}

let model: WhisperModel;
beforeAll(async () => {
  model = await addon.load({ modelPath });
});
afterAll(async () => {
  await model.release();
  rmSync(scratch, { recursive: true, force: true });
});

describe('the addon', () => {
  it('says what it is', () => {
    expect(addon.version).toBe('1.9.1');
    expect(addon.systemInfo()).toContain('WHISPER');
  });

  it('says what the model is and where it runs', async () => {
    expect(model).toMatchObject({
      multilingual: true,
      audioLayers: 2,
      textLayers: 3,
      audioContext: 1500,
      textContext: 448,
    });
    expect(model.backend.device).not.toBe('');
    // A GPU that is not there is not claimed, whatever was asked for.
    const onCpu = await addon.load({ modelPath, useGpu: true, gpuDevice: 63 });
    expect(onCpu.backend.kind).toBe('cpu');
    expect(onCpu.gpuFailure).toEqual({ code: 'GPU_FAILED', message: 'There is no GPU number 63' });
    await onCpu.release();
  });

  it('lists what could compute: the CPU, in a build for it alone', () => {
    expect(addon.devices()).toEqual([
      {
        kind: 'cpu',
        name: model.backend.device,
        gpuDevice: null,
        totalMemoryBytes: totalmem(),
        freeMemoryBytes: expect.any(Number) as unknown,
      },
    ]);
    expect(model.gpuFailure).toBeNull();
    expect(addon.loadBackends(here)).toEqual([]);
  });

  it('loads from a path with Chinese characters and spaces', async () => {
    const folder = path.join(scratch, '模型 文件夹 é');
    mkdirSync(folder);
    copyFileSync(modelPath, path.join(folder, '小 模型.bin'));
    const elsewhere = await addon.load({ modelPath: path.join(folder, '小 模型.bin') });
    expect((await elsewhere.transcribe(samplesOf('zh-47.wav'), { ...quick, language: 'zh' })).text).toBe(
      '我在学习中文。',
    );
    await elsewhere.release();
  });

  it('rejects bad load options', async () => {
    expect(await codeOf(addon.load({} as never))).toBe('INVALID_OPTION');
    expect(await codeOf(addon.load(undefined as never))).toBe('INVALID_OPTION');
    expect(await codeOf(addon.load({ modelPath, gpuDevice: -1 }))).toBe('INVALID_OPTION');
    expect(await codeOf(addon.load({ modelPath: `${modelPath}\0.txt` }))).toBe('INVALID_OPTION');
  });
});

describe('transcribe', () => {
  it.each(clips)('hears "$text" ($file) and its language at stock settings', async ({ file, text, language }) => {
    const transcript = await model.transcribe(samplesOf(file), { language: 'auto' });
    expect({ text: transcript.text, language: transcript.language }).toEqual({ text, language });
  });

  it('reports every language, or the candidates, when it detects', async () => {
    const pcm = samplesOf('zh-52.wav');
    const all = (await model.transcribe(pcm, { ...quick, language: 'auto' })).languageProbabilities;
    expect(Object.keys(all ?? {})).toHaveLength(99);
    expect(all?.zh).toBeGreaterThan(0.5);
    expect(Object.values(all ?? {}).reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(1.001);

    const two = await model.transcribe(pcm, { ...quick, language: 'auto', candidateLanguages: ['zh', 'en'] });
    expect(Object.keys(two.languageProbabilities ?? {}).sort()).toEqual(['en', 'zh']);
    expect(two.language).toBe('zh');

    const without = await model.transcribe(pcm, { ...quick, language: 'auto', candidateLanguages: ['en', 'de'] });
    expect(['en', 'de']).toContain(without.language);

    expect((await model.transcribe(pcm, { ...quick, language: 'zh' })).languageProbabilities).toBeNull();
  });

  it('gives tokens that are whole characters, join to the text, and have probabilities', async () => {
    for (const file of ['zh-57.wav', 'zh-49.wav', 'en-12.wav']) {
      const { segments, text } = await model.transcribe(samplesOf(file), {
        ...quick,
        language: file.slice(0, 2),
        tokenTimestamps: true,
      });
      expect(
        segments
          .map((segment) => segment.text)
          .join('')
          .trim(),
      ).toBe(text);
      for (const segment of segments) {
        expect(segment.tokens.map((token) => token.text).join('')).toBe(segment.text);
        expect(segment.tokens.length).toBeGreaterThan(2);
        expect(segment.averageLogProbability).toBeLessThanOrEqual(0);
        expect(segment.averageLogProbability).toBeGreaterThan(-1);
        expect(segment.noSpeechProbability).toBeGreaterThanOrEqual(0);
        expect(segment.endMs).toBeGreaterThan(segment.startMs);
        for (const token of segment.tokens) {
          expect(token.text).not.toContain('\uFFFD');
          expect(token.text).not.toMatch(/\[_|<\|/);
          expect(token.probability).toBeGreaterThan(0);
          expect(token.probability).toBeLessThanOrEqual(1);
          expect(token.endMs).toBeGreaterThanOrEqual(token.startMs ?? Infinity);
        }
      }
    }
    const { segments } = await model.transcribe(samplesOf('en-12.wav'), quick);
    expect(segments[0]?.tokens[0]).toMatchObject({ startMs: null, endMs: null });
  });

  it('works with the audio context trimmed to the clip, and in less time', async () => {
    const pcm = samplesOf('en-31.wav');
    const fullMs: number[] = [];
    const trimmedMs: number[] = [];
    // Other work takes time from either: the fastest of each tells.
    for (let run = 0; run < 5; run += 1) {
      const full = await model.transcribe(pcm, quick);
      const trimmed = await model.transcribe(pcm, { ...quick, audioContext: 320 });
      expect(trimmed.text).toBe('We are going to visit our grandparents.');
      expect([full.audioContext, trimmed.audioContext]).toEqual([1500, 320]);
      fullMs.push(full.timings.encodeMs);
      trimmedMs.push(trimmed.timings.encodeMs);
    }
    expect(Math.min(...trimmedMs)).toBeLessThan(Math.min(...fullMs));
    // A trimmed call must not narrow the language detection of the next one.
    const before = (await model.transcribe(pcm, { ...quick, language: 'auto' })).languageProbabilities;
    await model.transcribe(pcm, { ...quick, audioContext: 64 });
    const after = (await model.transcribe(pcm, { ...quick, language: 'auto' })).languageProbabilities;
    expect(after).toEqual(before);
  });

  it('delivers segments while it runs, in order, before the promise', async () => {
    const seen: Segment[] = [];
    const pcm = longAudio().subarray(0, 75 * 16_000);
    const transcript = await model.transcribe(pcm, { ...quick, onSegment: (segment) => seen.push(segment) });
    expect(seen.length).toBeGreaterThan(1);
    expect(seen).toEqual(transcript.segments);
    expect(transcript.segments.at(-1)?.startMs).toBeGreaterThan(30_000);
  });

  it('passes the prompt, task and limits on', async () => {
    const pcm = samplesOf('en-12.wav');
    const few = await model.transcribe(pcm, { ...quick, maxTokens: 3, singleSegment: true });
    expect(few.segments[0]?.tokens.length).toBeLessThanOrEqual(4);
    for (const options of [
      { initialPrompt: '你好，see you tomorrow.' },
      { translate: true },
      { noTimestamps: true },
      { suppressNonSpeech: true },
      { noContext: false },
    ]) {
      expect((await model.transcribe(pcm, { ...quick, ...options })).threads).toBe(2);
    }
  });

  it('hears nothing in nothing', async () => {
    for (const length of [0, 1, 100, 201, 1639]) {
      const transcript = await model.transcribe(new Float32Array(length).fill(0.5), { language: 'auto' });
      expect(transcript).toMatchObject({ text: '', segments: [], language: null, languageProbabilities: null });
    }
    expect((await model.transcribe(new Float32Array(1640), quick)).language).toBe('en');
  });

  it('takes samples that are no numbers for silence', async () => {
    const pcm = samplesOf('en-34.wav');
    const dirty = Float32Array.from(pcm);
    for (let i = 0; i < 4_000; i += 400) dirty.set([NaN, Infinity, -Infinity], i);
    expect(
      (await model.transcribe(dirty, quick)).segments.every((segment) =>
        Number.isFinite(segment.averageLogProbability),
      ),
    ).toBe(true);
    for (const value of [NaN, Infinity, 3e38]) await model.transcribe(new Float32Array(16_000).fill(value), quick);
    expect((await model.transcribe(pcm, quick)).text).toBe('See you tomorrow.');
  });

  it('copies the samples', async () => {
    const pcm = samplesOf('en-34.wav');
    const promise = model.transcribe(pcm, quick);
    pcm.fill(0);
    expect((await promise).text).toBe('See you tomorrow.');
  });

  it('rejects bad arguments, naming the option', async () => {
    const pcm = new Float32Array(16_000);
    const bad: [unknown, unknown][] = [
      [undefined, {}],
      [[0, 1], {}],
      [new Float64Array(16_000), {}],
      [pcm, null],
      [pcm, { language: 'klingon' }],
      [pcm, { language: 1 }],
      [pcm, { language: 'yue' }], // in whisper's list, not in this model
      [pcm, { language: 'auto', candidateLanguages: ['en', 'xx'] }],
      [pcm, { candidateLanguages: 'en' }],
      [pcm, { threads: 0 }],
      [pcm, { threads: 1.5 }],
      [pcm, { audioContext: 1501 }],
      [pcm, { beamSize: 9 }],
      [pcm, { temperature: NaN }],
      [pcm, { temperatureIncrement: 1e-6 }],
      [pcm, { translate: 1 }],
      [pcm, { onSegment: 'x' }],
    ];
    for (const [samples, options] of bad) {
      const rejection = model.transcribe(samples as Float32Array, options as TranscribeOptions);
      await expect(rejection, JSON.stringify(options)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    }
    await expect(model.transcribe(pcm, { audioContext: 1501 })).rejects.toThrow(
      'audioContext must be a whole number from 0 to 1500',
    );
  });
});

describe('detectLanguage', () => {
  it.each(clips)('tells the language of $file, the same as transcribe', async (clip) => {
    const pcm = samplesOf(clip.file);
    const options = { threads: 2, candidateLanguages: ['en', 'zh'] };
    const shares = await model.detectLanguage(pcm, options);
    expect(Object.keys(shares).sort()).toEqual(['en', 'zh']);
    expect(shares[clip.language]).toBeGreaterThan(0.5);
    const transcript = await model.transcribe(pcm, { ...quick, ...options, language: 'auto' });
    expect(shares).toEqual(transcript.languageProbabilities);
  });

  it('reports all languages unless told which, and leaves the next call alone', async () => {
    const pcm = samplesOf('zh-52.wav');
    const all = await model.detectLanguage(pcm, { threads: 2 });
    expect(Object.keys(all)).toHaveLength(99);
    const trimmed = await model.detectLanguage(pcm, { threads: 2, audioContext: 256 });
    expect(trimmed).not.toEqual(all);
    expect((await model.transcribe(pcm, { ...quick, language: 'zh' })).audioContext).toBe(1500);
    expect(await model.detectLanguage(pcm, { threads: 2 })).toEqual(all);
  });

  it('hears nothing in nothing, and refuses what transcribe refuses', async () => {
    expect(await model.detectLanguage(new Float32Array(1639))).toEqual({});
    const pcm = new Float32Array(16_000);
    expect(await codeOf(model.detectLanguage([0] as never))).toBe('INVALID_OPTION');
    expect(await codeOf(model.detectLanguage(pcm, { candidateLanguages: ['xx'] }))).toBe('INVALID_OPTION');
    expect(await codeOf(model.detectLanguage(pcm, { audioContext: 1501 }))).toBe('INVALID_OPTION');
    expect(await codeOf(model.detectLanguage(pcm, { threads: 0 }))).toBe('INVALID_OPTION');
  });

  it('waits its turn, and is aborted running or waiting', async () => {
    const pcm = samplesOf('zh-52.wav');
    const order: string[] = [];
    await Promise.all([
      model.transcribe(pcm, { ...quick, language: 'zh' }).then(() => order.push('transcribe')),
      model.detectLanguage(pcm, { threads: 2 }).then(() => order.push('detect')),
    ]);
    expect(order).toEqual(['transcribe', 'detect']);

    const running = codeOf(model.detectLanguage(pcm, { threads: 1 }));
    const waiting = codeOf(model.detectLanguage(pcm, { threads: 1 }));
    await new Promise((resolve) => setTimeout(resolve, 15)); // its spectrogram takes a few ms, its encoder some 100
    model.abort();
    expect(await Promise.all([running, waiting])).toEqual(['ABORTED', 'ABORTED']);
    expect((await model.transcribe(samplesOf('en-34.wav'), quick)).text).toBe('See you tomorrow.');

    const released = await addon.load({ modelPath });
    await released.release();
    expect(await codeOf(released.detectLanguage(pcm))).toBe('RELEASED');
  });
});

describe('abort, queue and release', () => {
  it('aborts a running call at once, and the next one works', async () => {
    const pcm = longAudio();
    for (const language of ['en', 'auto']) {
      let started = (): void => undefined;
      const firstSegment = new Promise<void>((resolve) => (started = resolve));
      let segments = 0;
      const onSegment = (): void => {
        segments += 1;
        started();
      };
      const running = codeOf(model.transcribe(pcm, { ...quick, language, onSegment }));
      await firstSegment;
      model.abort();
      expect(await running).toBe('ABORTED');
      // That it was not the end of the audio shows in the segments: there are twenty.
      expect(segments).toBeLessThan(4);
      expect((await model.transcribe(samplesOf('en-34.wav'), quick)).text).toBe('See you tomorrow.');
    }
  });

  it('aborts what waits, but not what comes after', async () => {
    const calls = [longAudio(), samplesOf('en-34.wav'), samplesOf('en-02.wav')].map((pcm) =>
      codeOf(model.transcribe(pcm, quick)),
    );
    model.abort();
    const later = model.transcribe(samplesOf('en-36.wav'), quick);
    expect(await Promise.all(calls)).toEqual(['ABORTED', 'ABORTED', 'ABORTED']);
    expect((await later).text).toBe('I do not understand.');
  });

  it('is no harm when nothing runs', async () => {
    model.abort();
    expect((await model.transcribe(samplesOf('en-34.wav'), quick)).text).toBe('See you tomorrow.');
  });

  it('runs concurrent calls one after another, in order', async () => {
    const order: string[] = [];
    const wanted = clips.slice(0, 6);
    const texts = await Promise.all(
      wanted.map(async ({ file, language, text }) => {
        const transcript = await model.transcribe(samplesOf(file), { ...quick, language });
        order.push(text);
        return transcript.text;
      }),
    );
    expect(texts).toEqual(wanted.map((clip) => clip.text));
    expect(order).toEqual(texts);
  });

  it('lets two models work side by side', async () => {
    const other = await addon.load({ modelPath });
    const [one, two] = await Promise.all(
      [model, other].map((each) => each.transcribe(joined('en-34.wav'), { ...quick, threads: 1 })),
    );
    expect([one?.text, two?.text]).toEqual(['See you tomorrow.', 'See you tomorrow.']);
    await other.release();
  });

  it('release aborts, frees, and ends the model', async () => {
    const released = await addon.load({ modelPath });
    const running = codeOf(released.transcribe(longAudio(), quick));
    const waiting = codeOf(released.transcribe(samplesOf('en-34.wav'), quick));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const releases = [released.release(), released.release()];
    const late = codeOf(released.transcribe(samplesOf('en-34.wav'), quick));
    expect(await Promise.all([running, waiting, late])).toEqual(['ABORTED', 'ABORTED', 'RELEASED']);
    await Promise.all(releases);
    await released.release();
    released.abort();
    expect(await codeOf(released.transcribe(samplesOf('en-34.wav'), quick))).toBe('RELEASED');
  });

  it('release gives the memory back', async () => {
    const grownMiB = async (rounds: number): Promise<number> => {
      const before = process.memoryUsage.rss();
      for (let i = 0; i < rounds; ++i) {
        const each = await addon.load({ modelPath });
        await each.transcribe(new Float32Array(16_000), { ...quick, maxTokens: 2 });
        await each.release();
      }
      return (process.memoryUsage.rss() - before) / 2 ** 20;
    };
    await grownMiB(3); // allocators settle
    // One model with its buffers takes more than 40 MiB, so a leak of each would be 400.
    expect(await grownMiB(10)).toBeLessThan(100);
  });
});

describe('damaged models', () => {
  const size = statSync(modelPath).size;
  type Damage = { kind: string; at?: number; bit?: number; text?: string };
  const outcomes = async (damages: Damage[], name: string): Promise<(Damage & { outcome: string })[]> => {
    const { code, signal, output } = await runNode([
      path.join(here, 'load-damaged.mjs'),
      modelPath,
      path.join(scratch, name),
      JSON.stringify(damages),
    ]);
    const lines = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Damage & { outcome: string });
    expect({ code, signal, count: lines.length }, output.slice(-500)).toEqual({
      code: 0,
      signal: null,
      count: damages.length,
    });
    return lines;
  };
  // The same every time, scattered all over.
  const scattered = (count: number, below: number): number[] =>
    Array.from({ length: count }, (_, i) => Math.floor((((i + 1) * 0.618033988749895) % 1) * below));

  it('are told from missing ones', async () => {
    expect(await codeOf(addon.load({ modelPath: path.join(scratch, 'none.bin') }))).toBe('MODEL_NOT_FOUND');
    expect(await codeOf(addon.load({ modelPath: path.join(scratch, 'no folder', 'none.bin') }))).toBe(
      'MODEL_NOT_FOUND',
    );
    expect(await codeOf(addon.load({ modelPath: scratch }))).toBe('MODEL_UNREADABLE');
  });

  it('are rejected when they are empty or something else', async () => {
    const contents = [
      '',
      'x',
      'lmgg',
      '<!doctype html><title>404</title>',
      'PK\u0003\u0004',
      'GGUF'.repeat(1000),
      'lmgg'.repeat(1000),
      '\0'.repeat(5000),
    ];
    const results = await outcomes(
      contents.map((text) => ({ kind: 'content', text })),
      'content.bin',
    );
    for (const result of results) expect(result.outcome).toBe('MODEL_CORRUPT');
  });

  it('are rejected wherever they are cut off', async () => {
    const at = [
      ...Array.from({ length: 64 }, (_, i) => i),
      ...scattered(100, 800_000),
      ...scattered(60, size),
      size - 1,
      size - 2,
      size - 256,
    ];
    const longFirst = [...new Set(at)].sort((a, b) => b - a);
    const results = await outcomes(
      longFirst.map((offset) => ({ kind: 'truncate', at: offset })),
      'truncated.bin',
    );
    for (const result of results) expect(result.outcome, `cut at ${String(result.at)}`).toBe('MODEL_CORRUPT');
  });

  it('never crash with a bit flipped in their head', async () => {
    // Magic, hyperparameters and the filters' size: 14 numbers, every bit.
    const flips = Array.from({ length: 56 * 8 }, (_, i) => ({ kind: 'flip', at: i >> 3, bit: i & 7 }));
    const results = await outcomes(flips, 'head.bin');
    const loaded = results.filter((result) => result.outcome !== 'MODEL_CORRUPT');
    // Some are no contradiction: another number of attention heads, or the quantisation's version.
    for (const result of loaded) {
      expect(result.outcome, `bit ${String(result.bit)} of byte ${String(result.at)}`).toBe('loaded');
      expect([16, 17, 18, 19, 32, 33, 34, 35, 44, 45, 46, 47], `byte ${String(result.at)}`).toContain(result.at);
    }
    expect(loaded.length).toBeLessThan(30);
  });

  it('never crash with a bit flipped anywhere', async () => {
    const flips = [...scattered(60, 800_000), ...scattered(60, size)].map((at, i) => ({
      kind: 'flip',
      at,
      bit: i % 8,
    }));
    for (const result of await outcomes(flips, 'flipped.bin'))
      expect(['loaded', 'MODEL_CORRUPT']).toContain(result.outcome);
  });
});

describe('the end of a process', () => {
  const prelude = `
    const { Worker, isMainThread } = require('node:worker_threads');
    const addon = require(${JSON.stringify(addonFile)});
    const load = () => addon.load({ modelPath: ${JSON.stringify(modelPath)} });
    const pcm = new Float32Array(600 * 16000).map((_, i) => Math.sin(i / 10) * Math.sin(i / 3000));
    const soon = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  `;
  const inWorker = (body: string): string =>
    `new Worker(${JSON.stringify(`${prelude} (async () => { ${body} })()`)}, { eval: true })`;
  const endings: Record<string, string> = {
    'with an idle model that was not released': `await load(); console.log('ok')`,
    'by process.exit while a call runs': `const m = await load(); m.transcribe(pcm); m.transcribe(pcm); await soon(150); console.log('ok'); process.exit(0)`,
    'by process.exit while a model loads': `load(); console.log('ok'); process.exit(0)`,
    'of a worker by process.exit while a call runs': `const w = ${inWorker(`const m = await load(); m.transcribe(pcm); await soon(150); process.exit(0)`)}; w.on('exit', async () => { await load(); console.log('ok') })`,
    'of a worker by terminate while calls run': `const w = ${inWorker(`const m = await load(); m.transcribe(pcm, { onSegment() {} }); m.transcribe(pcm); require('node:worker_threads').parentPort.postMessage(1)`)};
      w.on('message', async () => { await soon(150); await w.terminate(); const m = await load(); await m.transcribe(pcm.subarray(0, 32000)); console.log('ok') })`,
    'of a worker while a model loads': `const w = ${inWorker(`load(); process.exit(0)`)}; w.on('exit', () => console.log('ok'))`,
    'by what onSegment throws, as an uncaught exception': `process.on('uncaughtException', (error) => console.log(error.message === 'thrown in onSegment' ? 'ok' : error));
      const m = await load(); let thrown = false; await m.transcribe(pcm.subarray(0, 480000), { logProbabilityThreshold: -100, noSpeechThreshold: 1, temperatureIncrement: 0, beamSize: 1, onSegment() { if (!thrown) { thrown = true; throw new Error('thrown in onSegment') } } });
      if (!thrown) console.log('no segment')`,
    'with models left to the garbage collector': `for (let i = 0; i < 5; ++i) { (await load()).transcribe(pcm.subarray(0, 16000)); global.gc() } await soon(1); global.gc(); console.log('ok')`,
  };

  it.each(Object.entries(endings))('is orderly: %s', async (_, body) => {
    const results = await Promise.all(
      [1, 2].map(() => runNode(['--expose-gc', '-e', `${prelude} (async () => { ${body} })()`])),
    );
    for (const result of results) expect(result).toEqual({ code: 0, signal: null, output: 'ok\n' });
  });
});
