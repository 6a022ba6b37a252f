import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import type { Model } from '../../../shared/models.js';
import { writeWholeFile } from '../data/whole-file.js';
import { foundIn } from './identify.js';

/** A file of a model: its path below the model's folder with `/`, its length and its hash. */
export interface RecordedFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

const fileSchema = z.object({ path: z.string(), bytes: z.number().int(), sha256: z.string() });
const recordSchema = z.object({
  version: z.literal(1),
  id: z.string(),
  name: z.string(),
  files: z.array(fileSchema).nonempty(),
});
/** What is kept beside a model's files. It is written when all of them are there. */
export type ModelRecord = z.infer<typeof recordSchema>;

const recordName = 'botchat-model.json';

export const writeRecord = (place: string, record: ModelRecord): Promise<void> =>
  writeWholeFile(join(place, recordName), JSON.stringify(record, null, 2));

/** The record of a model's folder; null where it has none that can be read: then it is no model. */
export async function readRecord(place: string): Promise<ModelRecord | null> {
  try {
    return recordSchema.parse(JSON.parse(await readFile(join(place, recordName), 'utf8')));
  } catch {
    // A folder without a record that can be read is no model: it is not used, and can be installed again.
    return null;
  }
}

/** The model in a folder; null where it is none, or where its files have other lengths than they had. */
export async function readModel(place: string): Promise<Model | null> {
  const record = await readRecord(place);
  if (record === null) return null;
  for (const { path, bytes } of record.files) {
    const size = await stat(join(place, path)).then(
      (found) => found.size,
      () => -1,
    );
    if (size !== bytes) return null;
  }
  const found = await foundIn(place);
  if (found === null) return null;
  const main = relative(place, found.kind === 'recogniser' ? found.path : found.files.model).replaceAll(sep, '/');
  const facts = {
    id: record.id,
    name: record.name,
    demo: false,
    sha256: record.files.find(({ path }) => path === main)?.sha256 ?? '',
    bytes: record.files.reduce((sum, { bytes }) => sum + bytes, 0),
  };
  return { ...found, ...facts };
}

/** What a record says of the files in a folder. */
export async function hashAll(place: string): Promise<readonly RecordedFile[]> {
  const files: RecordedFile[] = [];
  for (const path of await filesBelow(place)) {
    const { size } = await stat(path);
    files.push({ path: relative(place, path).replaceAll(sep, '/'), bytes: size, sha256: await hashOf(path) });
  }
  return files;
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
}

/** Of a file, as 64 hexadecimal digits. */
export async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 2 ** 20 }), hash);
  return hash.digest('hex');
}
