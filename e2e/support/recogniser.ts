import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Log } from '../../src/main/core/ports.js';
import { engineLimits } from '../../src/main/core/speech/engine.js';
import { openProbeMemory } from '../../src/main/core/speech/probe-memory.js';
import { createRecogniser, type Recogniser } from '../../src/main/core/speech/recogniser.js';
import { decodeWav } from '../../src/main/core/speech/wav.js';
import { recogniserModel } from '../../src/main/core/testing/models.js';
import { inProcessWorker } from '../../src/main/core/testing/harness.js';
import { serve, type WorkerHandlers } from '../../src/main/workers/serve.js';
import { createWhisperHandlers } from '../../src/main/workers/whisper/handlers.js';
import type { WhisperMethods } from '../../src/shared/worker-contract.js';

const log: Log = { info: () => undefined, warn: console.warn, error: console.error };
const root = resolve(import.meta.dirname, '../..');

/** The real recogniser with the demo model, in this process, and how often each method of its worker was called. */
export function realRecogniser(): { readonly recogniser: Recogniser; readonly calls: Map<string, number> } {
  const calls = new Map<string, number>();
  const handlers = createWhisperHandlers();
  const counting = Object.fromEntries(
    Object.entries(handlers).map(([name, handle]) => [
      name,
      (params: never, signal: AbortSignal) => {
        calls.set(name, (calls.get(name) ?? 0) + 1);
        return handle(params, signal);
      },
    ]),
  ) as unknown as WorkerHandlers<WhisperMethods>;
  const recogniser = createRecogniser({
    addonPath: join(root, 'native/whisper/build/botchat_whisper.node'),
    vadModelPath: join(root, 'resources/vad/silero-v5.onnx'),
    models: () => [recogniserModel(join(root, 'resources/demo/micro-whisper.bin'), { demo: true })],
    memory: openProbeMemory(join(mkdtempSync(join(tmpdir(), 'botchat ')), 'gpu-trials.json'), log),
    limits: engineLimits,
    log,
    spawn: () =>
      inProcessWorker((port) => {
        serve(counting, port);
      }),
    onChange: () => undefined,
  });
  return { recogniser, calls };
}

/** The sound of a clip in e2e/fixtures/clips. */
export function clipSamples(file: string): Int16Array {
  return decodeWav(readFileSync(join(root, 'e2e/fixtures/clips', file))).samples;
}

/** Sounds one after the other. */
export function inSequence(...sounds: readonly Int16Array[]): Int16Array {
  const whole = new Int16Array(sounds.reduce((length, { length: more }) => length + more, 0));
  let at = 0;
  for (const sound of sounds) {
    whole.set(sound, at);
    at += sound.length;
  }
  return whole;
}

export const silenceOf = (ms: number): Int16Array => new Int16Array(Math.round(ms * 16));
