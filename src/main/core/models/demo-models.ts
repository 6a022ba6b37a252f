import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The small models that come with the app. They keep the loop alive until real ones are installed. */
export interface DemoModels {
  readonly recogniser: { readonly name: string; readonly demo: true; readonly path: string };
  readonly voice: {
    readonly name: string;
    readonly demo: true;
    readonly files: { readonly model: string; readonly tokens: string; readonly lexicon: string };
  };
  /** All that the demo recogniser can hear. */
  readonly phrases: readonly string[];
}

export async function readDemoModels(resources: string): Promise<DemoModels> {
  const folder = join(resources, 'demo');
  const voice = join(folder, 'micro-voice');
  const phrases = JSON.parse(await readFile(join(folder, 'phrases.json'), 'utf8')) as { readonly text: string }[];
  return {
    recogniser: { name: 'micro-whisper', demo: true, path: join(folder, 'micro-whisper.bin') },
    voice: {
      name: 'micro-voice',
      demo: true,
      files: {
        model: join(voice, 'model.onnx'),
        tokens: join(voice, 'tokens.txt'),
        lexicon: join(voice, 'lexicon.txt'),
      },
    },
    phrases: phrases.map(({ text }) => text),
  };
}
