import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../../shared/errors.js';
import type { RecogniserModel, VoiceFiles, VoiceModel } from '../../../shared/models.js';
import { appendOnnxMetadata, readOnnxMetadata } from './onnx-metadata.js';
import { readWhisperFacts } from './whisper-file.js';

/** What a folder holds, by the content of its files. Paths lie in it. */
export type Found =
  | ({ readonly kind: 'recogniser' } & Pick<RecogniserModel, 'path' | 'multilingual' | 'quantisation'>)
  | ({ readonly kind: 'voice' } & Pick<VoiceModel, 'files' | 'speakers'>);

/** Archives have their files in a folder of their own; deeper there is nothing that matters, but much of it. */
const deepest = 2;

/**
 * What model a folder holds; with `only`, whether it is that file of it. Rejects with `models/unknown-file` where it holds
 * none that could be used, and as the file system does.
 */
export async function identify(folder: string, only?: string): Promise<Found> {
  const files = only === undefined ? await filesBelow(folder, deepest) : [only];
  for (const path of files.filter((each) => each.endsWith('.bin'))) {
    const facts = await readWhisperFacts(path);
    if (facts) return { kind: 'recogniser', path, multilingual: facts.multilingual, quantisation: facts.quantisation };
  }
  for (const model of files.filter((path) => path.endsWith('.onnx'))) {
    const metadata = await readOnnxMetadata(model);
    const voiceFiles = metadata && (await voiceFilesBeside(model, metadata));
    if (voiceFiles) return { kind: 'voice', files: voiceFiles, speakers: speakersOf(metadata) };
  }
  throw new AppError('models/unknown-file', basename(folder));
}

/** What model a folder holds, as `identify` does; null where it holds none, or cannot be read. */
export const foundIn = (folder: string, only?: string): Promise<Found | null> =>
  identify(folder, only).catch(() => null);

/** All files and folders of a model. */
export function partsOf(found: Found): readonly string[] {
  if (found.kind === 'recogniser') return [found.path];
  const { files } = found;
  const parts = [files.model, files.tokens];
  if (files.form === 'lexicon') return [...parts, files.lexicon];
  if (files.form === 'piper') return [...parts, files.dataDir];
  return [...parts, files.dataDir, files.voices, ...(files.form === 'kokoro' ? files.lexicons : [])];
}

/** The graphs in a folder, as deep as `identify` looks. */
export const modelFilesBelow = async (folder: string): Promise<readonly string[]> =>
  (await filesBelow(folder, deepest)).filter((path) => path.endsWith('.onnx'));

/** The rest of a voice beside its graph; null where something is missing. sherpa-onnx's archives have these names. */
async function voiceFilesBeside(model: string, metadata: ReadonlyMap<string, string>): Promise<VoiceFiles | null> {
  const folder = dirname(model);
  const names = new Set(await readdir(folder));
  const has = (name: string) => names.has(name);
  const at = (name: string) => join(folder, name);
  if (!has('tokens.txt')) return null;
  const files = { model, tokens: at('tokens.txt') };
  const type = metadata.get('model_type') ?? '';
  const dataDir = has('espeak-ng-data') ? at('espeak-ng-data') : null;
  if (has('voices.bin') && dataDir !== null) {
    if (type.includes('kitten')) return { form: 'kitten', ...files, voices: at('voices.bin'), dataDir };
    if (!type.includes('kokoro')) return null;
    // English alone is spoken here: other languages' words would be looked for in their lexicons.
    const lexicons = [...names].filter((name) => /^lexicon-(us-)?en\.txt$/.test(name)).map(at);
    return { form: 'kokoro', ...files, voices: at('voices.bin'), dataDir, lexicons };
  }
  if (!type.includes('vits')) return null;
  if (dataDir !== null && metadata.get('comment') === 'piper') return { form: 'piper', ...files, dataDir };
  return has('lexicon.txt') ? { form: 'lexicon', ...files, lexicon: at('lexicon.txt') } : null;
}

function speakersOf(metadata: ReadonlyMap<string, string>): number {
  const count = Number(metadata.get('n_speakers'));
  return Number.isInteger(count) && count > 0 ? count : 1;
}

/** What of a Piper voice's own description sherpa-onnx wants to know (its scripts/piper/add_meta_data.py). */
const piperSchema = z.object({
  audio: z.object({ sample_rate: z.number().int().positive() }),
  espeak: z.object({ voice: z.string().min(1) }),
  num_speakers: z.number().int().positive(),
  phoneme_id_map: z.record(z.string(), z.array(z.number().int()).nonempty()),
  language: z.object({ name_english: z.string() }).optional(),
});

export const piperDescriptionOf = (model: string): string => `${model}.json`;

/**
 * Makes a voice as Piper publishes it (`x.onnx`, `x.onnx.json`) one that sherpa-onnx takes: writes `tokens.txt`, and into
 * the graph what its metadata must say. The folder must be a copy of ours. Rejects with `models/unknown-file` where the
 * description is not Piper's.
 */
export async function preparePiperVoice(model: string): Promise<void> {
  const { audio, espeak, num_speakers: speakers, phoneme_id_map: ids, language } = await readDescription(model);
  // A line for each; a phoneme that is an end of a line cannot stand in one (sherpa-onnx's script leaves it out, too).
  const lines = Object.entries(ids).filter(([phoneme]) => phoneme !== '\n');
  // sherpa-onnx ends the whole process where one has several characters, as voices have that do not use espeak-ng.
  if (lines.some(([phoneme]) => Array.from(phoneme).length !== 1))
    throw new AppError('models/unknown-file', `${piperDescriptionOf(model)}: phonemes that are not espeak-ng’s`);
  const tokens = lines.map(([phoneme, [id]]) => `${phoneme} ${String(id)}\n`);
  await writeFile(join(dirname(model), 'tokens.txt'), tokens.join(''));
  const metadata = await readOnnxMetadata(model);
  if (metadata === null) throw new AppError('models/unknown-file', basename(model));
  if (metadata.has('model_type')) return;
  await appendOnnxMetadata(model, {
    model_type: 'vits',
    comment: 'piper',
    language: language?.name_english ?? 'English',
    voice: espeak.voice,
    has_espeak: '1',
    n_speakers: String(speakers),
    sample_rate: String(audio.sample_rate),
  });
}

async function readDescription(model: string): Promise<z.infer<typeof piperSchema>> {
  const text = await readFile(piperDescriptionOf(model), 'utf8');
  try {
    return piperSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new AppError('models/unknown-file', `${piperDescriptionOf(model)}: ${String(error)}`, { cause: error });
  }
}

async function filesBelow(folder: string, depth: number): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      // Hugging Face's own folders have links in the place of files.
      const isFile = entry.isSymbolicLink() ? (await stat(path).catch(() => null))?.isFile() : entry.isFile();
      if (isFile === true) return [path];
      return entry.isDirectory() && depth > 0 && entry.name !== 'espeak-ng-data' ? filesBelow(path, depth - 1) : [];
    }),
  );
  return found.flat().sort();
}

/** Whether it is there at all. */
export const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
