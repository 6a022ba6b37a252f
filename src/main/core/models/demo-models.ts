import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecogniserModel, VoiceModel } from '../../../shared/models.js';

/** The small models that come with the app. They keep the loop alive until real ones are installed. */
export interface DemoModels {
  readonly recogniser: RecogniserModel;
  readonly voice: VoiceModel;
  /** All that the demo recogniser can hear. */
  readonly phrases: readonly string[];
}

/** Reads them from the `resources` folder. One that is not there has no hash: its engine says what is missing. */
export async function readDemoModels(resources: string): Promise<DemoModels> {
  const folder = join(resources, 'demo');
  const voice = join(folder, 'micro-voice');
  const phrases = JSON.parse(await readFile(join(folder, 'phrases.json'), 'utf8')) as { readonly text: string }[];
  const path = join(folder, 'micro-whisper.bin');
  const files = {
    form: 'piper',
    model: join(voice, 'model.onnx'),
    tokens: join(voice, 'tokens.txt'),
    dataDir: join(voice, 'espeak-ng-data'),
  } as const;
  return {
    recogniser: {
      kind: 'recogniser',
      id: 'micro-whisper',
      name: 'micro-whisper',
      demo: true,
      path,
      multilingual: true,
      quantisation: 'f16',
      ...(await factsOf(path)),
    },
    voice: {
      kind: 'voice',
      id: 'micro-voice',
      name: 'micro-voice',
      demo: true,
      files,
      speakers: 1,
      ...(await factsOf(files.model)),
    },
    phrases: phrases.map(({ text }) => text),
  };
}

/** A few megabytes: read in milliseconds. */
async function factsOf(path: string): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const bytes = await readFile(path).catch(() => Buffer.alloc(0));
  return { sha256: bytes.length === 0 ? '' : createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length };
}
