import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { VoiceFiles } from '../../src/shared/models.js';
import { growRecogniser, type ModelSize } from '../models/grow-recogniser.js';
import { growVoice } from '../models/grow-voice.js';

export const root = resolve(import.meta.dirname, '../..');
/** What is made once and used again. */
export const scratch = join(tmpdir(), 'botchat-bench');
const demo = join(root, 'resources/demo');

/** The size of the recogniser in the rows that are about work: `base`, unless one only tries the benchmarks out. */
export const benchSize = (process.env.BOTCHAT_BENCH_SIZE ?? 'base') as ModelSize;

export const recogniserName = (size: ModelSize): string => `demo recogniser grown to ${size} (f16)`;
export const voiceName = 'demo voice with 10 convolutions of 64 channels';

export const demoRecogniser = join(demo, 'micro-whisper.bin');

/** The demo recogniser in a real one's size, made where it is not there. */
export function grownRecogniser(size: ModelSize): string {
  return made(`recogniser-${size}`, '../models/grow-recogniser.ts', demoRecogniser, (path) => {
    growRecogniser(demoRecogniser, path, size);
  });
}

/** The folder of the demo voice with a real one's work, made where it is not there. */
export function grownVoice(): string {
  const folder = join(demo, 'micro-voice');
  return made('voice', '../models/grow-voice.ts', join(folder, 'model.onnx'), (path) => {
    growVoice(folder, path);
  });
}

export const voiceFiles = (folder: string): VoiceFiles => ({
  form: 'piper',
  model: join(folder, 'model.onnx'),
  tokens: join(folder, 'tokens.txt'),
  dataDir: join(folder, 'espeak-ng-data'),
});

/** A file or folder named after all that it depends on. */
function made(name: string, maker: string, source: string, make: (path: string) => void): string {
  const hash = createHash('sha256')
    .update(readFileSync(join(import.meta.dirname, maker)))
    .update(readFileSync(source));
  const path = join(scratch, `${name}-${hash.digest('hex').slice(0, 12)}`);
  if (existsSync(path)) return path;
  mkdirSync(scratch, { recursive: true });
  const unfinished = `${path}.part`;
  rmSync(unfinished, { recursive: true, force: true });
  make(unfinished);
  renameSync(unfinished, path);
  return path;
}

/** The app as it is built, in a folder of its own with the grown models in the place of the demo's. */
export function grownAppRoot(size: ModelSize): string {
  const folder = join(scratch, `app-${size}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'out'), { recursive: true });
  cpSync(join(root, 'out/main'), join(folder, 'out/main'), { recursive: true });
  for (const name of ['out/renderer', 'node_modules', 'native', 'package.json']) {
    symlinkSync(join(root, name), join(folder, name));
  }
  mkdirSync(join(folder, 'resources/demo'), { recursive: true });
  for (const name of readdirSync(join(root, 'resources'))) {
    if (name !== 'demo') symlinkSync(join(root, 'resources', name), join(folder, 'resources', name));
  }
  symlinkSync(join(demo, 'phrases.json'), join(folder, 'resources/demo/phrases.json'));
  symlinkSync(grownRecogniser(size), join(folder, 'resources/demo/micro-whisper.bin'));
  symlinkSync(grownVoice(), join(folder, 'resources/demo/micro-voice'));
  return folder;
}
