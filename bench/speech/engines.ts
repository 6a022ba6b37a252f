import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { pcmToFloat } from '../../src/shared/audio-format.js';
import type { ComputeDevice, SherpaMethods, Transcription, WhisperMethods } from '../../src/shared/worker-contract.js';
import { trimmedContext } from '../../src/main/core/speech/recogniser.js';
import { voiceThreads } from '../../src/main/core/speech/voice.js';
import { encodeWav } from '../../src/main/core/speech/wav.js';
import { createWorkerClient, type WorkerClient } from '../../src/main/core/worker-client.js';
import { realWorkers } from '../../e2e/support/real-workers.js';
import { root, scratch, voiceFiles } from './models.js';

/** As many as the app gives its recogniser. */
export const threads = Math.max(1, Math.min(8, availableParallelism()));

const deadlineMs = 600_000;
const whisperCli = join(root, 'native/whisper/build/bin/whisper-cli');

/** The app's own worker with a recogniser in it, called as the app calls it. */
export interface Recogniser {
  readonly device: ComputeDevice;
  readonly pid: number;
  /** One decoding of a whole sound; ms from the call to its answer, the way to the other process included. */
  transcribe(
    samples: Int16Array,
    how: { readonly language?: 'en' | 'zh'; readonly trimmed?: boolean; readonly thorough?: boolean },
  ): Promise<Transcription & { readonly ms: number; readonly text: string }>;
  /** The more likely of English and Chinese, as whisper-cli's `-l auto` finds it: one more run of the whole encoder. */
  detectLanguage(samples: Int16Array): Promise<'en' | 'zh'>;
  close(): void;
}

export async function startRecogniser(modelPath: string): Promise<Recogniser> {
  const workers = realWorkers();
  const worker: WorkerClient<WhisperMethods> = createWorkerClient(workers.spawn('whisper'), {
    crashed: 'recogniser/crashed',
    timeout: 'recogniser/timeout',
    failed: 'recogniser/failed',
  });
  const { device } = await worker.call(
    'load',
    {
      addonPath: workers.whisperAddon,
      modelPath,
      vadModelPath: join(root, 'resources/vad/silero-v5.onnx'),
      threads,
      useGpu: false,
    },
    { deadlineMs },
  );
  return {
    device,
    pid: worker.pid ?? 0,
    async transcribe(samples, { language = 'en', trimmed = false, thorough = false }) {
      const start = performance.now();
      const transcription = await worker.call(
        'transcribe',
        {
          samples: pcmToFloat(samples),
          language,
          audioContext: trimmed ? trimmedContext(samples.length) : 0,
          thorough,
          tokenTimes: true,
        },
        { deadlineMs },
      );
      const ms = performance.now() - start;
      return { ...transcription, ms, text: onOneLine(transcription.segments.map(({ text }) => text).join('')) };
    },
    async detectLanguage(samples) {
      const { en, zh } = await worker.call(
        'detectLanguage',
        { samples: pcmToFloat(samples), audioContext: 0 },
        { deadlineMs },
      );
      return en >= zh ? 'en' : 'zh';
    },
    close() {
      worker.kill();
      workers.remove();
    },
  };
}

/** The app's own worker with a voice in it. */
export interface Voice {
  readonly device: ComputeDevice;
  readonly pid: number;
  /** Says a text; ms from the call to the sound. */
  say(text: string): Promise<{ readonly ms: number; readonly samples: Int16Array; readonly sampleRateHz: number }>;
  close(): void;
}

export async function startVoice(folder: string): Promise<Voice> {
  const workers = realWorkers();
  const worker: WorkerClient<SherpaMethods> = createWorkerClient(workers.spawn('sherpa'), {
    crashed: 'voice/crashed',
    timeout: 'voice/timeout',
    failed: 'voice/failed',
  });
  const { device } = await worker.call(
    'load',
    { files: voiceFiles(folder), threads: voiceThreads, packFolder: null },
    { deadlineMs },
  );
  return {
    device,
    pid: worker.pid ?? 0,
    async say(text) {
      const start = performance.now();
      const sound = await worker.call('synthesise', { text, speaker: 0, speed: 1 }, { deadlineMs });
      return { ...sound, ms: performance.now() - start };
    },
    close() {
      worker.kill();
      workers.remove();
    },
  };
}

export interface CliRun {
  /** Of each file. */
  readonly texts: readonly string[];
  readonly encodeMs: number;
  /** Prompt, tokens, sampling. */
  readonly decodeMs: number;
  /** Spectrogram, encoder and decoder of all files: what whisper-cli counts itself, without loading. */
  readonly totalMs: number;
  /** The most memory it had at once. */
  readonly peakMiB: number;
}

/** Runs whisper-cli, built from the addon's sources, with its own settings but for `flags` and the number of threads. */
export async function runWhisperCli(
  model: string,
  wavs: readonly string[],
  flags: readonly string[] = [],
): Promise<CliRun> {
  if (!existsSync(whisperCli)) throw new Error('whisper-cli is not built: node scripts/build-whisper.mjs --cli');
  const child = spawn(whisperCli, [
    ...['-m', model, '-t', String(threads), '-ng', '-otxt', ...flags],
    ...wavs.flatMap((wav) => ['-f', wav, '-of', wav]),
  ]);
  let printed = '';
  child.stdout.resume();
  child.stderr.on('data', (data: Buffer) => (printed += String(data)));
  let peakMiB = 0;
  const watch = setInterval(() => (peakMiB = Math.max(peakMiB, peakMemoryMiB(child.pid ?? 0))), 5);
  const code = await new Promise((ended) => child.once('close', ended));
  clearInterval(watch);
  if (code !== 0) throw new Error(`whisper-cli ended with ${String(code)}: ${printed}`);
  const ms = (name: string) => Number(new RegExp(`${name} time = +([\\d.]+) ms`).exec(printed)?.[1]);
  const decodeMs = ms('prompt') + ms('decode') + ms('batchd') + ms('sample');
  return {
    texts: wavs.map((wav) => onOneLine(readFileSync(`${wav}.txt`, 'utf8'))),
    encodeMs: ms('encode'),
    decodeMs,
    totalMs: ms('mel') + ms('encode') + decodeMs,
    peakMiB,
  };
}

/** The most memory a living process has had at once; 0 of one that has ended. */
export function peakMemoryMiB(pid: number): number {
  return memoryMiB(pid, 'status', 'VmHWM');
}

/** A line of a process's memory in `/proc`; 0 of a process that has ended. */
export function memoryMiB(pid: number, file: 'status' | 'smaps_rollup', line: string): number {
  try {
    const kibibytes = new RegExp(`^${line}:\\s+(\\d+) kB`, 'm').exec(
      readFileSync(`/proc/${String(pid)}/${file}`, 'utf8'),
    );
    return Number(kibibytes?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** Writes a sound where whisper-cli can read it; answers its path. */
export function wavFile(name: string, samples: Int16Array): string {
  const folder = join(scratch, 'wav');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.wav`);
  writeFileSync(path, encodeWav(samples, 16_000));
  return path;
}

export const onOneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

export const backendOf = ({ kind, name }: ComputeDevice): string => `${kind} ${name}`;
